"""The abatement curve: widths and costs re-add to the whole, the cheapest comes next, nothing unknown has a price."""

from math import isnan

import numpy as np
import pytest

from core import results
from core.decide.abatement import curve, usd_per_t
from core.decide.change import Change, change
from core.plan.lever import Lever
from tests.results.plans import API, CLOUD, OWN, plan

SHORT = Lever(id="concise_output", value=0.7, start_year=2027, once_days=20.0)
CACHE = Lever(id="semantic_cache", value=0.3, once_days=0.0, once_usd=9_000.0)
SMALLER = Lever(id="smaller_model", choice="llama3.1-8b", workloads=("own",), once_usd=2_000.0)
REGION = Lever(id="geo_shift", choice="SE", running_usd_per_year=1_500.0)
UNPRICED = Lever(id="pue", value=1.1)
LARGER = Lever(id="smaller_model", choice="llama3.3-70b", workloads=("cloud",), once_usd=100.0)  # it adds
CONTRACT = Lever(id="renewable_mb", value=0.5, once_days=0.0, once_usd=500.0, running_usd_per_year=0.0)
LEVERS = (SHORT, CACHE, SMALLER, REGION, UNPRICED, CONTRACT)
PRICED = {"price_electricity_usd_per_kwh": 0.2, "price_purchase_usd": 30_000.0}
TOKENS = {
    "price_input_usd_per_m_tokens": 0.4, "price_cached_usd_per_m_tokens": 0.1, "price_output_usd_per_m_tokens": 1.6,
}  # fmt: skip
BASE = plan(API.but(**TOKENS), OWN.but(**PRICED), CLOUD, last_year=2028)


def kg_and_usd(levers, method="location", base=BASE):
    """Slow and plain: all carbon and all cost of the plan with these levers, by the public evaluation."""
    found = results.of(base.but(levers=levers), 0)
    kg = found.values[f"carbon_{method}_kg"] + found.values["carbon_embodied_kg"]
    return float(kg[..., 0].sum()), float(found.values["cost_usd"][..., 0].sum())


@pytest.mark.parametrize("method", ["location", "market"])
def test_widths_and_costs_of_the_bars_re_add_to_what_all_levers_change_together(method):
    found = curve(BASE, LEVERS, method)
    before, after = kg_and_usd((), method), kg_and_usd(LEVERS, method)
    assert sum(bar.carbon_kg for bar in found.bars) == pytest.approx(after[0] - before[0], rel=1e-9)
    assert sum(bar.given.cost_usd for bar in found.bars) == pytest.approx(after[1] - before[1], rel=1e-9)
    assert found.together.carbon_kg(method) == pytest.approx(after[0] - before[0], rel=1e-9)
    assert found.alone_kg + found.interaction_kg == pytest.approx(found.together.carbon_kg(method), rel=1e-9)


def test_each_bar_is_the_plan_with_it_less_the_plan_before_it_and_alone_it_starts_from_the_plan_without_any():
    found = curve(BASE, LEVERS, "location")
    taken = ()
    for bar in found.bars:
        before, after = kg_and_usd(taken), kg_and_usd((*taken, bar.lever))
        assert bar.carbon_kg == pytest.approx(after[0] - before[0], rel=1e-9, abs=1e-9)
        assert bar.given.cost_usd == pytest.approx(after[1] - before[1], rel=1e-9, abs=1e-6)
        single, none = kg_and_usd((bar.lever,)), kg_and_usd(())
        assert bar.alone.carbon_kg("location") == pytest.approx(single[0] - none[0], rel=1e-9, abs=1e-9)
        assert bar.interaction_kg == pytest.approx(after[0] - before[0] - single[0] + none[0], rel=1e-9, abs=1e-6)
        taken = (*taken, bar.lever)


def test_the_next_bar_is_the_lever_that_costs_least_a_tonne_on_top_of_those_before_it():
    found = curve(BASE, (SHORT, CACHE, SMALLER, REGION), "location")
    taken = ()
    for place, bar in enumerate(found.bars):
        rest = [other.lever for other in found.bars[place:]]
        costs = [usd_per_t(change(BASE, taken, (*taken, lever)), "location") for lever in rest]
        assert bar.usd_per_t() == min(costs)
        taken = (*taken, bar.lever)
    assert [bar.kind for bar in found.bars] == ["priced"] * 4


