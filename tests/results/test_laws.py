"""Laws of the figures: parts re-add, doubling doubles, filters hide, order does not matter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import catalog, results
from core.plan import Plan, Workload
from core.results import parts
from core.results.demand import ceiling_requests_per_day, demand_factor, growth_pct, requests_per_year
from core.results.draws import spread_linear
from tests.results.plans import ALL, API, CLOUD, DRAWS, EXAMPLE, OWN, TRAIN, plan

AMOUNTS = (
    "energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh", "energy_it_kwh", "energy_overhead_kwh",
    "energy_facility_kwh", "carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg", "water_site_l",
    "water_source_l", "requests", "input_tokens_year", "output_tokens_year", "held_h",
)  # fmt: skip
TOLERANCE = 1e-9
VIEWS = [(m, b) for m in ("location", "market") for b in ("operation", "with_hardware")]


def values(workload, name, draws=0, **fields):
    """One quantity of one workload in its plan, (years, 1 + draws)."""
    return results.of(plan(workload, **fields), draws).values[name][0]


def close(first, second, rtol=TOLERANCE):
    np.testing.assert_allclose(first, second, rtol=rtol, atol=1e-9)


@pytest.mark.parametrize(("method", "boundary"), VIEWS)
def test_causes_and_workloads_re_add_to_the_total(method, boundary):
    for portfolio in (EXAMPLE, EXAMPLE.but(business_unit="AI Platform"), plan(*ALL)):
        found = results.of(portfolio.but(method=method, boundary=boundary), DRAWS)
        total = found.total(found.carbon_kg())
        close(sum(parts.by_cause_kg(found).values()), total)
        close(sum(parts.by_workload_kg(found).values()), total)


def test_the_boundary_decides_whether_the_hardwares_making_counts():
    found = {b: results.of(EXAMPLE.but(boundary=b), 0) for b in ("operation", "with_hardware")}
    made = found["operation"].values["carbon_embodied_kg"]
    close(found["with_hardware"].carbon_kg() - found["operation"].carbon_kg(), made)
    assert parts.HARDWARE not in parts.by_cause_kg(found["operation"])


def test_workloads_of_one_name_keep_their_own_parts():
    found = results.of(plan(OWN, OWN.but(id="b")), 0)
    assert list(parts.by_workload_kg(found)) == ["Own (own)", "Own (b)"]


@pytest.mark.parametrize("year", EXAMPLE.years())
def test_the_ladder_is_a_stair_whose_ends_meet(year):
    found = results.of(EXAMPLE, 0)
    steps = parts.energy_ladder(found, year)
    rungs = [step for step in steps if not step.total]
    totals = [step for step in steps if step.total]
    assert [step.start_kwh for step in totals] == [0.0, 0.0]
    close([step.start_kwh for step in rungs[1:]], [step.end_kwh for step in rungs[:-1]])
    close(rungs[-1].end_kwh, totals[-1].end_kwh)
    place = found.place(year)
    close(totals[0].end_kwh, found.total(found.values["energy_it_kwh"])[place, 0])
    close(totals[1].end_kwh, found.total(found.values["energy_facility_kwh"])[place, 0])


def test_twice_the_requests_of_a_bought_service_are_twice_everything():
    for name in AMOUNTS:
        close(values(API.but(requests_per_day=20_000.0), name, DRAWS), 2 * values(API, name, DRAWS))


def test_twice_the_runs_are_twice_everything():
    for name in AMOUNTS:
        close(values(TRAIN.but(runs_per_year=2.0), name, DRAWS), 2 * values(TRAIN, name, DRAWS))


@given(st.floats(1.0, 3.0))
@settings(max_examples=15)
def test_a_given_pue_enters_once(pue):
    one, more = (results.of(plan(OWN.but(pue=p)), 0).values for p in (1.0, pue))
    for name in ("energy_facility_kwh", "carbon_location_kg", "carbon_market_kg", "water_source_l"):
        close(more[name], pue * one[name])
    for name in ("energy_it_kwh", "energy_accelerator_kwh", "water_site_l", "carbon_embodied_kg"):
        close(more[name], one[name])
    close(more["energy_overhead_kwh"], (pue - 1.0) * one["energy_it_kwh"])


@pytest.mark.parametrize("factor", [0.0, 11.0, 500.0])
def test_a_contract_for_everything_is_the_meter_times_its_factor(factor):
    for workload in ALL:
        covered = workload.but(contract_share="1", contract_g_per_kwh=factor)
        found = results.of(plan(covered), DRAWS).values
        close(found["carbon_market_kg"], found["energy_facility_kwh"] * factor / 1000)
        close(found["carbon_location_kg"], results.of(plan(workload), DRAWS).values["carbon_location_kg"])


def test_without_a_contract_both_methods_agree():
    found = results.of(plan(*ALL), DRAWS).values
    close(found["carbon_market_kg"], found["carbon_location_kg"])


def test_a_contract_grows_between_its_years():
    half = OWN.but(contract_share="2026=0; 2028=1", contract_g_per_kwh=0.0)
    found = results.of(plan(half, last_year=2029), 0).values
    close(1 - found["carbon_market_kg"][0, :, 0] / found["carbon_location_kg"][0, :, 0], [0, 0.5, 1, 1])


@pytest.mark.parametrize("view", [{"business_unit": "AI Platform"}, {"tag": "own servers"}, {"tag": "nobody's"}])
def test_a_filter_takes_from_the_total_just_the_hidden_workloads(view):
    whole, part = results.of(EXAMPLE, DRAWS), results.of(EXAMPLE.but(**view), DRAWS)
    hidden = [p for p, w in enumerate(whole.workloads) if w not in EXAMPLE.but(**view).shown()]
    for name in AMOUNTS:
        np.testing.assert_array_equal(part.values[name], whole.values[name])
        close(part.total(part.values[name]), whole.total(whole.values[name]) - whole.values[name][hidden].sum(axis=0))


@given(st.permutations(EXAMPLE.workloads))
@settings(max_examples=8)
def test_the_order_of_workloads_does_not_matter(order):
    found, other = results.of(EXAMPLE, DRAWS), results.of(EXAMPLE.but(workloads=tuple(order)), DRAWS)
    for name in AMOUNTS:
        close(found.total(found.values[name]), other.total(other.values[name]))
        for workload in order:
            mine, theirs = (r.values[name][r.of(workload.id)] for r in (found, other))
            np.testing.assert_array_equal(mine, theirs)


def test_a_workload_added_leaves_the_others_as_they_were():
    alone, together = results.of(plan(OWN), DRAWS), results.of(plan(OWN, API, TRAIN), DRAWS)
    for name in AMOUNTS:
        np.testing.assert_array_equal(alone.values[name][0], together.values[name][0])


def test_an_empty_plan_is_zero_in_every_year():
    found = results.of(plan(), DRAWS)
    assert found.total(found.carbon_kg()).tolist() == [[0.0] * (1 + DRAWS)] * 2
    assert (found.workloads, found.refused) == ((), {})
    assert set(found.total(found.values["cost_usd"]).ravel()) == {0.0}


def test_the_headline_of_the_example_lies_in_its_range():
    for method, boundary in VIEWS:
        found = results.of(EXAMPLE.but(method=method, boundary=boundary))
        for place in range(10):
            low, central, high = results.interval(found.total(found.carbon_kg())[place])
            assert low <= central <= high


def test_an_interval_of_one_draw_or_of_unknowns_has_no_ends():
    assert np.isnan(results.interval(np.array([3.0]))).tolist() == [True, False, True]
    assert np.isnan(results.interval(np.array([3.0, np.nan, 4.0]))).tolist() == [True, False, True]
    assert results.interval(np.array([5.0, *range(11)])) == (1.0, 5.0, 9.0)


# -- demand


def grown(first_pct, decay, years):
    """Demand by year, in words: each year grows by the growth of the year before less the decay, towards zero."""
    level, growth, found = 1.0, first_pct, []
    for _ in range(years):
        found.append(level)
        level *= max(1 + growth / 100, 0.0)
        growth = max(growth - decay, 0.0) if growth > 0 else min(growth + decay, 0.0)
    return found


@given(st.floats(-100, 1000), st.floats(0, 200))
def test_growth_that_slows_is_the_plain_loop(first_pct, decay):
    keys = ("growth_low_pct", "growth_central_pct", "growth_high_pct")
    workload = OWN.but(**dict.fromkeys(keys, first_pct), growth_decay_pct=decay)
    factor = demand_factor(plan(last_year=2036), workload, 0)[:, 0]
    np.testing.assert_allclose(factor, grown(first_pct, decay, 11), rtol=1e-12, atol=1e-12)


@given(st.floats(-100, 1000), st.floats(0, 200), st.integers(0, 20))
def test_growth_never_passes_zero(first_pct, decay, step):
    found = float(growth_pct(np.array([first_pct]), decay, step)[0])
    assert 0 <= found * np.sign(first_pct) <= abs(first_pct)


def test_growth_meets_its_ends_at_p10_and_p90():
    workload = OWN.but(growth_low_pct=-10, growth_central_pct=20, growth_high_pct=90)
    factor = demand_factor(plan(last_year=2027), workload, 1_001)[1]
    assert factor[0] == pytest.approx(1.2, rel=1e-12)
    assert np.quantile(factor[1:], (0.1, 0.9)) == pytest.approx([0.9, 1.9], rel=0.01)


def test_demand_is_never_below_zero():
    workload = OWN.but(growth_low_pct=-100, growth_central_pct=-90, growth_high_pct=1000)
    assert demand_factor(plan(last_year=2036), workload, 500).min() == 0.0


def test_a_workload_that_starts_before_the_plan_has_grown_by_then():
    keys = ("growth_low_pct", "growth_central_pct", "growth_high_pct")
    workload = OWN.but(first_year=2024, **dict.fromkeys(keys, 50.0))
    assert demand_factor(plan(), workload, 0)[:, 0] == pytest.approx([2.25, 3.375])


@pytest.mark.parametrize("fleet", [{}, {"installed_accelerators": 8}, {"installed_accelerators": 8, "busy_share": 0.3}])
@pytest.mark.parametrize("workload", ALL, ids=lambda w: w.id)
def test_years_outside_the_first_and_the_last_are_zero(workload, fleet):
    found = results.of(plan(workload.but(first_year=2027, last_year=2028, **fleet), last_year=2030), DRAWS)
    for name in AMOUNTS:
        assert not found.values[name][0][[0, 3, 4]].any(), name
    assert found.values["carbon_location_kg"][0][[1, 2]].all()


def test_installed_servers_without_requests_wait():
    found = results.of(plan(OWN.but(installed_accelerators=8, requests_per_day=0.0)), 0).values
    assert found["held_h"][0, :, 0].tolist() == [8 * 8760.0] * 2
    assert found["energy_accelerator_kwh"][0, :, 0].tolist() == [0.0] * 2
    assert found["energy_idle_kwh"][0, 0, 0] > 8 * 8.76 * catalog.load().hardware["H100-SXM"].idle_w


def test_seats_set_a_ceiling():
    keys = ("growth_low_pct", "growth_central_pct", "growth_high_pct")
    workload = OWN.but(**dict.fromkeys(keys, 100.0), seats=3_000, requests_per_seat_day=20, operating_days=200)
    found = requests_per_year(plan(last_year=2029), workload, DRAWS)
    assert found.max() == ceiling_requests_per_day(workload) * 200 == 12e6
    assert found[:, 0].tolist() == [4e6, 8e6, 12e6, 12e6]


@pytest.mark.parametrize("half", [{"seats": 10}, {"requests_per_seat_day": 1}])
def test_half_a_ceiling_is_none(half):
    assert ceiling_requests_per_day(OWN.but(**half)) == float("inf")


# -- money, and what is not known


def test_a_bought_service_without_a_price_costs_an_unknown_amount():
    assert np.isnan(values(API, "cost_usd", DRAWS)).all()


def test_one_unknown_cost_makes_the_total_unknown():
    found = results.of(plan(API, CLOUD.but(price_hire_usd_per_h=2.0)), 0)
    assert np.isnan(found.total(found.values["cost_usd"])).all()


@pytest.mark.parametrize("missing", ["price_input_usd_per_m_tokens", "price_output_usd_per_m_tokens"])
def test_every_price_of_a_bought_service_must_be_known(missing):
    priced = API.but(price_input_usd_per_m_tokens=1.0, price_output_usd_per_m_tokens=4.0)
    assert not np.isnan(values(priced, "cost_usd")).any()
    assert np.isnan(values(priced.but(**{missing: None}), "cost_usd")).all()


def test_a_bought_service_costs_its_tokens_times_their_prices():
    prices = {"price_input_usd_per_m_tokens": 2.0, "price_cached_usd_per_m_tokens": 0.5}
    workload = API.but(
        **prices, price_output_usd_per_m_tokens=8.0, requests_per_day=1e6, input_tokens=1000, output_tokens=100,
        cached_share=0.4, operating_days=100,
    )  # fmt: skip
    assert values(workload, "cost_usd")[0, 0] == pytest.approx(100 * (600 * 2 + 400 * 0.5 + 100 * 8))


def test_cached_tokens_without_a_price_leave_the_cost_unknown():
    priced = API.but(price_input_usd_per_m_tokens=1.0, price_output_usd_per_m_tokens=4.0, cached_share=0.1)
    assert np.isnan(values(priced, "cost_usd")).all()


def test_own_servers_without_a_purchase_price_cost_an_unknown_amount():
    assert np.isnan(values(OWN, "cost_usd")).all()


def test_hired_servers_cost_the_hours_held():
    found = results.of(plan(CLOUD.but(price_hire_usd_per_h=2.5)), DRAWS).values
    close(found["cost_usd"], 2.5 * found["held_h"])


def test_a_price_of_carbon_stands_beside_the_cost_and_not_in_it():
    free, priced = (results.of(plan(CLOUD, carbon_price_usd_per_t=p), 0).values for p in (None, 100.0))
    close(priced["cost_usd"], free["cost_usd"])
    close(priced["carbon_cost_location_usd"], priced["carbon_location_kg"] / 10)
    assert np.isnan(free["carbon_cost_location_usd"]).all()


# -- what cannot be computed

UNSIZED = next(m.id for m in catalog.load().models.values() if m.params_active_b is None)
REFUSALS = [
    ({"model": "no-such"}, "model is 'no-such'; it is not in the catalog"),
    ({"hardware": "no-such"}, "hardware is 'no-such'; it is not in the catalog"),
    ({"region": "no-such"}, "region is 'no-such'; it is neither a grid nor a cloud region of the catalog"),
    ({"model": UNSIZED}, f"model '{UNSIZED}': its active parameters are not known, so nothing can be computed from it"),
    (
        {"hardware": "A100-80-SXM", "precision": "fp8"},
        "precision is fp8; A100 SXM4 80 GB computes in bf16, fp16, fp32, int4, int8, tf32 (4-bit weights run anywhere)",
    ),
    (
        {"accelerators": 1},
        "accelerators is 1; the weights of Llama 3.3 70B take 141 GB and H100 SXM5 80 GB holds 80 GB; "
        "it must be at least 2",
    ),
    (
        {"input_tokens": 1e7},
        "input_tokens is 10,000,000, output_tokens 300; the cache of one request must fit beside the weights, "
        "and no number of H100-SXM holds it",
    ),
]


@pytest.mark.parametrize(("change", "said"), REFUSALS, ids=[str(change) for change, _ in REFUSALS])
def test_what_cannot_be_computed_is_refused_in_words_and_the_rest_goes_on(change, said):
    sound = results.of(plan(API, TRAIN), DRAWS)
    found = results.of(plan(API, OWN.but(**change), TRAIN), DRAWS)
    assert found.refused == {"own": said}
    assert [w.id for w in found.workloads] == ["api", "train"]
    assert found.of("own") is None
    for name in AMOUNTS:
        np.testing.assert_array_equal(found.values[name], sound.values[name])


def test_a_plan_of_which_nothing_can_be_computed_has_figures_of_nothing():
    found = results.of(plan(OWN.but(model="no-such")), DRAWS)
    assert (found.workloads, list(found.refused)) == ((), ["own"])


def test_figures_of_what_runs_are_finite():
    found = results.of(EXAMPLE)
    assert found.refused == {}
    for name in AMOUNTS:
        assert np.isfinite(found.values[name]).all(), name


def test_every_computable_model_runs_on_every_accelerator_or_says_why_not():
    facts = catalog.load()
    for model in facts.models.values():
        workload = Workload(id="x", model=model.id, precision="int4")
        found = results.of(Plan(first_year=2026, last_year=2026, workloads=(workload,)), 0)
        assert bool(found.refused) == (not model.computable), model.id
        assert found.refused or np.isfinite(found.values["carbon_location_kg"]).all()
    for hardware in facts.hardware.values():
        workload = Workload(id="x", hardware=hardware.id, precision="int4", region="WORLD")
        found = results.of(Plan(first_year=2026, last_year=2026, workloads=(workload,)), 0)
        assert found.refused or np.isfinite(found.values["carbon_location_kg"]).all(), hardware.id


def test_spread_of_growth_allows_negative_and_zero():
    assert spread_linear(-10.0, 0.0, 10.0, np.array([0.0]))[0] == 0.0
