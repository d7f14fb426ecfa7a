"""Measured beside planned as a tidy CSV: a row a measurement, quantity and cause, whose parts add up again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.plan.disarmed import csv_of
from core.results.draws import interval
from core.targets.actuals import Beside, Compared

COLUMNS = (
    "workload", "workload_name", "period", "quantity", "measured", "planned", "planned_low", "planned_high",
    "difference", "cause", "part", "part_low", "part_high", "source", "reason",
)  # fmt: skip
Row = dict[str, object]


def write_actuals(rows: Sequence[Beside]) -> str:
    """Every measurement beside the plan, with LF line ends; what is not known is a blank cell."""
    return csv_of(COLUMNS, (found for row in rows for found in _rows(row)))


def _rows(row: Beside) -> Iterator[Row]:
    """Rows of one measurement: a part each, or one alone where a difference has no parts."""
    named: Row = {
        "workload": row.workload.id, "workload_name": row.workload.name, "period": row.actual.period,
        "source": row.actual.source, "reason": row.reason,
    }  # fmt: skip
    if not row.compared:
        yield named
    for one in row.compared:
        yield from (named | part for part in _parts(one))


def _parts(one: Compared) -> Iterator[Row]:
    low, mid, high = interval(one.planned)
    whole: Row = {
        "quantity": one.quantity, "measured": one.measured, "planned": mid, "planned_low": low, "planned_high": high,
        "difference": one.difference,
    }  # fmt: skip
    if not one.parts:
        yield whole
    for part in one.parts:
        low, mid, high = interval(part.amount)
        yield whole | {"cause": "+".join(part.causes), "part": mid, "part_low": low, "part_high": high}
