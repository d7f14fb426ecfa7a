"""The lines of a link as a plan. Never raises: what cannot be read is left at the example's value and listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.link.pack import AS_EXAMPLE, AS_READ, unescape, unpack
from core.link.stamp import NO_STAMP, Stamp
from core.link.stamp_line import read_stamp
from core.link.write import CALIBRATED, LISTED, ONE, SIGNS, calibration_base
from core.plan import Calibration, Plan, Workload, knobs
from core.plan.cells import build, checked
from core.plan.example import example_plan
from core.plan.limits import MOST_LISTED, MOST_OWN, MOST_WORKLOADS
from core.plan.lines import clashes, unfit
from core.plan.own import OWN, PREFIX, Own
from core.plan.plan import CASE, TOGETHER
from core.plan.record import Record
from core.plan.told import told

OWN_SIGNS = {sign: field for field, sign in SIGNS.items()}
LISTED_SIGNS = {sign: field for field, (sign, _) in LISTED.items()}
ONE_SIGNS = {sign: field for field, (sign, _) in ONE.items()}
MOST_CAUSES = 5  # in one sentence
CALLED = {
    "levers": "lever", "hours_files": "hours file", "inventory": "inventory row", "actuals": "actual",
    "candidates": "candidate",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link held: the plan (its valid part), a sentence for each problem, and its stamp."""

    plan: Plan
    problems: tuple[str, ...] = ()
    stamp: Stamp = NO_STAMP

    def nothing_read(self) -> str:
        """Why nothing of the link was taken, in one sentence; empty where all or a part of it was."""
        if not self.problems or self.plan != example_plan():
            return ""
        causes = [problem.removesuffix(AS_EXAMPLE).removesuffix(AS_READ) for problem in self.problems]
        more = f"; and {len(causes) - MOST_CAUSES:,} more like these" if len(causes) > MOST_CAUSES else ""
        return f"nothing of this link could be read: {'; '.join(causes[:MOST_CAUSES])}{more}"


def decode(text: str) -> Opened:
    """The plan in a link. Never raises: what cannot be read is left at the example's value and listed."""
    problems: list[str] = []
    lines = unpack(text, problems)
    stamp = NO_STAMP
    plan_cells: dict[str, str] = {}
    columns: dict[str, dict[int, str]] = {}
    bases: dict[int, str] = {}
    order: list[str] | None = None
    case = CASE
    own: dict[str, dict[str, Own]] = {field: {} for field in OWN}
    metered: list[list[str]] = []
    single: dict[str, Record] = {field: cls() for field, (_, cls) in ONE.items()}
    listed: dict[str, dict[str, Any]] = {field: {} for field in LISTED}
    plan_urls = {knob.url: name for name, knob in knobs(Plan).items()}
    urls = {knob.url: name for name, knob in knobs(Workload).items()}
    for line in lines:
        head, *entries = line.split("\t")
        if head.startswith("!"):
            stamp = read_stamp(head, entries)
        elif head == "@":
            order = [unescape(entry) for entry in entries][:1000]
        elif head == "&":
            bases = _places(entries)
        elif head[:1] == "*" and head[1:] in plan_urls and entries:
            plan_cells[plan_urls[head[1:]]] = unescape(entries[0])
        elif head in urls:
            columns[urls[head]] = _places(entries)
        elif head == "?":
            case = _case(entries, problems)
        elif head[:1] == "+" and head[1:] in OWN_SIGNS and entries:
            _own(OWN_SIGNS[head[1:]], entries, own, problems)
        elif head == CALIBRATED and entries:
            metered.append(entries)
        elif head[:1] == "+" and head[1:] in ONE_SIGNS:
            single[ONE_SIGNS[head[1:]]] = _single(ONE_SIGNS[head[1:]], entries, problems)
        elif head[:1] == "+" and head[1:] in LISTED_SIGNS and entries:
            _add_to(LISTED_SIGNS[head[1:]], listed, entries, problems)
        elif head:
            problems.append(f"the link names a field '{head[:20]}' that this version does not know; it was left out")
    workloads = _workloads(columns, order, bases, problems)
    parts: dict[str, Any] = {"workloads": workloads, "case": case, **single}
    parts |= {field: tuple(found.values()) for field, found in (own | listed).items()}
    known = {w.id for w in workloads[:MOST_WORKLOADS]}
    for field, wrong in (("inventory", clashes(parts["inventory"])), ("actuals", unfit(parts["actuals"], known))):
        problems += [f"{sentence}; it was left out" for sentence in wrong.values()]
        parts[field] = tuple(row for place, row in enumerate(parts[field]) if place not in wrong)
    parts["calibrations"] = _calibrations(metered, workloads, problems)
    return Opened(_plan(plan_cells, parts, problems), told(problems), stamp)


