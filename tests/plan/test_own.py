"""A company's own entries: what makes one valid, and what it becomes beside the catalog."""

import pytest
from pydantic import ValidationError

from core import catalog
from core.plan import Plan, Workload, sentences
from core.plan.own import OwnDevice, OwnModel, OwnPrice, OwnRegion, OwnSite, OwnSupplier, own_id
from core.plan.own_catalog import catalog_of, problem_of, unusable

SAID = {"source": "data sheet", "source_date": "2026-10-01"}
DENSE = {"params_total_b": 14.8, "layers": 48, "d_model": 5120, "heads": 40, "kv_heads": 8, "head_dim": 128}
PEAK = {"peak_bf16_tflops": 100, "memory_gb": 48, "bandwidth_gb_s": 900, "tdp_w": 300, "idle_w": 30, "embodied_kg": 90}
PRICES = {"price_input_usd_per_m_tokens": 1, "price_output_usd_per_m_tokens": 2}
MIXTRAL = {"params_total_b": 60, "params_active_b": 20, "based_on": "mixtral-8x7b"}
H100 = f" as in {catalog.load().hardware['H100-SXM'].name}"
YEARS = "2026=300; 2030=100"


def refusal(cls, **fields):
    """The sentence with which an entry is refused."""
    with pytest.raises(ValidationError) as error:
        cls(**{"id": "own:x", "name": "X"} | SAID | fields)
    (found,) = sentences(error.value)
    return found


def entry(cls, **fields):
    """A valid entry."""
    return cls(**{"id": "own:x", "name": "X"} | SAID | fields)


BAD = [
    (OwnModel, DENSE | {"source": " "}, "source of 'X' is blank; say where its figures are from"),
    (OwnModel, DENSE | {"source_date": ""}, "source_date of 'X' is blank; say of when they are"),
    (OwnModel, DENSE | {"source_date": "1.10.2026"},
     "source_date is '1.10.2026'; it must be a date from 2000 to 2100, as 2026-11-22"),
    (OwnModel, DENSE | {"source_date": "1999-01-01"},
     "source_date is '1999-01-01'; it must be a date from 2000 to 2100, as 2026-11-22"),
    (OwnModel, DENSE | {"params_total_b": None},
     "params_total_b of 'X' is blank; every model has a size: say all its weights, in billions"),
    (OwnModel, DENSE | {"id": "mine"},
     "id is 'mine'; it must be 'own:' and then small letters, digits, dots and dashes"),
    (OwnModel, DENSE | {"name": " "}, "name is blank; the entry needs one"),
    (OwnModel, DENSE | {"layers": None},
     "layers of 'X' is blank; fill it in, or name a model of that size to base it on"),
    (OwnModel, DENSE | {"params_active_b": 15},
     "params_active_b is 15; it must be at most params_total_b, 14.8 billion"),
    (OwnModel, DENSE | {"experts": 8, "experts_per_token": 9, "params_active_b": 3},
     "experts_per_token is 9; it must be at most experts, 8"),
    (OwnModel, DENSE | {"experts": 8, "params_active_b": 3},
     "experts_per_token is 0; with 8 experts it must be at least 1"),
    (OwnModel, DENSE | {"experts": 8, "experts_per_token": 2},
     "params_active_b is blank; a mixture of experts needs it"),
    (OwnModel, DENSE | {"kv_heads": 7}, "kv_heads is 7; it must divide heads, 40"),
    (OwnModel, DENSE | {"kv_heads": 80}, "kv_heads is 80; it must divide heads, 40"),
    (OwnModel, DENSE | {"attention": "MLA"},
     "kv_bytes_per_token is blank; a latent cache has no other way to know its size"),
    (OwnDevice, PEAK | {"memory_gb": None},
     "memory_gb of 'X' is blank; fill it in, or name an accelerator to base it on"),
    (OwnDevice, PEAK | {"idle_w": 301}, "idle_w is 301; it must be at most tdp_w, 300 W"),
    (OwnDevice, PEAK | {"embodied_low_kg": 91}, "embodied_kg must lie between embodied_low_kg and embodied_high_kg"),
    (OwnDevice, PEAK | {"memory_gb": 0}, "memory_gb is 0; it must lie in [1, 100,000] GB"),
    (OwnRegion, {}, "carbon_g_per_kwh of 'X' is blank; write it as 2026=380; 2030=300, or one number for every year"),
    (OwnRegion, {"carbon_g_per_kwh": "2026=5000"}, "carbon_g_per_kwh is 5,000; it must lie in [0, 2,000] g/kWh"),
    (OwnRegion, {"carbon_g_per_kwh": 300, "source": ""}, "source of 'X' is blank; say where its figures are from"),
    (OwnSupplier, {}, "carbon_g_per_kwh of 'X' is blank; write it as 2026=20; 2030=0, or one number for every year"),
    (OwnSite, {"pue": 0.9}, "pue is 0.9; it must lie in [1, 3] kWh/kWh"),
    (OwnPrice, {}, "model of 'X' is blank; name the model these prices are for"),
    (OwnPrice, {"model": "gpt-5", "price_input_usd_per_m_tokens": 1},
     "'X' needs a price of input and one of output tokens"),
]  # fmt: skip