def test_two_levers_on_the_same_answers_avoid_some_of_the_same_and_the_curve_says_how_much():
    cache, short = CACHE.but(workloads=("api",)), SHORT.but(workloads=("api",), start_year=None)
    found = curve(BASE, (short, cache), "location")
    together, first, second, none = (kg_and_usd(some)[0] for some in ((short, cache), (short,), (cache,), ()))
    assert found.interaction_kg == pytest.approx(together - first - second + none, rel=1e-9)
    assert found.interaction_kg > 0
    assert [bar.interaction_kg > 0 for bar in found.bars] == [False, True]


def test_a_lever_of_unknown_cost_makes_no_claim_and_comes_after_those_with_one():
    found = curve(BASE, (UNPRICED, SHORT), "location")
    assert [(bar.lever.id, bar.kind) for bar in found.bars] == [("concise_output", "priced"), ("pue", "unknown")]
    assert isnan(found.bars[1].usd_per_t())
    assert isnan(found.bars[1].usd_per_t(alone=True))


def test_a_contract_avoids_nothing_by_location_and_something_by_market():
    by_location, by_market = (curve(BASE, (CONTRACT,), method).bars[0] for method in ("location", "market"))
    assert (by_location.kind, by_location.carbon_kg) == ("nothing", 0.0)
    assert by_market.kind == "priced"
    assert by_market.usd_per_t() == pytest.approx(500.0 / (-by_market.carbon_kg / 1000.0))


def test_a_lever_that_adds_carbon_comes_last_and_is_told_as_such():
    found = curve(BASE, (LARGER, SHORT), "location")
    assert [(bar.lever.id, bar.kind) for bar in found.bars] == [("concise_output", "priced"), ("smaller_model", "adds")]
    assert found.bars[1].carbon_kg > 0
    assert isnan(found.bars[1].usd_per_t())


def test_levers_in_use_that_are_not_asked_for_stay_in_use():
    with_short = BASE.but(levers=(SHORT, CACHE))
    found = curve(with_short, (CACHE,), "location")
    before, after = kg_and_usd((SHORT,)), kg_and_usd((SHORT, CACHE))
    assert found.together.carbon_kg("location") == pytest.approx(after[0] - before[0], rel=1e-9)


def test_a_filter_of_the_page_takes_nothing_off_the_curve():
    shown = BASE.but(workloads=tuple(w.but(business_unit=w.id) for w in BASE.workloads))
    assert curve(shown.but(business_unit="own"), LEVERS, "location") == curve(shown, LEVERS, "location")


def test_a_cost_without_a_price_is_left_out_and_named_where_it_changed():
    base = BASE.but(workloads=(API, OWN.but(price_electricity_usd_per_kwh=0.2), CLOUD))
    moved = change(base, (), (SHORT.but(workloads=("api",)),))
    assert moved.left_out == (("api", "tokens bought"),)
    taken = results.of(base.but(levers=(SHORT.but(workloads=("api",)),)), 0)
    assert moved.cost_usd == pytest.approx(float(taken.values["cost_levers_usd"][..., 0].sum()))
    assert change(base, (), (SMALLER,)).left_out == (("own", "hardware"),)


def test_a_cost_that_comes_to_have_a_price_leaves_the_whole_cost_unknown():
    base = plan(CLOUD.but(hardware="H100-SXM"))
    odd = next(key for key, one in results.of(base).catalog.hardware.items() if one.kind == "gpu" and _unhired(key))
    found = change(base, (), (Lever(id="newer_gpu", choice=odd, once_usd=1.0),))
    assert isnan(found.cost_usd)
    assert not isnan(found.carbon_location_kg)


def _unhired(key):
    found = results.of(plan(CLOUD.but(hardware=key, model="llama3.2-1b")), 0)
    return not found.refused and np.isnan(found.values["cost_hire_usd"][..., 0]).all()


def test_a_lever_under_which_a_workload_has_no_figures_leaves_no_curve_and_says_which():
    closed = plan(API.but(model="gpt-5-mini"), CLOUD)
    found = curve(closed, (Lever(id="on_device", choice="Apple-M1-Pro", workloads=("api",), once_usd=1.0),), "location")
    assert (found.bars, found.reason[:29]) == ((), "Bought: under its levers, GPT")


def test_unknown_costs_give_no_cost_of_a_tonne():
    assert isnan(usd_per_t(Change(-5.0, -5.0, float("nan")), "location"))
    assert usd_per_t(Change(-5.0, -10.0, 1.0), "market") == pytest.approx(100.0)
