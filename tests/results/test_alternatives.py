"""The cube of alternatives: each cell is what the one road gives, whatever stands beside it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import catalog, results
from core.plan import Plan
from core.plan.own import OwnDevice, OwnModel, OwnRegion, OwnSite
from core.plan.plan import CASE
from core.results import compared
from core.results.alternatives import Alternatives, alternatives
from core.results.better import better
from core.results.cube import COMPUTED, FIGURES, NO_ARITHMETIC, NO_PLACE, NO_REQUESTS, NO_ROOM, NO_SIZE, REASONS
from core.results.estimate import alone, answer
from core.results.near import near

FACTS = catalog.load()
MODELS = ("llama3.3-70b", "gpt-oss-20b", "deepseek-v3.2", "gemma3-4b", "gpt-5", "kimi-k3")
DEVICES = ("H100-SXM", "A100-80-SXM", "MI300X", "TPUv6e", "Groq-LPU-v1", "T4", "Trainium1")
REGIONS = ("US", "FR", "WORLD", "aws:eu-west-1", "USST-TX", "atlantis")
PLANS = {
    "hired": Plan(case=CASE),
    "own": Plan(case=CASE.but(hosting="own", requests_per_day=3_000.0)),
    "bought": Plan(case=CASE.but(hosting="api", hardware="", precision="fp8", input_tokens=9_000.0)),
    "few, typed": Plan(case=CASE.but(requests_per_day=5.0, operating_days=250.0, batch=4.0, cached_share=0.5)),
    "tuning": Plan(case=CASE.but(kind="fine_tuning", tokens_per_run_m=80.0, epochs=3.0)),
    "training": Plan(case=CASE.but(kind="pre_training", hosting="own", precision="fp8", runs_per_year=0.5)),
}
SAID = {"name": "Ours", "source": "data sheet", "source_date": "2026-01-01"}
# A carbon price and a filter of the plan must not leak into the case's own year.
WITH_SITE = Plan(
    case=CASE.but(region="own:hall"),
    business_unit="Finance",
    carbon_price_usd_per_t=90.0,
    models=(OwnModel(id="own:m", **SAID, based_on="llama3.1-8b", params_total_b=8.0),),
    devices=(OwnDevice(id="own:d", **SAID, based_on="H100-SXM", host_w=90.0),),
    regions=(OwnRegion(id="own:r", **SAID, carbon_g_per_kwh=((2026, 90.0),)),),
    sites=(OwnSite(id="own:hall", **SAID, region="own:r", host_w=310.0, pue=1.3),),
)
MONEY, RUNNING = ("cost_usd",), ("request_time_s", "accelerators", "batch")


def cube(plan: Plan, models=MODELS, devices=DEVICES, regions=REGIONS) -> Alternatives:
    return alternatives(plan, models, devices, regions)


def cells(found: Alternatives) -> list[tuple[int, int, int]]:
    return [(int(m), int(d), int(r)) for m, d, r in np.ndindex(found.why.shape)]


def by_the_road(found: Alternatives, place: tuple[int, int, int]) -> dict[str, float] | str:
    """The figures of a cell from the one road, or why it has none."""
    workload = found.workload(*place)
    told = results.of(alone(found.plan, workload), draws=0)
    if told.refused:
        return next(iter(told.refused.values()))
    value = {name: float(values[0, 0, 0]) for name, values in told.values.items()}
    serving = workload.kind == "inference"
    done = value["requests"] if serving else workload.runs_per_year
    shares = {name: value[name] / done for name in FIGURES if name in value and name not in RUNNING}
    shares["water_l"] = (value["water_site_l"] + value["water_source_l"]) / done
    return shares | ({name: value[name] for name in RUNNING} if serving else {})


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_every_cell_is_what_the_one_road_gives(plan: Plan) -> None:
    found = cube(plan)
    seen = 0
    for place in cells(found):
        told = by_the_road(found, place)
        if isinstance(told, str):
            assert found.why[place] != COMPUTED, told
            continue
        assert found.why[place] == COMPUTED
        seen += 1
        for name, value in told.items():
            np.testing.assert_allclose(found.figures[name][place], value, rtol=1e-9, err_msg=f"{name} {place}")
    assert seen > 50


def test_a_plans_own_models_machines_and_sites_take_part() -> None:
    models, devices, regions = ("llama3.3-70b", "own:m"), ("H100-SXM", "own:d"), ("own:hall", "own:r", "FR")
    found = cube(WITH_SITE, models, devices, regions)
    for place in cells(found):
        told = by_the_road(found, place)
        assert isinstance(told, dict)
        for name, value in told.items():
            np.testing.assert_allclose(found.figures[name][place], value, rtol=1e-9, err_msg=f"{name} {place}")


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_a_cell_is_as_near_a_measurement_as_its_workload_alone(plan: Plan) -> None:
    found = cube(plan)
    for place in cells(found)[::5]:
        workload = found.workload(*place)
        told = near(results.of(alone(plan, workload), draws=0), workload, plan.first_year)
        assert found.near(*place) == told, place


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_every_cell_without_a_figure_has_its_reason(plan: Plan) -> None:
    found = cube(plan)
    for name in FIGURES:
        unknown = np.isnan(found.figures[name])
        if name not in MONEY and not (plan.case.kind != "inference" and name in RUNNING):
            np.testing.assert_array_equal(unknown, found.why != COMPUTED, err_msg=name)
    for place in cells(found):
        assert bool(found.reason(*place)) == (found.why[place] != COMPUTED)


def test_the_reasons_are_the_ones_that_hold() -> None:
    found = cube(PLANS["hired"])
    code = {(m, d): int(found.why[i, j, 0]) for i, m in enumerate(MODELS) for j, d in enumerate(DEVICES)}
    assert code["kimi-k3", "H100-SXM"] == NO_SIZE
    assert code["deepseek-v3.2", "Trainium1"] == NO_ARITHMETIC
    assert code["llama3.3-70b", "H100-SXM"] == COMPUTED
    assert set(found.why[:, :, REGIONS.index("atlantis")].ravel()) >= {NO_PLACE, NO_SIZE}
    assert found.reason(0, 0, REGIONS.index("atlantis")).startswith("region is 'atlantis'; it is neither a grid")


def test_what_no_number_of_accelerators_holds_says_so() -> None:
    found = cube(Plan(case=CASE.but(input_tokens=8_000_000.0)), MODELS[:2], ("L4", "B300"), REGIONS[:1])
    assert found.why[0, 0, 0] == NO_ROOM
    assert "no number of L4 holds it" in found.reason(0, 0, 0)
    assert np.isnan(found.figures["accelerators"][0, 0, 0])
    full = cube(Plan(case=CASE.but(batch=4_000.0, input_tokens=100_000.0)), MODELS[:1], DEVICES[:1], REGIONS[:1])
    assert full.why[0, 0, 0] == NO_ROOM
    assert full.reason(0, 0, 0).startswith("batch is 4,000; the cache of so many requests takes")


def test_nothing_asked_is_a_reason_and_no_figure_of_zero() -> None:
    found = cube(Plan(case=CASE.but(requests_per_day=0.0)), MODELS[:2], DEVICES[:1], REGIONS[:1])
    assert found.why.ravel().tolist() == [NO_REQUESTS, NO_REQUESTS]
    assert found.reason(0, 0, 0) == REASONS[NO_REQUESTS]
    assert np.isnan(found.figures["energy_facility_kwh"]).all()


def test_the_cases_own_cell_is_the_pages_headline() -> None:
    for plan in (PLANS["hired"], PLANS["own"], PLANS["bought"], PLANS["tuning"]):
        models, devices, regions = (
            side(FACTS, plan) for side in (compared.models_of, compared.devices_of, compared.regions_of)
        )
        found = alternatives(plan, models, devices, regions)
        np.testing.assert_allclose(found.carbon_kg()[0, 0, 0], answer(plan).carbon_each_kg()[0], rtol=1e-9)


orders = st.tuples(*(st.permutations(range(len(side))) for side in (MODELS[:4], DEVICES[:4], REGIONS)))


@settings(max_examples=25, deadline=None)
@given(orders, st.sampled_from(sorted(PLANS)))
def test_the_order_of_models_accelerators_and_places_never_matters(order, name: str) -> None:
    plain = cube(PLANS[name], MODELS[:4], DEVICES[:4])
    m, d, r = order
    mixed = cube(PLANS[name], [MODELS[i] for i in m], [DEVICES[i] for i in d], [REGIONS[i] for i in r])
    np.testing.assert_array_equal(mixed.why, plain.why[np.ix_(m, d, r)])
    for figure in FIGURES:
        np.testing.assert_allclose(mixed.figures[figure], plain.figures[figure][np.ix_(m, d, r)], rtol=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(MODELS[:5]), min_size=1), st.sets(st.sampled_from(DEVICES), min_size=1))
def test_a_cell_never_depends_on_what_stands_beside_it(models, devices) -> None:
    whole, few = cube(PLANS["hired"]), cube(PLANS["hired"], sorted(models), sorted(devices))
    inner = np.ix_([MODELS.index(m) for m in few.models], [DEVICES.index(d) for d in few.devices], range(len(REGIONS)))
    np.testing.assert_array_equal(few.why, whole.why[inner])
    np.testing.assert_allclose(few.carbon_kg(), whole.carbon_kg()[inner], rtol=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.floats(1.0, 1e6), st.floats(10.0, 20_000.0), st.floats(1.0, 4_000.0))
def test_a_grid_alone_scales_carbon_by_its_intensity_and_nothing_else(requests, tokens_in, tokens_out) -> None:
    case = CASE.but(requests_per_day=requests, input_tokens=tokens_in, output_tokens=tokens_out)
    found = cube(Plan(case=case), MODELS[:4], DEVICES[:4], ("FR", "US", "PL"))
    grids = np.array([FACTS.regions[key].carbon_g_per_kwh for key in found.regions])
    carbon = found.figures["carbon_location_kg"]
    np.testing.assert_allclose(carbon, carbon[:, :, :1] * grids / grids[0], rtol=1e-9)
    for name in ("energy_facility_kwh", "carbon_embodied_kg", "cost_usd", "request_time_s", "accelerators"):
        values = found.figures[name]
        np.testing.assert_allclose(values, np.repeat(values[:, :, :1], 3, axis=2), rtol=1e-12)


def test_twice_the_requests_of_a_bought_service_are_the_same_request() -> None:
    once, twice = (
        cube(Plan(case=PLANS["bought"].case.but(requests_per_day=n)), MODELS[:5]) for n in (1_000.0, 2_000.0)
    )
    for name in FIGURES:
        np.testing.assert_allclose(twice.figures[name], once.figures[name], rtol=1e-9)


def test_what_is_compared_by_default_is_in_the_catalog_and_can_be_ranked_together() -> None:
    assert set(compared.MODELS) <= FACTS.models.keys()
    assert set(compared.DEVICES) <= FACTS.hardware.keys()
    assert not [key for key in compared.REGIONS if FACTS.regions[key].direct]
    plan = PLANS["hired"]
    assert compared.models_of(FACTS, plan)[0] == plan.case.model
    assert compared.devices_of(FACTS, PLANS["bought"])[0] == "H100-SXM"
    assert len(compared.regions_of(FACTS, Plan(case=CASE.but(region="aws:eu-west-1")))) == compared.MOST_REGIONS


def test_closed_models_are_compared_where_a_provider_runs_them_and_only_there() -> None:
    assert "gpt-5" in compared.models_of(FACTS, PLANS["bought"])
    assert "gpt-5" not in compared.models_of(FACTS, PLANS["hired"])


def savings(plan: Plan) -> dict[str, list]:
    sides = [side(FACTS, plan) for side in (compared.models_of, compared.devices_of, compared.regions_of)]
    found: dict[str, list] = {"place": [], "model": [], "accelerator": []}
    for row in better(answer(plan), alternatives(plan, *sides)):
        found[row.what].append(row)
    return found


def test_savings_are_differences_of_the_one_road_with_draws_in_common() -> None:
    plan = PLANS["hired"]
    rows = savings(plan)
    assert [row.key for row in rows["place"]] == ["NO", "SE", "CH"]
    changed = plan.case.but(id="there", region="NO")
    both = results.of(alone(plan, plan.case, changed))
    each = both.carbon_kg()[:, 0] / both.values["requests"][:, 0]
    low, mid, high = results.interval(each[1] - each[0])
    row = rows["place"][0]
    assert (row.low_kg, row.high_kg) == pytest.approx((low, high), rel=1e-12)
    assert row.after_kg - row.before_kg == pytest.approx(mid, rel=1e-9)


def test_smaller_models_are_the_nearest_in_size_that_take_less() -> None:
    rows = savings(PLANS["hired"])["model"]
    size = FACTS.models["llama3.3-70b"].params_total_b
    assert [row.key for row in rows] == ["qwen3-32b", "qwen3-30b-a3b"]
    assert all(FACTS.models[row.key].params_total_b < size and row.after_kg < row.before_kg for row in rows)


def test_a_bought_service_keeps_its_accelerators_and_a_stack_only_grid_ranks_no_places() -> None:
    assert savings(PLANS["bought"])["accelerator"] == []
    assert savings(Plan(case=CASE.but(region="USST-TX")))["place"] == []


def test_the_question_is_in_no_figure_of_the_plan() -> None:
    plan = Plan(workloads=(CASE.but(id="W1"),), last_year=2027)
    asked = plan.but(case=CASE.but(model="gemma3-4b", region="FR"))
    first, second = results.of(plan), results.of(asked)
    assert second.plan == asked
    assert all(np.array_equal(first.values[name], second.values[name], equal_nan=True) for name in first.values)