@pytest.mark.parametrize(("cls", "fields", "sentence"), BAD)
def test_an_entry_that_cannot_be_is_refused_in_one_sentence(cls, fields, sentence):
    assert refusal(cls, **fields) == sentence


def test_a_dense_model_has_the_dimensions_it_was_given():
    found = catalog_of(Plan().with_own(entry(OwnModel, **DENSE))).models["own:x"]
    assert (found.params_active_b, found.layers, found.head_dim, found.experts) == (14.8, 48, 128, 0)
    assert found.kv_bytes_per_token == 2 * 2 * 48 * 8 * 128
    assert (found.status, found.source, found.architecture_from) == ("entered", "own:x", "")


def test_its_cache_is_that_of_the_catalog_model_with_the_same_dimensions():
    known = catalog.load().models["qwen3-14b"]
    same = {name: getattr(known, name) for name in ("layers", "d_model", "heads", "kv_heads", "head_dim")}
    found = catalog_of(Plan().with_own(entry(OwnModel, params_total_b=14.8, **same))).models["own:x"]
    assert found.kv_bytes_per_token == known.kv_bytes_per_token


def test_a_model_based_on_another_borrows_what_was_left_blank_and_says_from_whom():
    known = catalog.load().models["deepseek-v3"]
    found = catalog_of(
        Plan().with_own(entry(OwnModel, params_total_b=600, params_active_b=30, based_on=known.id))
    ).models["own:x"]
    borrowed = ("layers", "d_model", "heads", "kv_heads", "experts", "experts_per_token", "attention")
    assert [getattr(found, n) for n in borrowed] == [getattr(known, n) for n in borrowed]
    assert (found.kv_bytes_per_token, found.architecture_from) == (known.kv_bytes_per_token, known.id)


def test_a_device_based_on_another_differs_only_where_it_was_said():
    known = catalog.load().hardware["H100-SXM"]
    found = catalog_of(Plan().with_own(entry(OwnDevice, based_on=known.id, tdp_w=500, idle_w=60))).hardware["own:x"]
    assert (found.tdp_w, found.idle_w, found.idle_low_w, found.idle_high_w) == (500, 60, 60, 60)
    same = ("memory_gb", "bandwidth_gb_s", "peak_tflops", "supports", "embodied_low_kg", "generation")
    assert [getattr(found, n) for n in same] == [getattr(known, n) for n in same]
    assert (found.inference_measured, found.generation_measured) == (False, False)


def test_a_device_of_its_own_computes_in_the_formats_it_has_a_peak_for():
    found = catalog_of(Plan().with_own(entry(OwnDevice, **PEAK, peak_fp8_tflops=200))).hardware["own:x"]
    assert (dict(found.peak_tflops), found.supports) == ({"bf16": 100.0, "fp8": 200.0}, {"bf16", "fp8"})


def test_every_own_entry_has_a_source_with_its_date():
    plan = (
        Plan().with_own(entry(OwnRegion, carbon_g_per_kwh=YEARS)).with_own(entry(OwnSite, id="own:y", region="own:x"))
    )
    found = catalog_of(plan).sources
    assert [(found[k].title, found[k].retrieved, found[k].year) for k in ("own:x", "own:y")] == [
        ("data sheet", "2026-10-01", 2026)
    ] * 2


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        (entry(OwnModel, params_total_b=8, based_on="nope"), "based_on is 'nope'; it is not in the catalog"),
        (entry(OwnDevice, based_on="nope"), "based_on is 'nope'; it is not in the catalog"),
        (entry(OwnRegion, carbon_g_per_kwh=9, based_on="XX"), "based_on is 'XX'; it is not in the catalog"),
        (entry(OwnSite, region="own:gone"), "region is 'own:gone'; it is not a grid of the catalog or of yours"),
        (entry(OwnPrice, model="nope", **PRICES), "model is 'nope'; it is not in the catalog or among yours"),
        (entry(OwnModel, **MIXTRAL, experts_per_token=64),
         "experts_per_token is 64; it must be at most experts, 8 as in Mixtral 8x7B"),
        (entry(OwnModel, **MIXTRAL, experts=1),
         "experts_per_token is 2 as in Mixtral 8x7B; it must be at most experts, 1"),
        (entry(OwnModel, params_total_b=60, based_on="mixtral-8x7b"),
         "params_active_b is blank; with 8 experts as in Mixtral 8x7B the model needs it"),
        (entry(OwnModel, params_total_b=8, params_active_b=3, based_on="llama3.1-8b", experts=8),
         "experts_per_token is 0; with 8 experts it must be at least 1"),
        (entry(OwnModel, params_total_b=8, based_on="llama3.1-8b", kv_heads=64),
         "kv_heads is 64; it must divide heads, 32 as in Llama 3.1 8B"),
        (entry(OwnModel, params_total_b=8, based_on="llama3.1-8b", heads=30),
         "kv_heads is 8 as in Llama 3.1 8B; it must divide heads, 30"),
        (entry(OwnDevice, based_on="H100-SXM", idle_w=900), f"idle_w is 900; it must be at most tdp_w, 700 W{H100}"),
        (entry(OwnDevice, based_on="H100-SXM", tdp_w=50), f"idle_w is 70{H100}; it must be at most tdp_w, 50 W"),
        (entry(OwnDevice, based_on="H100-SXM", embodied_low_kg=5000),
         f"embodied_kg is 164{H100}; it must lie in [5,000, 575] kg CO₂e"),
    ],
)  # fmt: skip
def test_an_entry_that_leans_on_nothing_or_contradicts_what_it_is_like_is_left_out_with_its_reason(own, reason):
    found = catalog_of(Plan().with_own(own))
    assert problem_of(Plan(), own) == problem_of(Plan().with_own(own), own) == reason
    assert dict(unusable(Plan().with_own(own))) == {"own:x": reason}
    assert dict(found.left_out) == {"own:x": f"own entry 'own:x' cannot be used: {reason}"}
    assert "own:x" not in {**found.models, **found.hardware, **found.regions, **found.premises, **found.token_prices}


