"""The plan as a CSV file, and back. Results become CSV in `core/results_table.py`.

One row per record: `plan` first, then each `workload`. Columns are field names; a blank cell means the field's default.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

from core.plan import Plan, Workload, knobs
from core.plan.cells import build, cells, checked
from core.plan.plan import MOST_WORKLOADS

RUNNABLE = "=+-@\t\r"
MOST_CHARACTERS = 5_000_000
MOST_ROWS = 2_000
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
RECORDS: dict[str, type[Plan] | type[Workload]] = {"plan": Plan, "workload": Workload}


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan read from outside, and a sentence for everything that was left out."""

    plan: Plan | None
    problems: tuple[str, ...] = field(default=())


def columns() -> list[str]:
    """Column names of plan.csv: `record`, the plan's fields, then the workload's that are not there yet."""
    return ["record", *dict.fromkeys([*knobs(Plan), *knobs(Workload)])]


def disarm(text: str) -> str:
    """A cell that no spreadsheet runs as a formula.

    >>> disarm("=1+1"), disarm("plain"), disarm("'=1")
    ("'=1+1", 'plain', "''=1")
    """
    return "'" + text if text[:1] in RUNNABLE + "'" and text else text


def arm(text: str) -> str:
    """The text before `disarm`."""
    return text[1:] if text[:1] == "'" and text[1:2] and text[1:2] in RUNNABLE + "'" else text


def write_plan(plan: Plan) -> str:
    """The plan as CSV text with LF line ends."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns(), restval="", lineterminator="\n")
    writer.writeheader()
    records: list[Plan | Workload] = [plan, *plan.workloads]
    for record in records:
        writer.writerow({"record": record.record} | safe_cells(record))
    return out.getvalue()


def safe_cells(record: Plan | Workload) -> dict[str, str]:
    """Field name -> cell text, disarmed; numbers stay numbers."""
    said = knobs(type(record))
    numbers = {"number", "whole"}
    return {name: text if said[name].kind in numbers else disarm(text) for name, text in cells(record).items()}


def read_plan(text: str) -> Reading:
    """The plan in a CSV text, and a sentence with line and column for every cell that was not understood.

    A row with a wrong cell is left out, the rest loads. `plan` is None when nothing could be read at all.
    """
    if len(text) > MOST_CHARACTERS:
        return Reading(None, (f"the file has {len(text):,} characters; the limit is {MOST_CHARACTERS:,} characters",))
    problems: list[str] = []
    rows = _rows(text, problems)
    if rows is None:
        return Reading(None, tuple(problems))
    if len(rows) > MOST_ROWS:
        problems.append(f"the file has {len(rows)} rows; the limit is {MOST_ROWS} rows; the rest was left out")
        rows = rows[:MOST_ROWS]
    fields: dict[str, Any] | None = None
    workloads: dict[str, Workload] = {}
    names = {row.get("id", "") for _, row in rows}
    for line, row in rows:
        kind = row.get("record", "")
        if kind == "plan" and fields is None:
            fields = _plan_fields(line, row, problems)
        elif kind == "plan":
            problems.append(f"line {line}, column record: a second plan row; it was left out")
        elif kind == "workload":
            _add_workload(line, row, workloads, names, problems)
        else:
            problems.append(f"line {line}, column record: '{kind[:40]}' is not a record; it must be plan or workload")
    if fields is None and not workloads:
        return Reading(None, (*problems, "no plan or workload row could be read; nothing was changed"))
    return _assemble(fields or {}, workloads, problems)


def _assemble(fields: dict[str, Any], workloads: dict[str, Workload], problems: list[str]) -> Reading:
    kept = {"workloads": tuple(workloads.values())[:MOST_WORKLOADS]}
    if len(workloads) > MOST_WORKLOADS:
        problems.append(
            f"the file has {len(workloads)} workloads; the limit is {MOST_WORKLOADS}; the rest was left out"
        )
    plan, wrong = build(Plan, fields | kept)
    if plan is None:
        problems += [f"plan row: {sentence}; the years were left out" for sentence in wrong]
        fields = {name: value for name, value in fields.items() if name not in ("first_year", "last_year")}
        plan, wrong = build(Plan, fields | kept)
        problems += wrong
    return Reading(plan, tuple(problems))


def _rows(text: str, problems: list[str]) -> list[tuple[int, dict[str, str]]] | None:
    lines = text.lstrip("\ufeff")
    header = lines.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(lines), delimiter=delimiter, strict=True)
    found: list[tuple[int, dict[str, str]]] = []
    line = 1
    try:
        names = [name.strip() for name in next(reader, [])]
        if "record" not in names:
            problems.append(f"line 1: the column 'record' is missing; this is {_what(names)}")
            return None
        problems += [f"line 1: column '{n[:40]}' is not known and was left out" for n in names if n not in columns()]
        twice = {n for n in names if names.count(n) > 1}
        problems += [f"line 1: column '{n[:40]}' stands there twice; the last one counts" for n in sorted(twice)]
        line = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(row) == len(names):
                    found.append((line, {n: _text(n, c, delimiter) for n, c in zip(names, row, strict=True)}))
                else:
                    problems.append(f"line {line}: {len(row)} cells, not {len(names)}; the row was left out")
            line = reader.line_num + 1
    except csv.Error as error:
        why = "a quotation mark is not closed" if "unexpected end" in str(error) else str(error).partition(" - ")[0]
        problems.append(f"line {line}: {why}; this line and those after it were left out")
    return found


def _what(names: list[str]) -> str:
    return "a results CSV; open the plan CSV of the same plan" if "scenario_id" in names else "not a plan CSV"


def _text(name: str, cell: str, delimiter: str) -> str:
    """A cell's text. Where semicolons part the cells, a comma in a number can only be a decimal comma."""
    text = arm(cell.strip())
    decimal = delimiter == ";" and name in _numbers() and DECIMAL_COMMA.fullmatch(text)
    return text.replace(",", ".") if decimal else text


@cache
def _numbers() -> set[str]:
    return {name for cls in RECORDS.values() for name, knob in knobs(cls).items() if knob.kind in ("number", "whole")}


def _plan_fields(line: int, row: dict[str, str], problems: list[str]) -> dict[str, Any]:
    fields, wrong = checked(Plan, row)
    problems += [f"line {line}, column {name}: {sentence}" for name, sentence in wrong.items()]
    return fields


def _add_workload(
    line: int, row: dict[str, str], workloads: dict[str, Workload], names: set[str], problems: list[str]
) -> None:
    fields, wrong = checked(Workload, row)
    if wrong:
        problems += [f"line {line}, column {name}: {sentence}" for name, sentence in wrong.items()]
        return
    if "id" not in fields:
        taken = names | workloads.keys()
        fields["id"] = next(key for number in count(1) if (key := f"W{number}") not in taken)
    if fields["id"] in workloads:
        problems.append(f"line {line}, column id: '{fields['id']}' is used twice; the second row was left out")
        return
    workload, sentences = build(Workload, fields)
    problems += [f"line {line}: {sentence}" for sentence in sentences]
    if workload is not None:
        workloads[workload.id] = workload
