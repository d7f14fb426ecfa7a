"""What a workload rests on is told as the catalog has it: value, range, status and sources."""

import numpy as np
import pytest

from core import catalog, results
from core.plan import Workload
from core.results.columns import fleet, inference_fields
from core.results.drawing import Drawing
from core.results.factors import factors
from core.results.place_columns import footprint_fields
from core.results.site import site_of
from tests.each import for_each
from tests.results.plans import ALL, API, CLOUD, EXAMPLE, OWN, TRAIN, plan

CATALOG = catalog.load()
STATUSES = {"verified", "secondary", "unverified", "rumour", "undisclosed", "assumption"}
UNPRICED = next(key for key in CATALOG.hardware if catalog.price_hour(CATALOG, key) is None)
ONLY_HERE = {"entered", "fitted", "unknown"}
CONTRACT = OWN.but(contract_share="2026=0.5")
EXACT = TRAIN.but(mfu=0.4, installed_accelerators=16, hardware="TPUv4")
CLOSED = API.but(model="claude-sonnet-5")
MANY = [*ALL, *EXAMPLE.workloads, CONTRACT, EXACT, CLOSED, CLOUD.but(region="scaleway:fr-par"), API.but(batch=8.0)]


def told(workload, **fields):
    """The factors of one workload by name."""
    rows = factors(plan(workload, **fields), workload)
    found = {row.name: row for row in rows}
    assert len(found) == len(rows)
    return found


def stated(row):
    return row.value, row.low, row.high, row.status


@for_each("workload", MANY, ids=lambda w: w.id)
def test_every_factor_opens_to_sources_and_has_a_known_status(workload):
    for row in told(workload).values():
        assert row.status in STATUSES | ONLY_HERE, row.name
        assert (row.source == "input") == (row.status == "entered"), row.name
        assert (row.source == "") == (row.status == "unknown"), row.name
        if row.source not in ("input", ""):
            assert set(row.source.split(";")) <= CATALOG.sources.keys(), row.name


@for_each("workload", MANY, ids=lambda w: w.id)
def test_a_range_holds_its_value_and_is_not_a_point(workload):
    for row in told(workload).values():
        assert (row.low is None) == (row.high is None), row.name
        if row.low is not None:
            assert row.low <= row.value <= row.high, row.name
            assert row.low < row.high, row.name


@for_each("key", sorted(CATALOG.cloud_regions))
def test_overhead_and_cooling_water_have_the_status_and_the_sources_of_their_figures(key):
    rows, cloud = told(CLOUD.but(region=key)), CATALOG.cloud_regions[key]
    for name, quantity, published in (
        ("Facility overhead (PUE)", "pue", cloud.pue),
        ("Cooling water (WUE)", "wue", cloud.wue_l_per_kwh),
    ):
        default = CATALOG.assumptions.get(f"{quantity}_{cloud.provider}", CATALOG.assumptions[f"{quantity}_cloud"])
        expected = default if published is None else cloud
        assert rows[name].status == expected.status
        assert set(expected.source.split(";")) <= set(rows[name].source.split(";"))
        assert rows[name].value == (default.central if published is None else published)


@pytest.mark.parametrize("hosting", ["own", "colocation", "api"])
def test_a_default_overhead_has_its_own_range_and_status(hosting):
    rows = told(Workload(id="w", hosting=hosting, region="FR"))
    for name, quantity in (("Facility overhead (PUE)", "pue"), ("Cooling water (WUE)", "wue")):
        fact = CATALOG.assumptions[f"{quantity}_{hosting}"]
        assert stated(rows[name]) == (fact.central, fact.low, fact.high, fact.status)
        assert rows[name].source == fact.source


def test_what_is_verified_and_what_is_assumed_do_not_read_the_same():
    aws = next(r.id for r in CATALOG.cloud_regions.values() if r.provider == "aws" and r.pue is None)
    assert told(CLOUD.but(region=aws))["Facility overhead (PUE)"].status == "verified"
    assert told(API)["Facility overhead (PUE)"].status == "assumption"
    assert told(OWN)["Facility overhead (PUE)"].status == "secondary"


def test_the_grid_and_its_water_cite_their_own_publications():
    rows, region = told(API), CATALOG.regions["FR"]
    grid, water = rows["Grid of France"], rows["Water for electricity"]
    assert stated(grid) == (
        region.carbon_g_per_kwh, region.carbon_low_g_per_kwh, region.carbon_high_g_per_kwh, region.status,
    )  # fmt: skip
    assert grid.source == f"{region.source};own-assumption"
    assert water.source.split(";")[0] == region.water_source
    assert not set(water.source.split(";")) & {"ember-co2js", "electricity-maps-2025"}


