"""Rows of an inventory and measurements side by side: which of them count something twice, and how new ones join."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import count
from typing import TypeVar

from core.plan.actual import Actual
from core.plan.inventory import InventoryRow

R = TypeVar("R", InventoryRow, Actual)


def clashes(rows: Sequence[InventoryRow]) -> dict[int, str]:
    """Place -> why that row cannot stand beside those before it."""
    found: dict[int, str] = {}
    ids: set[str] = set()
    lines: dict[object, str] = {}
    for place, row in enumerate(rows):
        if row.id in ids:
            found[place] = f"inventory row '{row.id}' stands there twice; each row has an id of its own"
        elif row.line in lines:
            found[place] = (
                f"inventory row '{row.id}': {row.called} stands in row '{lines[row.line]}' too, with the same note; "
                "rows whose notes differ add up"
            )
        else:
            ids.add(row.id)
            lines[row.line] = row.id
    return found


def unfit(rows: Sequence[Actual], workloads: Collection[str]) -> dict[int, str]:
    """Place -> why that measurement cannot stand: no such workload here, or the time is measured by one before it."""
    found: dict[int, str] = {}
    ids: set[str] = set()
    lines: dict[object, str] = {}
    months: dict[tuple[str, int], str] = {}
    for place, row in enumerate(rows):
        year = (row.workload, row.year)
        whole = lines.get((*year, None)) if row.month else months.get(year)
        if row.id in ids:
            found[place] = f"actual '{row.id}' stands there twice; each has an id of its own"
        elif row.workload not in workloads:
            found[place] = f"actual '{row.id}' names workload '{row.workload}', which is not in this plan"
        elif row.line in lines:
            found[place] = f"actual '{row.id}': {row.workload} in {row.period} is measured by '{lines[row.line]}' too"
        elif whole:
            found[place] = (
                f"actual '{row.id}': {row.workload} in {row.year} is measured as a whole year and by months "
                f"('{whole}'); keep one of them"
            )
        else:
            ids.add(row.id)
            lines[row.line] = row.id
            if row.month:
                months.setdefault(year, row.id)
    return found


def joined(old: Iterable[R], new: Iterable[R], letter: str) -> tuple[R, ...]:
    """Old rows with new ones in place of those of the same line, or added; an id that is taken gives way to a free one.

    >>> row = Actual(id="A1", workload="W1", year=2026, requests=5.0, source="log")
    >>> [(r.id, r.year) for r in joined([row], [row.but(requests=6.0), row.but(year=2027)], "A")]
    [('A1', 2026), ('A2', 2027)]
    """
    kept = {row.line: row for row in old}
    taken = {row.id for row in kept.values()}
    numbers = count(1)
    for row in new:
        before = kept.get(row.line)
        key = before.id if before else row.id
        while before is None and key in taken:
            key = f"{letter}{next(numbers)}"
        taken.add(key)
        kept[row.line] = row if row.id == key else row.but(id=key)
    return tuple(kept.values())