def test_a_dense_model_like_a_mixture_of_experts_has_no_expert_per_token():
    own = entry(OwnModel, params_total_b=13, based_on="mixtral-8x7b", experts=0)
    found = catalog_of(Plan().with_own(own)).models["own:x"]
    assert (found.experts, found.experts_per_token, found.params_active_b) == (0, 0, 13)


def test_every_model_and_accelerator_of_the_catalog_may_be_leaned_on():
    facts = catalog.load()
    for key, model in facts.models.items():
        if model.params_active_b is None:
            continue  # nobody knows its share either, so the entry says its own
        own = entry(OwnModel, params_total_b=model.params_total_b, params_active_b=model.params_active_b, based_on=key)
        assert problem_of(Plan(), own) == ""
    assert {problem_of(Plan(), entry(OwnDevice, based_on=key)) for key in facts.hardware} == {""}


def test_of_two_price_lists_for_one_model_the_first_holds():
    first = entry(OwnPrice, model="gpt-5", **PRICES)
    second = entry(OwnPrice, id="own:y", name="Y", model="gpt-5", **PRICES)
    assert problem_of(Plan().with_own(first), second) == "model is 'gpt-5'; 'X' holds the prices of it already"
    both = Plan().with_own(first).with_own(second)
    assert (list(unusable(both)), catalog_of(both).token_prices["gpt-5"].id) == (["own:y"], "own:x")
    mine = entry(OwnModel, id="own:m", **DENSE)
    assert not unusable(Plan().with_own(entry(OwnPrice, model="own:m", **PRICES)).with_own(mine))


def test_a_site_on_a_grid_of_yours_that_cannot_be_used_is_left_out_with_it():
    grid = entry(OwnRegion, id="own:g", carbon_g_per_kwh=9, based_on="XX")
    plan = Plan().with_own(grid).with_own(entry(OwnSite, region="own:g"))
    reason = "based_on is 'XX'; it is not in the catalog"
    assert unusable(plan)["own:x"] == f"region is 'own:g', an entry that cannot be used itself: {reason}"


def test_a_plan_without_own_entries_takes_the_catalog_itself():
    assert catalog_of(Plan(workloads=(Workload(id="W1"),))) is catalog.load()


def test_an_entry_of_the_same_id_takes_the_place_of_the_old_one():
    plan = Plan().with_own(entry(OwnModel, **DENSE)).with_own(entry(OwnModel, **DENSE | {"params_total_b": 15}))
    assert [m.params_total_b for m in plan.models] == [15]
    assert plan.without_own("own:x") == Plan()


def test_two_kinds_of_entry_never_share_an_id():
    with pytest.raises(ValidationError, match="id 'own:x' is used by two of your own entries; each needs its own"):
        Plan().with_own(entry(OwnModel, **DENSE)).with_own(entry(OwnSite))


def test_own_ids_are_free_and_valid():
    taken = set()
    for name in ["Acme 14B", "Acme 14B", "acme-14b", "社内", "x" * 90, "-.-"]:
        key = own_id(name, taken)
        assert entry(OwnSite, id=key).id == key not in taken
        taken.add(key)


def test_the_latent_cache_of_a_model_like_another_grows_with_its_layers_alone():
    known = catalog.load().models["deepseek-v3"]
    half = {"params_total_b": 300, "params_active_b": 20, "based_on": known.id, "layers": 30, "d_model": 4096}
    found = catalog_of(Plan().with_own(entry(OwnModel, **half))).models["own:x"]
    assert found.kv_bytes_per_token == pytest.approx(known.kv_bytes_per_token * 30 / known.layers)
    assert found.latent_cache
