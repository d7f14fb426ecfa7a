"""What a meter says, beside what was estimated, as text."""

from datetime import date

from core.words.figures import DASH, GLUE, figure, signed_percent
from core.words.sentences import MONTHS


def times(factor: float) -> str:
    """Measured over estimated, as people say it.

    >>> times(1.304), times(1.0), times(0.48)
    ('1.30 times', 'as much as', '0.48 times')
    """
    text = figure(factor, 3 if factor >= 1 else 2)
    return "as much as" if text == "1.00" else f"{text} times"


def range_of(low: float, high: float) -> str:
    """A range around a middle of 1, as a change from it.

    >>> range_of(0.92, 1.08)
    '−8.0\\xa0%\\xa0to\\xa0+8.0\\xa0%'
    """
    return f"{signed_percent(low - 1)} to {signed_percent(high - 1)}".replace(" ", GLUE)


def period(first_day: str, last_day: str) -> str:
    """The days of a period, both ends included.

    >>> period("2026-03-01", "2026-03-30"), period("2026-03-01", "2026-03-01")
    ('1\\u2060–\\u206030\\xa0March\\xa02026', '1\\xa0March\\xa02026')
    >>> period("2026-03-01", "2026-04-02"), period("2025-12-01", "2026-01-31")
    ('1\\xa0March to 2\\xa0April\\xa02026', '1\\xa0December\\xa02025 to 31\\xa0January\\xa02026')
    """
    first, last = (date.fromisoformat(day) for day in (first_day, last_day))
    end = f"{last.day}{GLUE}{MONTHS[last.month - 1]}{GLUE}{last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{DASH}{end}"
    start = f"{first.day}{GLUE}{MONTHS[first.month - 1]}"
    return f"{start} to {end}" if first.year == last.year else f"{start}{GLUE}{first.year} to {end}"
