"""Measured activity as CSV: one row a workload and month or year, wrong rows left out one by one.

Columns: `workload` (id or name), `period` (2026 or 2026-03) or `year` and `month`, `source`, and what was measured:
`requests`, `runs`, `output_tokens`, `energy_facility_kwh` (or `_mwh`), `carbon_location_kg` (or `_t`) and
`carbon_market_kg` (or `_t`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.imports.by_row import ByRow, Line, lines_of, record_of, source_of, told
from core.plan.actual import MEASURED, Actual
from core.plan.limits import MOST_ACTUALS
from core.plan.lines import unfit
from core.units import KG_PER_T, KWH_PER_MWH

SCALED = {
    "energy_facility_mwh": ("energy_facility_kwh", KWH_PER_MWH),
    "carbon_location_t": ("carbon_location_kg", KG_PER_T),
    "carbon_market_t": ("carbon_market_kg", KG_PER_T),
}
COLUMNS = ("workload", "period", "year", "month", *MEASURED, *SCALED, "source")
NEEDED = (("workload",), ("period", "year"), (*MEASURED, *SCALED))
PERIOD = re.compile(r"(\d{4})(?:-(\d{1,2}))?")


def read(name: str, raw: bytes, workloads: Mapping[str, str], kept: Sequence[Actual] = ()) -> ByRow[Actual]:
    """The measurements of a file, and a sentence for each row that is wrong; RefusedError where it is no such file.

    `workloads` holds the name of each workload of the plan by its id; a row names either. `kept` are the plan's own
    measurements, which stay but for those that a row replaces.
    """
    lines, problems = lines_of(name, raw, COLUMNS, NEEDED)
    taken: list[tuple[Line, Actual]] = []
    for line in lines:
        _plain(line, workloads)
        more = {} if line.cells.get("source") else {"source": source_of(name)}
        row = record_of(Actual, line, {"id": f"line {line.number}"} | more)
        if row is not None:
            taken.append((line, row))
    before = _apart(taken, kept, workloads)
    sound = [row for line, row in taken if not line.wrong]
    room = MOST_ACTUALS - len(before)
    if len(sound) > room:
        said = f"a plan holds {MOST_ACTUALS:,} measurements, and there is room for {room:,}"
        problems.append(f"{said}; the rest was left out")
    return ByRow(tuple(row.but(id=f"A{n}") for n, row in enumerate(sound[:room], 1)), told(lines, problems))


def _apart(taken: Sequence[tuple[Line, Actual]], kept: Sequence[Actual], workloads: Mapping[str, str]) -> list[Actual]:
    """The plan's measurements that stay; rows that contradict these, or one another, are refused, until none does."""
    while True:
        sound = [(line, row) for line, row in taken if not line.wrong]
        replaced = {row.line for _, row in sound}
        before = [row for row in kept if row.line not in replaced]
        wrong = unfit([*before, *(row for _, row in sound)], workloads)
        if not wrong:
            return before
        for place, sentence in wrong.items():
            sound[place - len(before)][0].refuse("", sentence.partition(": ")[2])


def _plain(line: Line, workloads: Mapping[str, str]) -> None:
    """A row with the workload's id, a year and a month, and in the units of the record."""
    for column, (field, factor) in SCALED.items():
        line.scaled(column, field, factor)
    _workload(line, workloads)
    period = line.cells.pop("period", "")
    if not period:
        return
    found = PERIOD.fullmatch(period)
    if found is None or line.cells.get("year"):
        two = "year stands in this row too; give one of the two"
        line.refuse("period", f"period is '{period[:20]}'; it must be 2026 or 2026-03" if found is None else two)
        return
    line.cells |= {"year": found[1], "month": found[2] or ""}


def _workload(line: Line, workloads: Mapping[str, str]) -> None:
    said = line.cells.get("workload", "")
    named = [key for key, name in workloads.items() if name == said]
    if said in workloads or not said:
        return
    if len(named) == 1:
        line.cells["workload"] = named[0]
        return
    why = "two workloads have that name; give the id" if named else f"it must be the id of one: {', '.join(workloads)}"
    line.refuse("workload", f"workload is '{said[:40]}'; {why}"[:400])
