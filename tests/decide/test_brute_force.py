"""Every set of twelve candidates and every start year of four, by the plan's own evaluation: the search agrees.

Nothing here calls the search's own sums but to compare with them.
"""

from itertools import product

import numpy as np
import pytest

from core.decide.candidates import searched, with_choice
from core.decide.front import front, totals
from core.decide.pathway import pathway_of
from core.decide.search import found
from core.decide.space import space_of
from core.results import of
from core.results.inventory_view import as_inventory
from core.targets.track import track
from tests.decide.plans import FOUR, TWELVE, searched_plan

PLAN = searched_plan(TWELVE)
PAID = ("cost_energy_usd", "cost_hardware_usd", "cost_operations_usd", "cost_hire_usd", "cost_api_usd")
TARGET_YEAR = 5  # 2031
OWN, OTHERS = [0], [1, 2]  # W2 stands in scope 2, W3 and W4 are bought


def evaluated(levers):
    """Emissions on both lines in the target year, carbon and cost over all years, of the plan with some levers."""
    made = as_inventory(PLAN).model_copy(update={"levers": levers, "candidates": ()})
    values = {name: of(made, 0).values[name][..., 0] for name in (*PAID, "cost_levers_usd", "carbon_location_kg")}
    bought, spread = (of(made, 0).values[f"carbon_embodied_{name}"][..., 0] for name in ("kg", "amortised_kg"))
    electricity = values["carbon_location_kg"]
    lines = (
        electricity[OWN, TARGET_YEAR].sum(),
        electricity[OTHERS, TARGET_YEAR].sum() + bought[:, TARGET_YEAR].sum(),
    )
    paid = np.array([values[name].sum(axis=1) for name in (*PAID, "cost_levers_usd")])
    return lines, electricity.sum() + spread.sum(), paid


@pytest.fixture(scope="module")
def brute():
    """Lines, carbon and cost of all 4,096 sets."""
    usual = evaluated(())[2]
    lines, carbon, cost = [], [], []
    for some in range(1 << len(TWELVE)):
        levers = tuple(lever for place, lever in enumerate(TWELVE) if some >> place & 1)
        mine, kg, paid = evaluated(levers)
        lines.append(mine)
        carbon.append(kg)
        cost.append(np.nansum(paid - usual))
        assert (np.isnan(paid) == np.isnan(usual)).all()
    return np.array(lines).T, np.array(carbon), np.array(cost)


@pytest.fixture(scope="module")
def space():
    made = space_of(searched(PLAN, 2026), pathway_of(PLAN.but(candidates=())))
    assert len(made.found.levers) == len(TWELVE)
    return made


def as_tried(space):
    """The number that each set of the brute force has in the search, whose candidates stand in another order."""
    places = [space.found.levers.index(lever) for lever in TWELVE]
    sets = np.arange(1 << len(TWELVE))
    return sum((sets >> place & 1) << there for place, there in enumerate(places))


def test_emissions_carbon_and_cost_of_every_set_are_those_of_the_plan_with_it(brute, space):
    lines, carbon, cost = brute
    where = as_tried(space)
    assert space.now_kg[:, 0, where] == pytest.approx(lines)
    mine_usd, mine_kg = totals(space)
    assert mine_kg[where] == pytest.approx(carbon)
    assert mine_usd[where] == pytest.approx(cost, abs=1e-3)


def test_the_sets_that_meet_are_those_that_the_targets_page_calls_on_track(brute, space):
    lines, _, _ = brute
    allowed = np.array([[line.milestones[-1].allowed_kg] for line in track(PLAN.but(candidates=())).lines])
    meets = (lines <= allowed).all(axis=0)
    assert 0 < meets.sum() < len(meets)
    assert ((space.excess_share <= 0.0)[as_tried(space)] == meets).all()
    for some in [*np.flatnonzero(meets)[:6], *np.flatnonzero(~meets)[-6:]]:
        levers = tuple(lever for place, lever in enumerate(TWELVE) if some >> place & 1)
        assert (track(with_choice(PLAN, levers), 0).standing == "on track") == meets[some]


def test_the_front_is_what_no_set_tried_betters(brute, space):
    _, carbon, cost = brute
    where = as_tried(space)
    points = np.array([np.round(cost, 2), np.round(carbon, 3), np.nan_to_num(space.loss_pct[where], posinf=1e9)])
    mine = {tuple(lever.id for lever in choice.levers) for choice in front(space)}
    assert len(mine) > 5
    for some in range(len(carbon)):
        no_worse = (points <= points[:, [some]]).all(axis=0)
        better = no_worse & (points < points[:, [some]]).any(axis=0)
        key = tuple(lever.id for lever in space.found.chosen(int(where[some])))
        assert not (better.any() and key in mine)
        if not better.any() and no_worse.sum() == 1:
            assert key in mine


def test_the_best_of_twelve_is_no_dearer_than_the_cheapest_set_tried_that_meets(brute):
    answer = found(PLAN.with_search(meet_share=0.0))
    lines, _, cost = brute
    allowed = np.array([[line.milestones[-1].allowed_kg] for line in track(PLAN.but(candidates=())).lines])
    assert answer.proven
    assert answer.best.meets
    assert answer.best.cost_usd <= cost[(lines <= allowed).all(axis=0)].min() + 1e-3


def cost_of(plan):
    """What a plan costs over all years by workload and kind of cost, hardware spread over its life."""
    values = of(plan.but(hardware_view="amortised", candidates=()), 0).values
    return np.array([values[name][..., 0].sum(axis=1) for name in (*PAID, "cost_levers_usd")])


def test_start_years_are_the_cheapest_of_all_that_meet_with_the_probability_asked():
    """Four candidates, four years and never: 625 plans, each by the public evaluation with its draws."""
    plan = searched_plan(FOUR, meet_share=0.4)
    usual, best, chosen = cost_of(plan), np.inf, ()
    for starts in product((2028, 2029, 2030, 2031, None), repeat=len(FOUR)):
        levers = tuple(one.but(start_year=year) for one, year in zip(FOUR, starts, strict=True) if year is not None)
        made = with_choice(plan, levers)
        cost = float(np.nansum(cost_of(made) - usual))
        if cost >= best - 1e-6 or track(made, 0).standing != "on track":
            continue
        if track(made).all_scopes[-1].met_share >= 0.4:
            best, chosen = cost, levers
    answer = found(plan)
    assert answer.proven
    assert answer.best.cost_usd == pytest.approx(best, abs=1e-3)
    assert {lever.id: lever.start_year for lever in answer.best.levers} == {one.id: one.start_year for one in chosen}
    assert len({lever.start_year for lever in chosen}) > 1