def _named(cls: type[Record], entries: list[str], where: str, problems: list[str]) -> dict[str, str]:
    """Field name -> text, from short names and values."""
    urls = {knob.url: name for name, knob in knobs(cls).items()}
    found = {}
    for entry in entries:
        url, equals, text = entry.partition("=")
        if equals and url in urls and url != "id":
            found[urls[url]] = unescape(text)
        elif entry:
            problems.append(f"{where}: a field '{url[:20]}' is not known to this version; it was left out")
    return found


def _case(entries: list[str], problems: list[str]) -> Workload:
    changed = _named(Workload, entries, "the estimate", problems)
    fields = _changed(Workload, CASE, changed, "the estimate", problems)
    case, wrong = build(Workload, fields | {"id": CASE.id})
    problems += [f"the estimate: {sentence}; it is as at first" for sentence in wrong]
    return case or CASE


def _own(field: str, entries: list[str], own: dict[str, dict[str, Own]], problems: list[str]) -> None:
    """Add an entry of one's own; one that is not valid as a whole is left out with a word."""
    cls, key = OWN[field], PREFIX + unescape(entries[0])
    where = f"own entry '{key[:44]}'"
    fields, wrong = checked(cls, _named(cls, entries[1:], where, problems))
    problems += [f"{where}: {sentence}" for sentence in wrong.values()]
    entry, sentences = build(cls, fields | {"id": key}) if not wrong else (None, [])
    problems += [f"{where}: {sentence}; it was left out" for sentence in sentences]
    if entry is None:
        return
    if any(entry.id in found for found in own.values()) or len(own[field]) >= MOST_OWN:
        problems.append(f"{where} stands in the link twice, or is beyond the {MOST_OWN} of its kind; it was left out")
        return
    own[field][entry.id] = entry


def _calibrations(
    lines: list[list[str]], workloads: tuple[Workload, ...], problems: list[str]
) -> tuple[Calibration, ...]:
    """The calibrations; one that is not valid, or whose workload is not there, is left out with a word."""
    known = {w.id: w for w in workloads[:MOST_WORKLOADS]}
    kept: dict[str, Calibration] = {}
    for key, *entries in lines:
        workload = known.get(unescape(key))
        where = f"calibration of '{unescape(key)[:24]}'"
        if workload is None or workload.id in kept:
            why = "stands in the link twice" if workload else "has no workload in this link"
            problems.append(f"{where} {why}; it was left out")
            continue
        cells = calibration_base(workload) | _named(Calibration, entries, where, problems)
        fields, wrong = checked(Calibration, cells)
        problems += [f"{where}: {sentence}" for sentence in wrong.values()]
        one, sentences = build(Calibration, fields | {"id": workload.id}) if not wrong else (None, [])
        problems += [f"{where}: {sentence}; it was left out" for sentence in sentences]
        if one is not None:
            kept[workload.id] = one
    return tuple(kept.values())


def _single(field: str, entries: list[str], problems: list[str]) -> Record:
    cls, where = ONE[field][1], f"the {field}"
    fields, wrong = checked(cls, _named(cls, entries, where, problems))
    problems += [f"{where}: {sentence}" for sentence in wrong.values()]
    return cls(**fields)


