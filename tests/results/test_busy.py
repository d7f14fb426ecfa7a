"""A measured busy share under another load: in proportion to the work, and never above all hours held."""

import pytest

from core import results
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.results.busy import LOAD, busy_share_in_step, in_step, measured_then
from core.results.later import one_at_a_time
from core.results.under_levers import alone_s

PLAN = example_plan()
ASSISTANT = PLAN.workload("W2")
SHARE = ASSISTANT.busy_share


def energy_kwh(plan: Plan, name: str = "energy_accelerator_kwh") -> float:
    found = results.of(plan)
    return float(found.values[name][found.of("W2"), 0, 0])


def edited(**changes: object) -> Plan:
    return in_step(PLAN.with_workload("W2", **changes), ASSISTANT)


def test_a_twentieth_of_the_requests_takes_a_twentieth_of_the_energy_at_work():
    assert edited(requests_per_day=525.0).workload("W2").busy_share == SHARE / 20
    assert energy_kwh(edited(requests_per_day=525.0)) == pytest.approx(energy_kwh(PLAN) / 20, rel=0.02)


def test_at_1000_and_at_5250_requests_a_day_the_energy_differs():
    few, more = edited(requests_per_day=1_000.0), edited(requests_per_day=5_250.0)
    assert energy_kwh(more) / energy_kwh(few) == pytest.approx(5.25, rel=0.02)
    assert energy_kwh(few, "held_h") == energy_kwh(more, "held_h")


@pytest.mark.parametrize("changes", [{"operating_days": 45.0}, {"requests_per_day": 2_100.0}])
def test_a_fifth_of_the_days_or_of_the_requests_is_a_fifth_of_the_share(changes):
    assert edited(**changes).workload("W2").busy_share == pytest.approx(SHARE / 5, rel=1e-6)


def test_longer_answers_move_it_by_the_time_that_they_take_one_at_a_time():
    now = ASSISTANT.but(output_tokens=800.0)
    ratio = alone_s(PLAN, now) / alone_s(PLAN, ASSISTANT)
    assert 1.8 < ratio < 2.0  # twice the steps, the same prompt
    assert busy_share_in_step(PLAN, ASSISTANT, now) == pytest.approx(SHARE * ratio, rel=1e-5)


def test_hours_hired_by_the_day_follow_the_days_so_the_share_stays():
    then = Workload(id="W2", hosting="cloud", busy_share=0.3)
    assert busy_share_in_step(PLAN, then, then.but(operating_days=100.0)) == 0.3
    always = then.but(installed_accelerators=4)
    assert busy_share_in_step(PLAN, always, always.but(operating_days=73.0)) == pytest.approx(0.06)


def test_above_all_hours_it_is_worked_out_from_the_load_and_the_way_back_is_exact():
    beyond = edited(requests_per_day=60_000.0)
    assert beyond.workload("W2").busy_share is None
    assert in_step(beyond.with_workload("W2", requests_per_day=10_500.0), ASSISTANT) == PLAN
    assert energy_kwh(beyond) > energy_kwh(PLAN)


def test_requests_above_what_the_seats_make_move_it_no_further():
    assert busy_share_in_step(PLAN, ASSISTANT, ASSISTANT.but(requests_per_day=200_000.0)) == busy_share_in_step(
        PLAN, ASSISTANT, ASSISTANT.but(requests_per_day=900_000.0)
    )


@pytest.mark.parametrize(("requests", "share"), [(52_500.0, 1.0), (52_501.0, None), (6.0, 0.000114286), (5.0, None)])
def test_a_share_that_the_field_cannot_hold_is_worked_out(requests, share):
    assert edited(requests_per_day=requests).workload("W2").busy_share == share


def test_what_was_measured_stands_until_the_machines_or_the_share_are_others():
    now = edited(requests_per_day=1_000.0).workload("W2")
    assert measured_then(PLAN, ASSISTANT, now)
    assert not measured_then(PLAN, ASSISTANT, now.but(busy_share=0.5))
    assert not measured_then(PLAN, ASSISTANT, now.but(model="llama3.1-8b"))
    assert not measured_then(PLAN, None, now)


def test_every_field_of_the_load_is_a_field_of_a_workload():
    assert set(LOAD) <= set(Workload.model_fields)


def test_what_a_meter_saw_may_lie_beyond_what_a_plan_takes():
    busy = ASSISTANT.model_copy(update={"requests_per_day": 1e15, "busy_share": 0.5})
    alone = one_at_a_time(busy)
    assert (alone.requests_per_day, alone.busy_share, alone.batch) == (1e15, None, 1.0)
