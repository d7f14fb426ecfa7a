"""CSV text as a plan. Never raises: what cannot be read is left out and told."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from core.plan import Actual, Calibration, HoursFile, InventoryRow, Plan, Record, Search, Target, Workload
from core.plan.cells import build, checked
from core.plan.lever import Lever
from core.plan.limits import MOST_LISTED, MOST_OWN, MOST_WORKLOADS
from core.plan.lines import clashes, unfit
from core.plan.own import OWN, Own, own_id
from core.plan.plan import CASE, TOGETHER
from core.plan.told import told
from core.table.columns import CANDIDATE, ESTIMATE, RECORDS
from core.table.rows import rows_of

R = TypeVar("R", bound=Record)

MOST_CHARACTERS = 5_000_000
MOST_ROWS = 5_000
OWN_FIELDS = {cls.record: field for field, cls in OWN.items()}
LISTED = {
    Lever.record: "levers", CANDIDATE: "candidates", HoursFile.record: "hours_files",
    InventoryRow.record: "inventory", Actual.record: "actuals",
}  # fmt: skip
ONE: dict[str, type[Record]] = {Target.record: Target, Search.record: Search}  # at most one a plan
NUMBERED = {InventoryRow.record: "I", Actual.record: "A"}  # records that are given an id where they have none


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan read from outside, and a sentence for everything that was left out."""

    plan: Plan | None
    problems: tuple[str, ...] = field(default=())


def read_plan(text: str) -> Reading:
    """The plan in a CSV text, and a sentence with line and column for every cell that was not understood.

    A row with a wrong cell is left out, the rest loads. `plan` is None when nothing could be read at all.
    """
    if len(text) > MOST_CHARACTERS:
        return Reading(None, (f"the file has {len(text):,} characters; the limit is {MOST_CHARACTERS:,} characters",))
    problems: list[str] = []
    rows = rows_of(text, problems)
    if rows is None:
        return Reading(None, told(problems))
    if len(rows) > MOST_ROWS:
        problems.append(f"the file has {len(rows)} rows; the limit is {MOST_ROWS} rows; the rest was left out")
        rows = rows[:MOST_ROWS]
    found = _Found({row.get("id", "") for _, row in rows})
    for line, row in rows:
        _read_row(line, row, found, problems)
    if found.plan is None and not found.workloads and not found.own:
        return Reading(None, (*told(problems), "no plan or workload row could be read; nothing was changed"))
    return _assemble(found, problems)


@dataclass(slots=True)
class _Found:
    """What the rows read so far make: `names` are the ids that stand in the file."""

    names: set[str]
    plan: dict[str, Any] | None = None
    workloads: dict[str, Workload] = field(default_factory=dict)
    own: dict[str, Own] = field(default_factory=dict)
    listed: dict[str, dict[str, Any]] = field(default_factory=lambda: {kind: {} for kind in LISTED})
    one: dict[str, Record] = field(default_factory=dict)  # by kind of record
    case: Workload = CASE
    calibrations: dict[str, Calibration] = field(default_factory=dict)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)  # by kind of record and id


def _read_row(line: int, row: dict[str, str], found: _Found, problems: list[str]) -> None:
    kind = row.get("record", "")
    if kind == "plan" and found.plan is None:
        found.plan = _fields(Plan, line, row, problems)
    elif kind == "plan":
        problems.append(f"line {line}, column record: a second plan row; it was left out")
    elif kind == "workload":
        _add_workload(line, row, found, problems)
    elif kind == ESTIMATE:
        case = _record(Workload, line, row | {"id": CASE.id}, problems)
        found.case = case or found.case
    elif kind in OWN_FIELDS:
        _add_own(line, row, found, problems)
    elif kind == Calibration.record:
        _add_calibration(line, row, found, problems)
    elif kind in ONE and kind not in found.one:
        found.one[kind] = ONE[kind](**_fields(ONE[kind], line, row, problems))
    elif kind in ONE:
        problems.append(f"line {line}, column record: a second {kind} row; it was left out")
    elif kind in found.listed:
        _add(kind, line, row, found, problems)
    else:
        known = f"{', '.join([*RECORDS][:-1])} or {[*RECORDS][-1]}"
        problems.append(f"line {line}, column record: '{kind[:40]}' is not a record; it must be {known}")


