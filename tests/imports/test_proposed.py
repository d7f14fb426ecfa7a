"""What an import proposes: volumes that re-add to the file, choices that stay, months that are kept as measured."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports.proposed import applied, proposals
from core.plan import Actual, Plan
from core.plan.example import example_plan
from core.units import H_PER_DAY, H_PER_YEAR
from tests.imports.readings import APRIL, MARCH, chat, reading, subject

EMPTY = Plan(workloads=())
COUNTS = st.floats(1.0, 1e12)


def imported(plan, found, answers=None):
    """The plan after everything proposed."""
    return applied(plan, proposals(found, plan, answers or {}))


def of_year(workload):
    """Requests, input, cached and output tokens of a year."""
    requests = workload.requests_per_day * workload.operating_days
    read = requests * workload.input_tokens
    return requests, read, read * workload.cached_share, requests * workload.output_tokens


def test_a_month_of_usage_becomes_a_workload_whose_year_re_adds_to_it():
    plan = imported(EMPTY, reading({subject(group="Support"): chat()}))
    one = plan.workloads[0]
    assert (one.model, one.hosting, one.precision, one.region) == ("gpt-5-mini", "api", "fp8", "WORLD")
    assert (one.business_unit, one.name, one.tags) == ("Support", "Support: GPT-5 mini", ("OpenAI",))
    share = 31 * H_PER_DAY / H_PER_YEAR
    assert [value * share for value in of_year(one)] == pytest.approx(
        [138_000, 261_600_000, 42_480_000, 34_780_000], rel=1e-12
    )
    assert plan.actuals == (
        Actual(
            id="A1", workload="W1", year=2026, month=3, requests=138_000, output_tokens=34_780_000, source="march.json"
        ),
    )


@settings(max_examples=25, deadline=None)
@given(requests=COUNTS, each_read=st.floats(0, 1e6), each_written=st.floats(1.001, 1e5), cached=st.floats(0, 1),
       days=st.integers(1, 31))  # fmt: skip
def test_whatever_the_file_holds_its_totals_are_those_of_the_plan(requests, each_read, each_written, cached, days):
    requests = min(requests, 1e10 * days)
    amounts = chat(requests, requests * each_read, requests * each_read * cached, requests * each_written)
    end = datetime(2026, 4, 1, tzinfo=UTC) if days == 31 else datetime(2026, 3, days + 1, tzinfo=UTC)
    one = proposals(reading({subject(): amounts}, (MARCH[0], end)), EMPTY)[0]
    assert one.covered_share == days / 365
    found = [value * one.covered_share for value in of_year(one.workload)]
    told = [amounts.requests, amounts.input_tokens, amounts.cached_tokens, amounts.output_tokens]
    assert found == pytest.approx(told, rel=1e-12, abs=1e-300)


def test_the_same_file_twice_is_the_same_plan():
    found = reading({subject(): chat(), subject("gpt-5"): chat(10, 20, 0, 30)})
    once = imported(example_plan(), found)
    again = proposals(found, once)
    assert {one.action for one in again} == {"update"}
    assert [one.differences for one in again] == [(), ()]
    assert applied(once, again) == once


def test_workloads_that_no_file_filled_stay_as_they_are():
    plan = imported(example_plan(), reading({subject(): chat()}))
    assert plan.workloads[:-1] == example_plan().workloads
    assert plan.workloads[-1].id == "W7"


def test_the_next_month_changes_the_volume_and_no_choice():
    plan = imported(EMPTY, reading({subject("gpt-5-mini-2025-08-07"): chat()}))
    chosen = {
        "name": "Ours", "model": "gpt-4o", "region": "SE", "precision": "bf16", "operating_days": 250, "owner": "Me",
        "peak_to_mean": 5, "tags": ("kept",), "business_unit": "Sales", "hosting": "own", "hardware": "H200",
    }  # fmt: skip
    plan = plan.with_workload("W1", **chosen)
    later = reading({subject("gpt-5-mini-2026-04-02", "2026-04"): chat(200_000, 5e8, 1e8, 6e7)}, APRIL, "april.json")
    (one,) = proposals(later, plan)
    assert [name for name, _, _ in one.differences] == [
        "requests_per_day",
        "input_tokens",
        "output_tokens",
        "cached_share",
    ]
    after = applied(plan, [one])
    same = after.workloads[0].but(**{name: getattr(plan.workloads[0], name) for name, _, _ in one.differences})
    assert same == plan.workloads[0]
    share = 30 * H_PER_DAY / H_PER_YEAR
    assert [v * share for v in of_year(after.workloads[0])] == pytest.approx([200_000, 5e8, 1e8, 6e7], rel=1e-12)
    assert [(row.period, row.requests) for row in after.actuals] == [("2026-03", 138_000), ("2026-04", 200_000)]


def test_a_later_months_difference_is_told_against_the_plan_with_its_growth():
    plan = imported(EMPTY.but(first_year=2025), reading({subject(): chat()}))
    plan = plan.with_workload("W1", growth_low_pct=10, growth_central_pct=50, growth_high_pct=90)
    (one,) = proposals(reading({subject(month="2026-04"): chat(270_000, 5e8, 1e8, 6e7)}, APRIL), plan)
    planned = 138_000 / 31 * 1.5 * 30
    assert one.against[0].quantity == "requests"
    assert one.against[0].planned == pytest.approx(planned, rel=1e-12)
    assert one.against[0].difference_pct == pytest.approx((270_000 / planned - 1) * 100)
    assert "requests: 270,000 in the files, 200,323 in the plan for that time: 34.8 % more" in one.said
    after = applied(plan, [one]).workloads[0]
    assert of_year(after)[0] * 1.5 * 30 / 365 == pytest.approx(270_000, rel=1e-12)
    assert after.growth_central_pct == 50
