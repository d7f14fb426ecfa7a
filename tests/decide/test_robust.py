"""A choice in other worlds: each world changes what it says and nothing else, and regret is from the best in it."""

import dataclasses

import pytest

from core import results
from core.decide import robust
from core.decide.robust import outcome, regrets, smallest_largest, stresses
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from core.targets.judged import judged

PLAN = with_example_target(example_plan()).but(points="256")
SHORT = Lever(id="concise_output", value=0.7)
SMALLER = Lever(id="smaller_model", choice="llama3.1-8b")
BOTH = (SHORT, SMALLER)


def world(key, plan=PLAN):
    return next(one for one in stresses(plan) if one.key == key)


def test_high_growth_takes_each_workload_to_the_end_of_its_own_range_and_moves_nothing_else():
    grown = world("growth").plan
    assert [w.growth_central_pct for w in grown.workloads] == [w.growth_high_pct for w in PLAN.workloads]
    back = tuple(
        w.but(growth_low_pct=old.growth_low_pct, growth_central_pct=old.growth_central_pct)
        for w, old in zip(grown.workloads, PLAN.workloads, strict=True)
    )
    assert grown.but(workloads=back) == PLAN


@pytest.mark.parametrize(
    ("key", "settings", "fields"),
    [
        ("rebound", {}, {"rebound_elasticity": 0.5}),
        ("rebound", {"stress_rebound_elasticity": 1.2}, {"rebound_elasticity": 1.2}),
        ("grid", {}, {"grid_path": "percent", "grid_change_pct": 1.0}),
        ("grid", {"stress_grid_change_pct": 2.5}, {"grid_path": "percent", "grid_change_pct": 2.5}),
    ],
)
def test_a_world_changes_the_fields_it_names(key, settings, fields):
    asked = PLAN.but(search=PLAN.search.but(**settings))
    assert world(key, asked).plan == asked.but(**fields)


def test_a_plan_whose_grids_get_cleaner_has_them_stay_as_they_are_where_the_grid_is_slow():
    cleaner = PLAN.but(grid_path="percent", grid_change_pct=-3.0)
    assert world("grid", cleaner).plan == PLAN.but(grid_path="percent", grid_change_pct=0.0)


def test_other_machines_are_as_many_as_before_and_bought_services_keep_theirs():
    moved = world("machines").plan
    for old, new in zip(PLAN.workloads, moved.workloads, strict=True):
        assert new.hardware == ("" if old.hosting == "api" else "L40S")
        assert new.installed_accelerators == old.installed_accelerators
        assert new.busy_share == (old.busy_share if old.hardware == "L40S" else None)  # measured on the others


def test_a_world_in_which_nothing_differs_says_so():
    sure = tuple(w.but(growth_low_pct=w.growth_high_pct, growth_central_pct=w.growth_high_pct) for w in PLAN.workloads)
    bought = PLAN.but(workloads=tuple(w for w in PLAN.workloads if w.hosting == "api"))
    idle = {
        world("growth", PLAN.but(workloads=sure)).idle,
        world("rebound", PLAN.but(rebound_elasticity=0.5)).idle,
        world("grid", PLAN.but(grid_path="percent", grid_change_pct=0.0)).idle,
        world("machines", bought).idle,
    }
    assert "" not in idle
    assert [one.idle for one in stresses(PLAN)] == [""] * 5


def test_an_outcome_is_what_the_targets_page_and_the_figures_of_the_changed_plan_say():
    changed = world("growth").plan
    got = outcome(changed, BOTH, ())
    at = judged(changed.but(levers=BOTH)).milestone("all", 2031)
    assert (got.emissions_kg, got.allowed_kg, got.met_share) == (at.central_kg, at.allowed_kg, at.met_share)
    assert got.gap_kg == at.central_kg - at.allowed_kg
    kg = [results.of(changed.but(levers=levers), 0).carbon_kg()[..., 0].sum() for levers in (BOTH, ())]
    assert got.carbon_all_years_kg == pytest.approx(kg[0] - kg[1], rel=1e-9)


def test_an_outcome_of_every_year_is_as_likely_as_all_of_them_at_once():
    asked = PLAN.with_search(milestones="every_year")
    assert outcome(asked, BOTH, ()).met_share == judged(asked.but(levers=BOTH)).met_share(every_year=True)
    assert outcome(asked, BOTH, ()).met_share < outcome(PLAN, BOTH, ()).met_share


def test_more_growth_means_more_emissions_with_and_without_levers():
    planned, grown = world("planned").plan, world("growth").plan
    for levers in ((), BOTH):
        assert outcome(grown, levers, ()).emissions_kg > outcome(planned, levers, ()).emissions_kg
    assert outcome(planned, (), ()).cost_usd == 0.0


def test_without_a_target_an_outcome_asks_for_it():
    got = outcome(example_plan(), BOTH, ())
    assert got.reason
    assert got.met_share != got.met_share


def test_carbon_at_a_price_is_added_to_cost():
    one = outcome(PLAN, BOTH, ())
    assert one.priced_usd(100.0) == pytest.approx(one.cost_usd + one.carbon_all_years_kg / 1000.0 * 100.0)
    assert dataclasses.replace(one, cost_usd=float("nan")).priced_usd(1.0) != one.cost_usd


def test_regret_is_the_distance_to_the_best_in_the_same_world():
    assert regrets([5.0, 2.0, 9.0]) == [3.0, 0.0, 7.0]
    assert min(regrets([-4.0, -1.0])) == 0.0


def test_the_choice_whose_largest_regret_is_smallest_is_named_with_those_that_tie():
    worlds = {"a": [0.0, 4.0, 6.0], "b": [9.0, 4.0, 0.0]}
    assert smallest_largest(worlds) == (1,)
    assert smallest_largest({"a": [0.0, 0.0, 1.0]}) == (0, 1)


def test_a_world_in_which_a_choice_has_no_figure_decides_nothing():
    assert smallest_largest({"a": [float("nan"), 2.0], "b": [0.0, 1.0]}) == (0,)
    assert smallest_largest({"a": [float("nan"), 2.0]}) == ()


def test_assumptions_say_that_they_are_ours():
    assert [robust.ASSUMED in one.said for one in stresses(PLAN)] == [False, False, True, True, True]
