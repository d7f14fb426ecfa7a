"""The time that usage covers: by month, whole days, the share of a year, and what its owner says instead."""

from datetime import UTC, datetime

import pytest

from core.imports.periods import month_length_h, months_of, period_of
from core.imports.usage.reading import Covered
from tests.imports.readings import chat, reading, subject


def utc(month, day, hour=0, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def period(*spans, **more):
    """The period of spans, each in its own month."""
    return period_of({f"{a:%Y-%m}": Covered(a, b) for a, b in spans}, **more)


def test_a_whole_month_is_its_days_of_a_year():
    found = period((utc(3, 1), utc(4, 1)))
    assert (found.days, found.year_share, found.whole) == (31, 31 / 365, {"2026-03"})
    assert found.said == "2026-03-01 to 2026-03-31, 31 days covered: 8.5 % of a year"


def test_a_day_begun_counts_as_a_whole_one_and_is_told():
    found = period((utc(3, 2, 9, 30), utc(3, 4, 11)))
    assert found.days == 3
    assert found.whole == set()
    assert found.said.startswith("2026-03-02 to 2026-03-04, 3 days covered, a day begun counted as a whole one: 0.8 %")
    assert found.said.endswith(" of a year; a year made of so little may be far off")


def test_counters_cover_the_hours_between_two_scrapes():
    found = period((utc(3, 2, 9), utc(3, 2, 10)), by_the_hour=True)
    assert (found.covered_h, found.said) == (
        1,
        "2026-03-02, 1 hours covered: 0.0 % of a year; a year made of so little may be far off",
    )


def test_quiet_days_between_two_months_are_covered_and_at_the_ends_are_not():
    found = period((utc(1, 10), utc(1, 28)), (utc(2, 3), utc(2, 25)), (utc(3, 2), utc(3, 20)))
    assert {month: hours / 24 for month, hours in found.month_h.items()} == {
        "2026-01": 22,
        "2026-02": 28,
        "2026-03": 19,
    }
    assert found.whole == {"2026-02"}


def test_a_month_without_a_row_is_not_covered():
    found = period((utc(1, 1), utc(2, 1)), (utc(3, 1), utc(4, 1)))
    assert found.days == 62
    assert found.whole == {"2026-01", "2026-03"}


def test_what_its_owner_says_takes_the_place_of_what_was_found():
    found = period((utc(3, 2), utc(3, 4)), answered_days=31)
    assert (found.days, found.whole, found.said) == (31, {"2026-03"}, "31 days, as you say")


def test_without_any_time_thirty_days_are_assumed_and_told():
    found = period_of({})
    assert (found.days, found.month_h) == (30, {})
    assert "30 days are assumed" in found.said
    assert period_of({}, answered_days=7).days == 7


def test_each_service_covers_a_time_of_its_own():
    spans = {subject(): (utc(3, 1), utc(4, 1)), subject(service="Azure"): (utc(3, 5), utc(3, 6))}
    found = reading({one: chat() for one in spans}, spans)
    assert period_of(months_of(found, "OpenAI")).days == 31
    assert period_of(months_of(found, "Azure")).days == 1


@pytest.mark.parametrize(("month", "days"), [("2026-02", 28), ("2028-02", 29), ("2026-12", 31)])
def test_months_have_their_own_lengths(month, days):
    assert month_length_h(month) == days * 24
