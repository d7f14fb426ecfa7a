"""The plan as the lines of a link: what differs from the built-in example, or from the fields' defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.link.pack import escape
from core.link.stamp import Stamp
from core.link.stamp_line import stamp_line
from core.plan import Actual, Calibration, HoursFile, InventoryRow, Plan, Record, Search, Target, Workload, knobs
from core.plan.calibration import SETTING
from core.plan.cells import cells, default_cells
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.plan.own import PREFIX
from core.plan.plan import CASE

# Signs that open the line of a record, by field of the plan; then those of own entries, and of what a plan has one of.
LISTED: dict[str, tuple[str, type[Record]]] = {
    "levers": ("l", Lever), "hours_files": ("h", HoursFile), "inventory": ("i", InventoryRow), "actuals": ("a", Actual),
    "candidates": ("c", Lever),
}  # fmt: skip
SIGNS = {"models": "m", "devices": "d", "regions": "r", "sites": "s", "suppliers": "u", "prices": "p"}
ONE: dict[str, tuple[str, type[Record]]] = {"target": ("t", Target), "search": ("o", Search)}
CALIBRATED = "%"  # opens the line of a calibration


def lines(plan: Plan, stamp: Stamp) -> list[str]:
    """The lines of a link, the stamp first."""
    example = example_plan()
    found = [stamp_line(stamp)]
    if [w.id for w in plan.workloads] != [w.id for w in example.workloads]:
        found.append("\t".join(["@", *(escape(w.id) for w in plan.workloads)]))
    base = cells(example)
    for name, text in cells(plan).items():
        if text != base[name]:
            found.append(f"*{knobs(Plan)[name].url}\t{escape(text)}")
    return [
        *(found + _columns(plan, example) + _case(plan.case)),
        *_own(plan),
        *_calibrations(plan),
        *(line for field, (sign, _) in ONE.items() for line in _single(sign, getattr(plan, field))),
        *(line for field, (sign, _) in LISTED.items() for line in _named(sign, getattr(plan, field))),
    ]


def _nearest(example: Plan, workload: Workload) -> Workload | None:
    """The example workload that this one differs least from, its namesake first; None: the field defaults."""
    usual = example.workload(workload.id)
    mine = cells(workload)
    candidates = [usual, *(base for base in [None, *example.workloads] if base is not usual)]
    return min(candidates, key=lambda base: sum(mine[n] != text for n, text in _cells(base, workload).items()))


def _cells(base: Workload | None, workload: Workload) -> dict[str, str]:
    """What a link leaves out of a workload: its base's fields, else the defaults, which depend on the hosting."""
    if base is not None:
        return cells(base)
    return cells(Workload(id="new", hosting=workload.hosting)) | {"hosting": cells(Workload(id="new"))["hosting"]}


def _columns(plan: Plan, example: Plan) -> list[str]:
    found: dict[str, list[str]] = {}
    for place, workload in enumerate(plan.workloads):
        if workload == example.workload(workload.id):
            continue
        base = _nearest(example, workload)
        if base is not example.workload(workload.id):
            found.setdefault("&", []).append(f"{place}={escape(base.id) if base else ''}")
        was = _cells(base, workload)
        for name, text in cells(workload).items():
            if text != was[name] and name != "id":
                found.setdefault(knobs(Workload)[name].url, []).append(f"{place}={escape(text)}")
    return ["\t".join([url, *entries]) for url, entries in found.items()]


def _case(case: Workload) -> list[str]:
    """The Estimate page's question, where it is not the usual one."""
    changed = _changed(cells(CASE), case)
    return ["\t".join(["?", *changed])] if changed else []


def _own(plan: Plan) -> list[str]:
    """One line an entry of one's own: its id, then every field that is not the default."""
    return [
        "\t".join(
            [f"+{SIGNS[field]}", escape(entry.id.removeprefix(PREFIX)), *_changed(default_cells(type(entry)), entry)]
        )
        for field, entry in plan.own()
    ]


def calibration_base(workload: Workload | None) -> dict[str, str]:
    """What a calibration's line leaves out: the setting as its workload stands, and the fields' defaults."""
    mine = cells(workload) if workload else {}
    return default_cells(Calibration) | {name: mine[name] for name in SETTING if name in mine}


def _calibrations(plan: Plan) -> list[str]:
    """One line a calibration: its workload, then every field in which it differs from that."""
    return [
        "\t".join([CALIBRATED, escape(c.id), *_changed(calibration_base(plan.workload(c.id)), c)])
        for c in plan.calibrations
    ]


def _single(sign: str, record: Record) -> list[str]:
    """What is asked of the target or the search, where anything is."""
    changed = _changed(default_cells(type(record)), record)
    return ["\t".join([f"+{sign}", *changed])] if changed else []


def _named(sign: str, records: Sequence[Lever | HoursFile | InventoryRow | Actual]) -> list[str]:
    """One line a record: its id, then every field that is not the default."""
    return ["\t".join([f"+{sign}", escape(one.id), *_changed(default_cells(type(one)), one)]) for one in records]


def _changed(was: Mapping[str, str], now: Record) -> list[str]:
    """The fields that differ from the cells given, as short name and value."""
    said = knobs(type(now))
    changed = ((name, text) for name, text in cells(now).items() if text != was[name] and name != "id")
    return [f"{said[name].url}={escape(text)}" for name, text in changed]
