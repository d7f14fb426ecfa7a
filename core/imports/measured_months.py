"""Months that files cover whole, as measurements of a workload; a month covered in part is told and not kept."""

from __future__ import annotations

from collections.abc import Mapping

from core.imports.periods import Period
from core.imports.usage.record import Amounts
from core.plan import Actual, Plan, Workload

LONGEST_SOURCE = 200


def measured_months(
    months: Mapping[str, Amounts],
    period: Period,
    workload: Workload | None,
    plan: Plan,
    source: str,
    requests_counted: bool,
) -> tuple[tuple[Actual, ...], tuple[str, ...]]:
    """A measurement for each month that is covered whole, and what is to say of the others.

    What else was measured of that month, such as its energy, stays beside it.
    """
    rows, said = [], []
    for month, amounts in sorted(months.items() if period.month_h else ()):
        if month not in period.month_h:
            said.append(
                f"{month} lies outside of the time covered, as a correction does: its amounts are in the volume"
            )
            continue
        if month not in period.whole:
            said.append(f"{month} is covered in part: its volume counts, no measured month is kept")
            continue
        fields = {"output_tokens": amounts.output_tokens}
        if requests_counted:
            fields["requests"] = amounts.requests
        if all(value is None for value in fields.values()):
            continue
        year, number = (int(part) for part in month.split("-"))
        kept = [a for a in plan.actuals if workload is not None and a.workload == workload.id and a.year == year]
        if any(a.month is None for a in kept):
            said.append(f"{month}: the plan holds a measurement of all {year}; the month is not kept beside it")
            continue
        before = next((a for a in kept if a.month == number), None)
        key = workload.id if workload is not None else "new"
        bare = before or Actual(id="A1", workload=key, year=year, month=number, requests=0, source=source)
        more = {} if before is not None else {"requests": None}
        rows.append(bare.but(**more | fields, source=_source(before, source)))
    return tuple(rows), tuple(said)


def _source(before: Actual | None, source: str) -> str:
    """The file, behind what else the measurement is from."""
    if before is None or source in before.source:
        return source if before is None else before.source
    return f"{before.source}; {source}"[:LONGEST_SOURCE]