@pytest.mark.parametrize("region", ["FR", "AF", "USST-TX", "WORLD"])
def test_the_water_of_electricity_shows_the_range_that_is_drawn(region):
    row, found = told(OWN.but(region=region))["Water for electricity"], CATALOG.regions[region]
    drawing = Drawing(plan(), 1_001)
    workload = OWN.but(region=region)
    fields = footprint_fields(
        CATALOG, drawing.plan, workload, site_of(CATALOG, workload), *fleet(CATALOG, workload, drawing), drawing
    )
    drawn = np.quantile(fields["water_source_l_per_kwh"][1:], (0.1, 0.9))
    assert (row.low, row.high) == pytest.approx(tuple(drawn), rel=0.01)
    assert row.status == found.water_status
    assert ("nothing published" in row.note) == found.water_is_world_default


@for_each("key", sorted(CATALOG.hardware))
def test_each_figure_of_a_device_has_its_own_status_and_sources(key):
    device = CATALOG.hardware[key]
    rows = told(OWN.but(hardware=key))
    limit, idle, making = (rows[f"{device.name}: {name}"] for name in ("power limit", "power when idle", "making"))
    assert (limit.value, limit.status, limit.source) == (device.tdp_w, device.status_specs, device.source_specs)
    assert (idle.value, idle.status, idle.source) == (device.idle_w, device.status_idle, device.source_idle)
    assert (making.value, making.status) == (device.embodied_kg, device.status_embodied)
    assert making.source == device.source_embodied
    assert (idle.low or idle.value, idle.high or idle.value) == (device.idle_low_w, device.idle_high_w)


@pytest.mark.parametrize("key", ["H100-SXM", "T4", "TPUv4", "EPYC-9654-2S"])
def test_the_power_of_the_rest_of_the_server_is_the_one_drawn(key):
    workload, drawing = OWN.but(hardware=key), Drawing(plan(), 1_001)
    row = told(workload)[f"{CATALOG.hardware[key].name}: rest of the server"]
    drawn = inference_fields(CATALOG, drawing.plan, workload, CATALOG.models[workload.model], drawing)["host_w"]
    assert row.value == drawn[0]
    shown = (row.value, row.value) if row.low is None else (row.low, row.high)
    assert shown == pytest.approx(tuple(np.quantile(drawn[1:], (0.1, 0.9))), rel=0.01)


@pytest.mark.parametrize(
    ("precision", "peak", "word"), [("bf16", 989.0, "bf16"), ("fp8", 1979.0, "fp8"), ("int4", 989.0, "16-bit")]
)
def test_the_peak_is_that_of_the_number_format(precision, peak, word):
    row = told(OWN.but(precision=precision))["H100 SXM5 80 GB: peak arithmetic"]
    assert row.value == peak
    assert word in row.note


def test_memory_and_bandwidth_are_told():
    rows, device = told(OWN), CATALOG.hardware["H100-SXM"]
    assert rows[f"{device.name}: memory"].value == device.memory_gb
    assert rows[f"{device.name}: memory bandwidth"].value == device.bandwidth_gb_s
    reserve = rows["Memory kept free of weights and requests"]
    assert reserve.value == CATALOG.assumptions["memory_reserve_share"].central


def test_the_fit_is_told_with_its_version_and_its_error():
    row = told(OWN)["Energy at work, measured over estimated"]
    bands = [ends for name, ends in CATALOG.coefficients["interval_ln_80"]["seen_gpu"].items() if name[:5] == "dense"]
    assert (row.status, row.source) == ("fitted", "own-fit-2026")
    assert CATALOG.fit_version in row.note
    assert np.log([row.low, row.high]) == pytest.approx([min(b[0] for b in bands), max(b[2] for b in bands)])


def test_an_accelerator_outside_the_fit_is_told_with_the_wider_error():
    device = CATALOG.hardware["L40S"]
    rows = told(OWN.but(hardware=device.id))
    assert not device.inference_measured
    assert "no measurement" in rows[f"{device.name}: power limit"].note
    assert rows["Energy at work, measured over estimated"].high > np.exp(0.29)


def test_training_tells_its_fit_and_a_share_of_peak_typed_in():
    rows, exact = told(TRAIN), told(EXACT)
    hours = CATALOG.coefficients["training_interval_ln_80"]["hours"]
    row = rows["Hours of computing, measured over estimated"]
    assert np.log([row.low, row.high]) == pytest.approx([hours[0], hours[2]])
    assert "Share of held hours spent training" in rows
    assert "Hours of computing, measured over estimated" not in exact
    assert stated(exact["Share of peak reached"]) == (40.0, None, None, "entered")
    assert "Share of held hours spent training" not in exact


