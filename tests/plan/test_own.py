"""A company's own entries: what makes one valid, and what it becomes beside the catalog."""

import pytest
from pydantic import ValidationError

from core import catalog
from core.plan import Plan, Workload, sentences
from core.plan.own import OwnDevice, OwnModel, OwnPrice, OwnRegion, OwnSite, OwnSupplier, own_id
from core.plan.own_catalog import catalog_of

SAID = {"source": "data sheet", "source_date": "2026-10-01"}
DENSE = {"params_total_b": 14.8, "layers": 48, "d_model": 5120, "heads": 40, "kv_heads": 8, "head_dim": 128}
PEAK = {"peak_bf16_tflops": 100, "memory_gb": 48, "bandwidth_gb_s": 900, "tdp_w": 300, "idle_w": 30, "embodied_kg": 90}
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
        (entry(OwnModel, based_on="nope"), "own entry 'own:x' is based on 'nope', which is not in the catalog"),
        (entry(OwnSite, region="own:gone"),
         "own site 'own:x' stands on 'own:gone', which is not a grid of the catalog or of yours"),
    ],
)  # fmt: skip
def test_an_entry_that_leans_on_nothing_is_left_out_with_its_reason(own, reason):
    found = catalog_of(Plan().with_own(own))
    assert dict(found.left_out) == {"own:x": reason}
    assert "own:x" not in {**found.models, **found.premises}


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
