"""The plan as CSV text."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable

from core.plan import Plan, Record, Search, Target, knobs
from core.plan.cells import cells
from core.plan.disarmed import disarm
from core.plan.inventory import InventoryRow
from core.plan.plan import CASE
from core.table.columns import CANDIDATE, ESTIMATE, columns


def write_plan(plan: Plan) -> str:
    """The plan as CSV text with LF line ends."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns(), restval="", lineterminator="\n")
    writer.writeheader()
    rows: list[Record] = [plan, *plan.workloads, *(entry for _, entry in plan.own()), *plan.calibrations]
    rows += [*plan.levers, *plan.hours_files, *([plan.target] if plan.target != Target() else [])]
    rows += [*plan.inventory, *plan.actuals, *([plan.search] if plan.search != Search() else [])]
    for record in rows:
        writer.writerow({"record": record.record} | safe_cells(record))
    for lever in plan.candidates:
        writer.writerow({"record": CANDIDATE} | safe_cells(lever))
    if plan.case != CASE:
        writer.writerow({"record": ESTIMATE} | safe_cells(plan.case))
    return out.getvalue()


def write_inventory(rows: Iterable[InventoryRow]) -> str:
    """An inventory as CSV text, in the columns that the import reads; without rows it is an empty form to fill in."""
    names = [name for name in knobs(InventoryRow) if name != "id"]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(safe_cells(row) for row in rows)
    return out.getvalue()


def safe_cells(record: Record) -> dict[str, str]:
    """Field name -> cell text, disarmed; numbers stay numbers."""
    said = knobs(type(record))
    return {n: text if said[n].kind in ("number", "whole") else disarm(text) for n, text in cells(record).items()}


def with_decimal_comma(text: str, numbers: Collection[str]) -> str:
    """The same CSV as many European spreadsheets read it: semicolons between cells, a comma before decimals.

    >>> with_decimal_comma("a,b\\n1.5,1.5\\n", {"a"})
    'a;b\\n1,5;1.5\\n'
    """
    out = io.StringIO()
    reader = csv.DictReader(io.StringIO(text))
    writer = csv.DictWriter(out, list(reader.fieldnames or ()), delimiter=";", lineterminator="\n")
    writer.writeheader()
    for row in reader:
        writer.writerow({name: cell.replace(".", ",") if name in numbers else cell for name, cell in row.items()})
    return out.getvalue()
