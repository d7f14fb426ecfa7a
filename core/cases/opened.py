"""What cases open: workloads, levers and entries of their own, read as strictly as the cases themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core.catalog import Catalog
from core.catalog.rows import Row, read
from core.plan import Record, Workload, knobs
from core.plan.cells import build, checked
from core.plan.lever import Lever
from core.plan.own import OWN, Own

WORKLOADS, LEVERS, ENTRIES = "cases/workloads.csv", "cases/levers.csv", "cases/own.csv"
FIELDS = (
    "name", "kind", "hosting", "model", "precision", "hardware", "accelerators", "batch", "serving", "region",
    "requests_per_day", "input_tokens", "output_tokens", "peak_to_mean", "runs_per_year", "tokens_per_run_m", "epochs",
    "mfu", "operating_days", "growth_low_pct", "growth_central_pct", "growth_high_pct", "installed_accelerators",
    "busy_share", "deferrable_h", "pue",
)  # fmt: skip
LEVER_FIELDS = ("id", "value", "choice", "share", "workloads")
NAMED = ("record", "id", "name", "source")
LENT = ("based_on", "params_total_b", "params_active_b", "experts", "experts_per_token")
RECORDS: dict[str, type[Own]] = {cls.record: cls for cls in OWN.values()}
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Opened:
    """What one case puts into a plan; nothing where it opens none."""

    workloads: tuple[Workload, ...] = ()
    levers: tuple[Lever, ...] = ()
    own: tuple[Own, ...] = ()


def opened(folder: Path, catalog: Catalog, cases: Mapping[str, Row]) -> dict[str, Opened]:
    """Case -> what it opens, from the three files; a line of no case, or of a case without a workload, is refused."""
    workloads = _by_case(read(folder, WORKLOADS, ("case", *FIELDS)), cases)
    levers = _by_case(read(folder, LEVERS, ("case", *LEVER_FIELDS)), workloads, f"not a case of {WORKLOADS}")
    entries = _by_case(read(folder, ENTRIES, ("case", *NAMED, *LENT)), workloads, f"not a case of {WORKLOADS}")
    return {
        key: Opened(
            tuple(_workload(row, number) for number, row in enumerate(rows, 1)),
            tuple(_lever(row, len(rows)) for row in levers.get(key, [])),
            tuple(_entry(row, catalog) for row in entries.get(key, [])),
        )
        for key, rows in workloads.items()
    }


def _by_case(
    rows: list[Row], known: Mapping[str, object], wrong: str = "not an id of cases/cases.csv"
) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.text("case") not in known:
            row.fail("case", wrong)
        found.setdefault(row.text("case"), []).append(row)
    return found


def _workload(row: Row, number: int) -> Workload:
    return _record(row, Workload, {name: row.cells[name] for name in FIELDS} | {"id": f"W{number}"}, "name")


def _lever(row: Row, workloads: int) -> Lever:
    found = _record(row, Lever, {name: row.cells[name] for name in LEVER_FIELDS}, "id")
    known = {f"W{number}" for number in range(1, workloads + 1)}
    if not known.issuperset(found.workloads):
        row.fail("workloads", f"the case has {', '.join(sorted(known))} and no other")
    return found


def _entry(row: Row, catalog: Catalog) -> Own:
    """An entry of one's own: where its figures are from is told by a source of the catalog."""
    row.one_of("record", RECORDS, "record")
    row.one_of("source", catalog.sources, "source")
    cls, source = RECORDS[row.cells["record"]], catalog.sources[row.cells["source"]]
    for name in LENT:
        if row.cells[name] and name not in knobs(cls):
            row.fail(name, f"a {cls.record} has no such field")
    cells = {name: row.cells[name] for name in ("id", "name", *LENT)}
    told = {"source": f"{source.title}, {source.publisher}, {source.year}", "source_date": source.retrieved}
    return _record(row, cls, cells | told, "id")


def _record(row: Row, cls: type[R], cells: Mapping[str, str], column: str) -> R:
    """The record that cells make, or a complaint about the first cell that is wrong."""
    fields, wrong = checked(cls, cells)
    if wrong:
        first = next(iter(wrong))
        row.fail(first if first in row.cells else column, wrong[first])
    record, sentences = build(cls, fields)
    return record or row.fail(column, "; ".join(sentences))
