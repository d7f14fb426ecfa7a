"""What a case opens gives the figure its card shows, in the reader's own plan, and the engine is asked once."""

from __future__ import annotations

import pytest

from core import link, results
from core.cases import Case, answers, load
from core.cases.answers import estimate_of, figure_of, ours, plan_of
from core.cases.figures import FIGURES
from core.levers import conflicts
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of, unusable
from core.results.estimate import alone, answer

OPENING = [case for case in load() if case.opens]
PLANS = {
    "example": example_plan(),
    "other": example_plan().but(
        first_year=2028, seed=7, method="market", boundary="operation", tag="none", levers=(Lever(id="ptq_fp8"),)
    ),
}


def of_opened(case: Case, plan: Plan) -> answers.Ours:
    """The figure after the case was opened in a plan."""
    if case.opens == "estimate":
        found = answer(through_a_link(plan.but(case=estimate_of(case)))).found
        return figure_of(case, found, found)
    opened = through_a_link(plan_of(case, plan))
    return figure_of(case, results.of(opened), results.of(opened.as_usual()))


def through_a_link(plan: Plan) -> Plan:
    """The plan as a reader gets it by its link, which must say nothing is wrong with it."""
    read = link.decode(link.encode(plan))
    assert not read.problems
    assert conflicts(catalog_of(read.plan), read.plan) == []
    assert unusable(read.plan) == {}
    return read.plan


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
@pytest.mark.parametrize("case", OPENING, ids=lambda case: str(case.id))
def test_an_opened_case_gives_the_figure_of_its_card(case: Case, plan: Plan) -> None:
    card, opened = ours(plan)[case.id], of_opened(case, plan)
    assert card.reason == ""
    assert (opened.low, opened.mid, opened.high) == pytest.approx((card.low, card.mid, card.high), rel=1e-12)


def test_every_case_that_opens_has_a_figure_and_no_other() -> None:
    assert ours(example_plan()).keys() == {case.id for case in OPENING}
    assert {case.figure for case in OPENING} == FIGURES.keys()


def test_a_range_holds_its_middle() -> None:
    digit = 1e-12  # a lever that does nothing saves nothing, to the last digit of a sum
    assert all(found.low - digit <= found.mid <= found.high + digit for found in ours(example_plan()).values())


def test_the_engine_is_asked_once_for_all_cases_of_a_length_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(answers, "of", lambda plan: calls.append(plan) or results.of(plan))
    plan = example_plan().but(seed=4242)
    ours(plan)
    ours(plan.but(name="Renamed"))
    asked = [[case for case in OPENING if answers.years_needed(case) == years] for years in (1, 5)]
    assert [len(each.workloads) for each in calls] == [
        sum(len(case.workloads) * (2 if case.levers else 1) for case in cases) for cases in asked
    ]


def test_a_refused_workload_says_why_in_place_of_a_figure() -> None:
    case = next(case for case in OPENING if case.id == "a0-01")
    found = results.of(
        alone(example_plan(), *(w.but(region="NOWHERE", id=f"{case.id}:{w.id}") for w in case.workloads))
    )
    assert "region is 'NOWHERE'" in answers._one(case, found).reason


def test_a_ratio_is_the_first_over_the_second() -> None:
    case = next(case for case in OPENING if case.id == "a3-32")
    found = results.of(plan_of(case, example_plan()))
    first, second = (results.of(alone(example_plan(), w)).values["carbon_location_kg"][0, 0, 0] for w in case.workloads)
    assert figure_of(case, found, found).mid == pytest.approx(first / second)


def test_a_sum_is_over_all_workloads() -> None:
    case = next(case for case in OPENING if case.id == "a1-09")
    parts = [results.of(alone(example_plan(), w)).values["energy_facility_kwh"][0, 0, 0] for w in case.workloads]
    assert ours(example_plan())[case.id].mid == pytest.approx(sum(parts) / 1000)