def test_an_undisclosed_model_says_so_with_its_range():
    model = CATALOG.models["claude-sonnet-5"]
    rows = told(CLOSED)
    active, total = rows["Active parameters"], rows["All parameters"]
    assert stated(active) == (
        model.params_active_b,
        model.params_active_low_b,
        model.params_active_high_b,
        model.status,
    )
    assert "not published by its maker" in active.note
    assert total.high / total.value == pytest.approx(active.high / active.value)
    assert CATALOG.models[model.architecture_from].name in rows["Cache per token"].note


def test_a_disclosed_model_has_one_size_and_no_caution():
    row = told(OWN)["Active parameters"]
    assert stated(row) == (70.55, None, None, CATALOG.models["llama3.3-70b"].status)
    assert row.note == ""


def test_a_bought_service_tells_every_accelerator_it_may_run_on():
    limits = [name for name in told(API) if name.endswith("power limit")]
    assert len(limits) == len(CATALOG.provider_fleet)
    assert "may use" in told(API)[limits[0]].note


ENTERED = {
    "pue": (1.31, "Facility overhead (PUE)"),
    "wue_l_per_kwh": (0.4, "Cooling water (WUE)"),
    "batch": (12.0, "Requests at a time"),
    "price_electricity_usd_per_kwh": (0.21, "Electricity price"),
    "price_purchase_usd": (30_000.0, "Purchase price"),
    "price_operations_usd_per_h": (0.2, "Operation"),
}


@pytest.mark.parametrize("field", ENTERED)
def test_what_is_typed_in_says_entered_and_has_no_range(field):
    value, name = ENTERED[field]
    assert stated(told(OWN.but(**{field: value}))[name]) == (value, None, None, "entered")


def test_growth_typed_in_has_the_range_typed_in():
    row = told(OWN.but(growth_low_pct=-5, growth_central_pct=10, growth_high_pct=40, growth_decay_pct=3))["Growth"]
    assert stated(row) == (10, -5, 40, "entered")
    assert row.note.startswith("3 points")


def test_the_grid_is_said_to_stay_the_same_over_the_years_and_does():
    assert told(OWN)["Grid over the years"].value == "constant"
    found = results.of(plan(OWN, last_year=2035), 0).values
    per_kwh = found["carbon_location_kg"] / found["energy_facility_kwh"]
    assert per_kwh.ravel() == pytest.approx(per_kwh.ravel()[0])


def test_without_a_contract_the_grids_average_is_named_and_not_called_a_residual_mix():
    row = told(OWN)["Supply contract"]
    assert row.value == "none"
    assert "grid's average" in row.note
    assert "no residual mix" in row.note


def test_a_contract_tells_its_share_and_its_electricity():
    rows, fact = told(CONTRACT), CATALOG.assumptions["contract_g_per_kwh"]
    assert stated(rows["Under contract"]) == (0.5, None, None, "entered")
    assert rows["Contract's electricity"].value == fact.central
    assert rows["Contract's electricity"].status == fact.status
    typed = told(CONTRACT.but(contract_g_per_kwh=25.0))["Contract's electricity"]
    assert stated(typed) == (25.0, None, None, "entered")


@pytest.mark.parametrize(
    ("workload", "names"),
    [
        (OWN, ["Purchase price"]),
        (OWN.but(region="WORLD"), ["Electricity price", "Purchase price"]),
        (API.but(cached_share=0.5), ["Input price", "Cached input price", "Output price"]),
        (CLOUD.but(hardware=UNPRICED), ["Hire price"]),
    ],
)
def test_a_price_nobody_said_is_unknown_and_so_is_the_cost(workload, names):
    rows = told(workload)
    assert [name for name, row in rows.items() if row.value == "unknown"] == names
    assert {rows[name].status for name in names} == {"unknown"}
    assert np.isnan(results.of(plan(workload), 0).values["cost_usd"]).all()


def test_a_published_price_has_its_own_status_and_period():
    row, price = told(OWN)["Electricity price"], CATALOG.prices["electricity_industrial:DEU"]
    assert stated(row) == (price.central, price.low, price.high, price.status)
    assert (row.source, row.note) == (price.source, price.period)


def test_prompts_longer_than_those_measured_are_said_to_be_extrapolated():
    assert "extrapolated" in told(OWN.but(input_tokens=1_501.0))["Input length"].note
    assert "Input length" not in told(OWN.but(input_tokens=1_500.0))


@pytest.mark.parametrize("field", [{"region": "ATLANTIS"}, {"model": "nobody"}])
def test_an_unknown_grid_or_model_rests_on_nothing(field):
    assert factors(plan(), OWN.but(**field)) == []
