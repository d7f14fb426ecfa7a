"""Two plans beside each other: the difference is theirs draw by draw, and each changed input is one plan changed."""

from __future__ import annotations

import numpy as np
import pytest

from core.decide.between import QUANTITIES, Between, aligned, amounts, between, common_years
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.plan.own import OwnRegion
from core.results import of
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


def _seen(first: Plan, second: Plan) -> Between:
    found = between(first, second)
    assert found is not None
    return found


def test_a_plan_beside_itself_differs_in_nothing() -> None:
    found = _seen(ONE, ONE.but(name="Called otherwise", business_unit="IT"))
    assert found.steps == ()
    for name in QUANTITIES[:-1]:  # the example's cost is not known
        assert found.compared(name, 2030).difference == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("name", QUANTITIES[:-1])
@pytest.mark.parametrize("year", [2026, 2035])
def test_a_difference_is_taken_draw_by_draw(name: str, year: int) -> None:
    one, other = (of(plan) for plan in aligned(ONE, OTHER))
    pairs = zip(amounts(one, name, year), amounts(other, name, year), strict=True)
    by_hand = interval(np.array([theirs - ours for ours, theirs in pairs]))
    assert _seen(ONE, OTHER).compared(name, year).difference == pytest.approx(by_hand, rel=1e-12)


def test_what_both_share_cancels_out_of_the_range() -> None:
    found = _seen(ONE, ONE.with_workload("W2", requests_per_day=30_000.0)).answer
    apart = (found.second[2] - found.second[0]) + (found.first[2] - found.first[0])
    low, _, high = found.difference
    assert high - low < 0.1 * apart


def test_the_other_way_round_is_the_other_sign() -> None:
    there, back = _seen(ONE, OTHER).answer, _seen(OTHER, ONE).answer
    assert back.difference == pytest.approx(tuple(-kg for kg in reversed(there.difference)), rel=1e-9)


def test_each_step_is_the_first_plan_with_that_input_alone() -> None:
    found = _seen(ONE, OTHER)
    alone = {
        ("plan", "", ("grid_path", "grid_change_pct")): ONE.but(grid_path="percent", grid_change_pct=-3.0),
        ("workload", "W2", ("requests_per_day",)): ONE.with_workload("W2", requests_per_day=30_000.0),
        ("workload", "W2", ("output_tokens",)): ONE.with_workload("W2", output_tokens=700.0),
        ("workload", "W5", ()): ONE.without("W5"),
    }
    assert {(step.record, step.id, step.fields) for step in found.steps} == alone.keys()
    for step in found.steps:
        plan = alone[(step.record, step.id, step.fields)]
        moved = amounts(of(plan), "carbon_kg", found.year) - amounts(of(ONE), "carbon_kg", found.year)
        assert (step.low_kg, step.central_kg, step.high_kg) == pytest.approx(interval(moved), rel=1e-9)


def test_the_steps_and_what_they_do_together_make_the_difference() -> None:
    found = _seen(ONE, OTHER)
    total_kg = sum(step.central_kg for step in found.steps) + found.together_kg
    assert total_kg == pytest.approx(found.answer.difference[1], rel=1e-9)


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


def test_an_own_entry_comes_with_the_workload_that_names_it() -> None:
    found = _seen(ONE, OTHER.with_workload("W2", region="own:r"))
    step = next(step for step in found.steps if step.fields == ("region",))
    assert step.central_kg < 0


def test_levers_and_new_workloads_are_steps() -> None:
    new = Workload(id="W9", name="New", region="DE", requests_per_day=1_000.0)
    found = _seen(ONE, ONE.adding(new).with_lever(Lever(id="concise_output")))
    assert [(step.record, step.id) for step in found.steps] == [("workload", "W9"), ("lever", "concise_output")]
    assert found.steps[0].central_kg > 0 > found.steps[1].central_kg


def test_fields_that_stand_only_together_are_one_step() -> None:
    one = ONE.with_workload("W1", first_year=2026, last_year=2027)
    other = ONE.with_workload("W1", first_year=2029, last_year=2031)
    assert [step.fields for step in _seen(one, other).steps] == [("first_year", "last_year")]
    bought = {"hosting": "api", "model": "gpt-5-mini"}  # each may change without the other
    assert {step.fields for step in _seen(ONE, ONE.with_workload("W2", **bought)).steps} <= {("hosting",), ("model",)}
