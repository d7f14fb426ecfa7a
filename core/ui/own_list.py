"""Own entries as the list tells them: their figures in words, who uses them, and who loses one that is removed."""

from __future__ import annotations

from typing import Any

from core import words
from core.plan import Knob, Plan, Workload, knobs
from core.plan.cells import to_cell
from core.plan.own import Own, OwnPrice
from core.plan.own_catalog import unusable
from core.plan.points import Points
from core.ui import options

FIRST = ("name", "source", "source_date")
USES = ("model", "hardware", "region", "supplier")
NAMED = ("models", "regions")  # tables whose entries have a short name
MOST_NAMED = 5


def users(plan: Plan, entry: Own) -> list[Workload]:
    """The workloads that use an entry, by themselves or through their site, and the Estimate page's question."""
    asked = [*plan.workloads, plan.case]
    if isinstance(entry, OwnPrice):
        return [] if entry.id in unusable(plan) else [w for w in asked if w.hosting == "api" and w.model == entry.model]
    sites = {s.id for s in plan.sites if s.region == entry.id}
    return [w for w in asked if {getattr(w, name) for name in USES} & {entry.id, *sites}]


def used_by(plan: Plan, entry: Own) -> str:
    """Who uses an entry, in short."""
    found = users(plan, entry)
    text = words.count(sum(w is not plan.case for w in found), "workload")
    return f"{text}, the Estimate page" if plan.case in found else text


def figures(entry: Own) -> str:
    """What was typed, in short."""
    skipped = {"id", *FIRST}
    parts = []
    for name, knob in knobs(type(entry)).items():
        value = getattr(entry, name)
        if name in skipped or value in (None, "", ()) or value == type(entry).model_fields[name].default:
            continue
        parts.append(f"{knob.label[:1].lower()}{knob.label[1:]} {_figure(name, knob, value)}")
    return words.markdown_safe(", ".join(parts)) or "–"


def _figure(name: str, knob: Knob, value: Any) -> str:
    """One value in words, with its unit."""
    unit = f"\u00a0{knob.unit}" if knob.unit else ""
    if knob.kind == "points":
        return _by_year(value, unit)
    if knob.kind == "catalog":
        return options.brief(knob.table, value) if knob.table in NAMED else options.table(knob.table).get(value, value)
    if knob.kind == "whole":
        return str(value) if name.endswith("year") else f"{words.figure(value, len(str(value)))}{unit}"
    return f"{words.figure(value)}{unit}" if knob.kind == "number" else options.word(name, to_cell(knob.kind, value))


def _by_year(points: Points, unit: str) -> str:
    """The points in words; a single one holds in every year."""
    said = [words.figure(value) for _, value in points]
    said[0] += unit
    years = [f" in {year}" for year, _ in points] if len(points) > 1 else [""]
    return ", ".join(text + year for text, year in zip(said, years, strict=True))


def lost(plan: Plan, entry: Own) -> list[str]:
    """Who used a removed entry, in a sentence; nothing when nobody did."""
    found = ["the Estimate page's question" if w is plan.case else w.name for w in users(plan, entry)]
    if not found:
        return []
    more = len(found) - MOST_NAMED
    named = [*found[:MOST_NAMED], f"{more} more"] if more > 0 else found
    who = f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]
    if isinstance(entry, OwnPrice):
        loss = (
            "used its prices and take them no longer" if len(found) > 1 else "used its prices and takes them no longer"
        )
    else:
        loss = f"used it and {'have' if len(found) > 1 else 'has'} no figure now"
    return [f"{entry.name} was removed; {who} {loss}. Undo brings it back."]