def _add_to(field: str, listed: dict[str, dict[str, Any]], entries: list[str], problems: list[str]) -> None:
    """Add a record that a plan holds a list of; one that is not valid as a whole is left out with a word."""
    cls, name, most = LISTED[field][1], CALLED[field], MOST_LISTED[field]
    key = unescape(entries[0])
    where = f"{name} '{key[:40]}'"
    fields, wrong = checked(cls, _named(cls, entries[1:], where, problems))
    problems += [f"{where}: {sentence}" for sentence in wrong.values()]
    one, sentences = build(cls, fields | {"id": key}) if not wrong else (None, [])
    problems += [f"{where}: {sentence}; it was left out" for sentence in sentences]
    if one is None:
        return
    if key in listed[field] or len(listed[field]) >= most:
        problems.append(f"{where} stands in the link twice, or is beyond the {most}; it was left out")
        return
    listed[field][key] = one


def _places(entries: list[str]) -> dict[int, str]:
    pairs = (entry.partition("=") for entry in entries)
    return {
        int(place): unescape(value) for place, equals, value in pairs if equals and place.isdecimal() and len(place) < 5
    }


def _workloads(
    columns: dict[str, dict[int, str]], order: list[str] | None, bases: dict[int, str], problems: list[str]
) -> tuple[Workload, ...]:
    example = example_plan()
    keys = [w.id for w in example.workloads] if order is None else order
    workloads: dict[str, Workload] = {}
    if any(place >= len(keys) for values in columns.values() for place in values):
        problems.append(f"the link changes a workload beyond its {len(keys)}; that change was left out")
    for place, key in enumerate(keys):
        changed = {name: values[place] for name, values in columns.items() if place in values}
        _add(workloads, example.workload(bases.get(place, key)), key, changed, problems)
    return tuple(workloads.values())


def _plan(plan_cells: dict[str, str], parts: dict[str, Any], problems: list[str]) -> Plan:
    example = example_plan()
    fields = _changed(Plan, example, plan_cells, "plan", problems)
    count = len(parts["workloads"])
    if count > MOST_WORKLOADS:
        problems.append(f"the link has {count} workloads; the limit is {MOST_WORKLOADS}; the rest was left out")
    kept = parts | {"workloads": parts["workloads"][:MOST_WORKLOADS]}
    plan, wrong = build(Plan, fields | kept)
    problems += [f"plan: {sentence}; its years and its currency are as in the example" for sentence in wrong]
    usual = {name: getattr(example, name) for name in TOGETHER}
    return plan or Plan.model_validate(fields | kept | usual)


def _changed(cls: type[Record], base: Any, changed: dict[str, str], where: str, problems: list[str]) -> dict[str, Any]:
    fields, wrong = checked(cls, changed)
    problems += [f"{where}: {sentence}" for sentence in wrong.values()]
    blanked = {name for name, text in changed.items() if not text.strip()}
    kept = {name: getattr(base, name) for name in knobs(cls) if name not in blanked} if base is not None else {}
    return kept | fields


def _add(
    workloads: dict[str, Workload], base: Workload | None, key: str, changed: dict[str, str], problems: list[str]
) -> None:
    where = f"workload '{key[:24]}'"
    if base is not None and base.id == key and not changed and key not in workloads:
        workloads[key] = base
        return
    fields = _changed(Workload, base, changed, where, problems) | {"id": key}
    workload, wrong = build(Workload, fields)
    problems += [f"{where}: {sentence}" for sentence in wrong]
    if workload is None and base is not None:
        workload, _ = build(Workload, {name: getattr(base, name) for name in knobs(Workload)} | {"id": key})
    if workload is None:
        return
    if workload.id in workloads:
        problems.append(f"{where} stands in the link twice; the second was left out")
        return
    workloads[workload.id] = workload