def _assemble(found: _Found, problems: list[str]) -> Reading:
    kept: dict[str, Any] = {"case": found.case, **{kind: cls() for kind, cls in ONE.items()}, **found.one}
    kept["workloads"] = _at_most(MOST_WORKLOADS, "workloads", found.workloads, problems)
    for name, cls in OWN.items():
        kept[name] = tuple(entry for entry in found.own.values() if isinstance(entry, cls))
        if len(kept[name]) > MOST_OWN:
            problems.append(f"the file has {len(kept[name])} {cls.record} rows; the limit is {MOST_OWN}")
            kept[name] = kept[name][:MOST_OWN]
    ids = {w.id for w in kept["workloads"]}
    kept["calibrations"] = _with_a_workload(found, ids, problems)
    for kind, rows in found.listed.items():
        kept[LISTED[kind]] = _at_most(MOST_LISTED[LISTED[kind]], f"{kind} rows", rows, problems)
    for kind, wrong in (("inventory", clashes(kept["inventory"])), ("actual", unfit(kept["actuals"], ids))):
        rows = kept[LISTED[kind]]
        problems += [f"line {found.lines[kind, rows[n].id]}: {why}; it was left out" for n, why in wrong.items()]
        kept[LISTED[kind]] = tuple(row for place, row in enumerate(rows) if place not in wrong)
    fields = found.plan or {}
    plan, sentences = build(Plan, fields | kept)
    if plan is None:
        problems += [f"plan row: {sentence}; the years and the currency were left out" for sentence in sentences]
        plan, sentences = build(Plan, {name: value for name, value in fields.items() if name not in TOGETHER} | kept)
        problems += sentences
    return Reading(plan, told(problems))


def _at_most(most: int, what: str, rows: dict[str, R], problems: list[str]) -> tuple[R, ...]:
    if len(rows) > most:
        problems.append(f"the file has {len(rows)} {what}; the limit is {most}; the rest was left out")
    return tuple(rows.values())[:most]


def _fields(cls: type[Record], line: int, row: dict[str, str], problems: list[str]) -> dict[str, Any]:
    """The sound cells of a row; what is wrong with the others is told."""
    fields, wrong = checked(cls, row)
    problems += [f"line {line}, column {name}: {sentence}" for name, sentence in wrong.items()]
    return fields


def _record(cls: type[R], line: int, row: dict[str, str], problems: list[str]) -> R | None:
    """A row as a record; None where a cell is wrong or the cells contradict each other, which is told."""
    fields, wrong = checked(cls, row)
    if wrong:
        problems += [f"line {line}, column {name}: {sentence}" for name, sentence in wrong.items()]
        return None
    record, sentences = build(cls, fields)
    problems += [f"line {line}: {sentence}" for sentence in sentences]
    return record


def _add_workload(line: int, row: dict[str, str], found: _Found, problems: list[str]) -> None:
    key = row.get("id", "").strip()
    if not key:
        taken = found.names | found.workloads.keys()
        row = row | {"id": next(key for number in count(1) if (key := f"W{number}") not in taken)}
    workload = _record(Workload, line, row, problems)
    if workload is None:
        return
    if workload.id in found.workloads:
        problems.append(f"line {line}, column id: '{workload.id}' is used twice; the second row was left out")
        return
    found.workloads[workload.id] = workload


def _add_calibration(line: int, row: dict[str, str], found: _Found, problems: list[str]) -> None:
    calibration = _record(Calibration, line, row, problems)
    if calibration is None:
        problems.append(f"line {line}: this calibration was left out; its workload is as estimated")
    elif calibration.id in found.calibrations:
        problems.append(f"line {line}: workload '{calibration.id}' is calibrated twice; the second row was left out")
    else:
        found.calibrations[calibration.id] = calibration
        found.lines[Calibration.record, calibration.id] = line


def _with_a_workload(found: _Found, ids: set[str], problems: list[str]) -> tuple[Calibration, ...]:
    for key in sorted(found.calibrations.keys() - ids):
        line = found.lines[Calibration.record, key]
        problems.append(f"line {line}: the calibration of '{key}' has no workload here; it was left out")
    return tuple(c for key, c in found.calibrations.items() if key in ids)


def _add_own(line: int, row: dict[str, str], found: _Found, problems: list[str]) -> None:
    if not row.get("id", "").strip():
        row = row | {"id": own_id(row.get("name", ""), found.names | found.own.keys())}
    entry = _record(OWN[OWN_FIELDS[row["record"]]], line, row, problems)
    if entry is None:
        problems.append(f"line {line}: your own entry '{row['id'][:44]}' was left out, and so is what uses it")
        return
    if entry.id in found.own:
        problems.append(f"line {line}, column id: '{entry.id}' is used twice; the second row was left out")
        return
    found.own[entry.id] = entry


def _add(kind: str, line: int, row: dict[str, str], found: _Found, problems: list[str]) -> None:
    kept, key = found.listed[kind], row.get("id", "").strip()
    if not key and kind in NUMBERED:
        key = next(
            k
            for number in count(len(kept) + 1)
            if (k := f"{NUMBERED[kind]}{number}") not in (found.names | kept.keys())
        )
    record = _record(RECORDS[kind], line, row | {"id": key}, problems)
    if record is not None and key in kept:
        problems.append(f"line {line}, column id: {kind} '{key}' is used twice; the second row was left out")
    elif record is not None:
        kept[key] = record
        found.lines[kind, key] = line
