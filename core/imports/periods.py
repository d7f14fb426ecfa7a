"""The time that usage covers, by month, and the share of a year that this is; no season is guessed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.imports.rates import year_share
from core.imports.usage.reading import Covered, UsageReading
from core.units import H_PER_DAY, PERCENT, S_PER_H

DAY = timedelta(days=1)
FEW_DAYS = 28.0  # under the shortest month
UNKNOWN_DAYS = 30.0  # assumed where a file tells no time, until its owner says


@dataclass(frozen=True, slots=True)
class Period:
    """Hours covered by month (2026-03), and of each month whether every hour of it is. `said` tells how in words."""

    month_h: Mapping[str, float]
    whole: frozenset[str]
    covered_h: float
    said: str

    @property
    def days(self) -> float:
        """Days covered."""
        return self.covered_h / H_PER_DAY

    @property
    def year_share(self) -> float:
        """Share of a year of 365 days; above 1 where it covers more."""
        return year_share(self.covered_h)


def month_length_h(month: str) -> float:
    """Hours of a month.

    >>> month_length_h("2028-02") / 24
    29.0
    """
    year, number = (int(part) for part in month.split("-"))
    return monthrange(year, number)[1] * H_PER_DAY


def months_of(reading: UsageReading, service: str) -> dict[str, Covered]:
    """By month, the time that rows of a service cover; of several services each covers a time of its own."""
    found: dict[str, Covered] = {}
    for subject, covered in reading.covered.items():
        if subject.service == service and subject.month:
            before = found.get(subject.month)
            found[subject.month] = covered if before is None else before.and_also(covered.start, covered.end)
    return dict(sorted(found.items()))


def period_of(months: Mapping[str, Covered], answered_days: float | None = None, by_the_hour: bool = False) -> Period:
    """The time that months of usage cover, each from its first row to its last; a day begun counts as a whole one.

    `by_the_hour` counts hours as they are, as of counters that are read at two times. `answered_days` is what its
    owner says instead; months then take their share of it.
    """
    stretches = {month: _stretch(covered, by_the_hour) for month, covered in months.items() if month}
    month_h = _gaps_closed(stretches, by_the_hour)
    found_h = sum(month_h.values())
    if answered_days is not None:
        scale = answered_days * H_PER_DAY / found_h if found_h else 1.0
        scaled = {month: hours * scale for month, hours in month_h.items()}
        return Period(scaled, _whole(scaled), answered_days * H_PER_DAY, f"{answered_days:,.4g} days, as you say")
    if not found_h:
        said = f"the file tells no time; {UNKNOWN_DAYS:.0f} days are assumed until you say"
        return Period({}, frozenset(), UNKNOWN_DAYS * H_PER_DAY, said)
    return Period(month_h, _whole(month_h), found_h, _said(stretches, found_h, _rounded(months, stretches)))


def _rounded(months: Mapping[str, Covered], stretches: Mapping[str, tuple[datetime, datetime]]) -> bool:
    """Whether a first or last day was begun and counts as a whole one."""
    first, last = min(months), max(months)
    return stretches[first][0] != months[first].start or stretches[last][1] != months[last].end


def _whole(month_h: Mapping[str, float]) -> frozenset[str]:
    return frozenset(month for month, hours in month_h.items() if hours >= month_length_h(month))


def _stretch(covered: Covered, by_the_hour: bool) -> tuple[datetime, datetime]:
    start, end = covered.start.astimezone(UTC), covered.end.astimezone(UTC)
    if by_the_hour and end > start:
        return start, end
    first = start.replace(hour=0, minute=0, second=0, microsecond=0)
    last = end.replace(hour=0, minute=0, second=0, microsecond=0)
    return first, last + DAY if end > last or last == first else last


def _gaps_closed(months: Mapping[str, tuple[datetime, datetime]], by_the_hour: bool) -> dict[str, float]:
    """Hours by month; between one month and the next that has rows, no quiet day is taken for one not covered."""
    found: dict[str, float] = {}
    for month, (start, end) in months.items():
        first = datetime(*(int(part) for part in month.split("-")), 1, tzinfo=UTC)  # type: ignore[arg-type, misc]
        after = first + timedelta(hours=month_length_h(month))
        before = (first - DAY).strftime("%Y-%m") in months
        behind = after.strftime("%Y-%m") in months
        begun = first if before and not by_the_hour else max(start, first)
        ended = after if behind and not by_the_hour else min(end, after)
        found[month] = max((ended - begun).total_seconds() / S_PER_H, 0.0)
    return found


def _said(months: Mapping[str, tuple[datetime, datetime]], covered_h: float, rounded: bool) -> str:
    first, last = min(start for start, _ in months.values()), max(end for _, end in months.values())
    last -= timedelta(microseconds=1)
    days = f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    count = covered_h / H_PER_DAY
    length = f"{count:,.4g} {'day' if count == 1 else 'days'}" if count >= 1 else f"{covered_h:,.3g} hours"
    more = ", a day begun counted as a whole one" if rounded else ""
    short = "; a year made of so little may be far off" if count < FEW_DAYS else ""
    return f"{days}, {length} covered{more}: {year_share(covered_h) * PERCENT:.1f} % of a year{short}"
