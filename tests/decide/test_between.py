"""Plans beside each other: the difference is theirs draw by draw, and what they share cancels out."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from core.decide.between import QUANTITIES, STEP, Between, aligned, amounts, beside, between, common_years
from core.decide.watch import Watch, watched
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.own import OwnRegion
from core.results import DRAWS, of
from core.results.draws import interval

ONE = example_plan()
OWN = OwnRegion(id="own:r", name="Ours", source="us", source_date="2026-10-01", carbon_g_per_kwh="2026=100")
OTHER = (
    ONE.but(grid_path="percent", grid_change_pct=-3.0)
    .with_workload("W2", requests_per_day=30_000.0, output_tokens=700.0)
    .without("W5")
    .with_own(OWN)
    .with_workload("W3", name="Another name")
)
THIRD = ONE.with_workload("W1", region="PL").but(efficiency_drift_pct=4.0)


def _seen(first: Plan, second: Plan) -> Between:
    found = between(first, second)
    assert found is not None
    return found


def test_a_plan_beside_itself_differs_in_nothing() -> None:
    found = _seen(ONE, ONE.but(name="Called otherwise", business_unit="IT"))
    for name in QUANTITIES[:-1]:  # the example's cost is not known
        assert found.compared(name, 2030).difference == (0.0, 0.0, 0.0)
        assert found.compared(name, 2030).same
    assert not found.compared("cost_usd", 2030).known


@pytest.mark.parametrize("name", QUANTITIES[:-1])
@pytest.mark.parametrize("year", [2026, 2035])
def test_a_difference_is_taken_draw_by_draw(name: str, year: int) -> None:
    one, other = (of(plan) for plan in aligned(ONE, OTHER))
    pairs = zip(amounts(one, name, year), amounts(other, name, year), strict=True)
    by_hand = interval(np.array([theirs - ours for ours, theirs in pairs]))
    assert _seen(ONE, OTHER).compared(name, year).difference == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize("name", QUANTITIES[:-1])
def test_three_plans_are_of_one_piece(name: str) -> None:
    """(A - B) + (B - C) = (A - C), in every draw."""
    plans = (ONE, OTHER, THIRD)
    a, b, c = (amounts(of(aligned(ONE, plan)[1]), name, 2031) for plan in plans)
    assert (a - b) + (b - c) == pytest.approx(a - c, rel=1e-9, abs=1e-9)
    middles = [_seen(*pair).compared(name, 2031).difference[1] for pair in ((OTHER, ONE), (THIRD, OTHER), (THIRD, ONE))]
    assert middles[0] + middles[1] == pytest.approx(middles[2], rel=1e-9)


def test_every_plan_stands_beside_the_first() -> None:
    late = ONE.but(first_year=2040, last_year=2045)
    with watched(watch := Watch()):
        found = beside([ONE, OTHER, late, THIRD])
    assert (watch.step, watch.done, watch.total) == (STEP, 3, 4)
    assert beside([ONE]) == []
    assert found == [between(ONE, OTHER), None, between(ONE, THIRD)]


def test_a_share_is_of_the_first_draw_by_draw() -> None:
    found = _seen(ONE, OTHER).compared("water_l", 2030)
    one, other = (amounts(of(plan), "water_l", 2030) for plan in aligned(ONE, OTHER))
    assert found.share == pytest.approx(interval(other / one - 1.0), rel=1e-9)
    assert isnan(_seen(ONE.but(workloads=()), ONE).answer.share[1])


def test_the_ladder_goes_from_the_accelerators_up() -> None:
    found = _seen(ONE, OTHER)
    steps = [found.compared(name, 2030).first[1] for name in QUANTITIES if name.endswith("_kwh")]
    assert len(steps) == 3
    assert steps == sorted(steps)
    parts = [found.compared(name, 2030).difference[1] for name in ("carbon_location_kg", "carbon_embodied_kg")]
    assert sum(parts) == pytest.approx(found.answer.difference[1], rel=1e-9)


def test_what_both_share_cancels_out_of_the_range() -> None:
    found = _seen(ONE, ONE.with_workload("W2", requests_per_day=30_000.0)).answer
    apart = (found.second[2] - found.second[0]) + (found.first[2] - found.first[0])
    low, _, high = found.difference
    assert high - low < 0.1 * apart


def test_the_other_way_round_is_the_other_sign() -> None:
    there, back = _seen(ONE, OTHER).answer, _seen(OTHER, ONE).answer
    assert back.difference == pytest.approx(tuple(-kg for kg in reversed(there.difference)), rel=1e-9)


def test_the_second_plan_is_seen_as_the_first_is() -> None:
    seen = _seen(ONE, ONE.but(method="market", boundary="operation", seed=7, headline_year=2034))
    assert seen.answer.difference == (0.0, 0.0, 0.0)
    assert seen.year == ONE.shown_year()


def test_filters_leave_nothing_out() -> None:
    unit = next(w.business_unit for w in ONE.workloads if w.business_unit)
    assert _seen(ONE.but(business_unit=unit), OTHER).answer == _seen(ONE, OTHER).answer


def test_years_in_common_are_compared_and_none_is_told() -> None:
    later = ONE.but(first_year=2030, last_year=2040)
    assert common_years(ONE, later) == range(2030, 2036)
    assert _seen(ONE, later).years == range(2030, 2036)
    assert between(ONE, ONE.but(first_year=2040, last_year=2045)) is None


def test_what_is_kept_of_two_plans_does_not_grow_with_their_workloads() -> None:
    found = between(ONE, OTHER)
    assert found is not None
    for side in (found.first, found.second):
        shapes = {name: total.shape for name, total in side.totals.items()}
        assert shapes == dict.fromkeys(QUANTITIES, (len(side.plan.years()), 1 + DRAWS))
