"""What differs between two plans: each changed input with what it does alone, and every field in a table."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from core import charts, table, words
from core.decide.between import Between, Step
from core.plan import Plan, knobs
from core.store.changes import Change, changes
from core.table import RECORDS
from core.ui.compare import Chosen
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import scale_for, section, small
from core.ui.shown import table as shown_table
from core.units import PERCENT

MOST_BARS = 8  # the largest steps; the rest in one bar
MOST_ROWS = 200
BLANK = "–"
LEAST_SHARE = 0.005  # of the larger plan: a smaller remainder has no bar
RECORD_NAMES = {
    "plan": "Plan", "estimate": "The estimate", "custom_model": "Own model", "custom_device": "Own accelerator",
    "custom_region": "Own grid", "custom_site": "Own site", "custom_supplier": "Own supplier",
    "custom_price": "Own price", "calibration": "Meter of", "lever": "Lever", "hours_file": "Hourly file",
    "target": "Target", "inventory": "Inventory row", "actual": "Measurement", "search": "Search",
    "candidate": "Candidate",
}  # fmt: skip


def steps(view: Between) -> None:
    """A waterfall from A to B: each changed input alone, then what they do together beyond that."""
    section("What makes the difference", f"Each changed input taken into A alone, {view.year}, central case")
    first, second = view.answer.first[1], view.answer.second[1]
    if not view.steps or not all(map(isfinite, (first, second, view.together_kg))):
        st.markdown(small("No input that moves a figure differs." if not view.steps else "No figure."))
        return
    scale = scale_for("kg", (first, second))
    ordered = sorted(view.steps, key=lambda step: -abs(step.central_kg))
    parts = [(name(view, step), step.central_kg, "part") for step in ordered[:MOST_BARS]]
    rest = sum(step.central_kg for step in ordered[MOST_BARS:])
    parts += [(f"{len(ordered) - MOST_BARS} smaller ones", rest, "part")] if len(ordered) > MOST_BARS else []
    if abs(view.together_kg) > LEAST_SHARE * max(first, second):
        parts.append(("Together, beyond the sum", view.together_kg, "overlap"))
    rows, at = [_bar("A", 0.0, first, "total", words.quantity(first, scale), scale.divisor)], first
    for told, kg, kind in parts:
        rows.append(_bar(told, at, at + kg, kind, words.signed_quantity(kg, scale), scale.divisor))
        at += kg
    rows.append(_bar("B", 0.0, second, "total", words.quantity(second, scale), scale.divisor))
    full = {
        "Changed input": [name(view, step) for step in ordered],
        "Alone": [words.signed_quantity(step.central_kg, scale) for step in ordered],
        "80 % range": [
            f"{words.signed_quantity(step.low_kg, scale)} to {words.signed_quantity(step.high_kg, scale)}"
            for step in ordered
        ],
    }
    chart(charts.ladder(rows, "From plan A to plan B", is_dark()), _summary(view, ordered), full)
    if view.left_out:
        st.markdown(small(f"{view.left_out} further changes are in the last bar alone."))


def _bar(step: str, start: float, end: float, kind: str, label: str, divisor: float) -> dict[str, object]:
    return {"step": step, "start": start / divisor, "end": end / divisor, "kind": kind, "label": label}


def _summary(view: Between, ordered: list[Step]) -> str:
    largest, base = ordered[0], view.answer.first[1]
    share = f", {abs(largest.central_kg) / base * PERCENT:.0f} % of A" if base else ""
    told = f"{words.count(len(ordered), 'changed input')}; the largest is “{name(view, largest)}”{share}."
    return told if view.together_kg == 0 else f"{told} Alone effects do not add up: inputs act on one another."


def name(view: Between, step: Step) -> str:
    """A changed input in words: whose it is, and its label."""
    plans = (view.second.plan, view.first.plan)
    whose = _whose(plans, step.record, step.id)
    said = knobs(RECORDS[step.record]) if step.record in RECORDS else {}
    fields = ", ".join(said[field].label.lower() for field in step.fields[:3] if field in said)
    if step.fields:
        return f"{whose}: {fields}" if whose != RECORD_NAMES["plan"] else words.capital(fields)
    return f"{whose} {'added' if _has(view.second.plan, step) else 'taken out'}"


def _has(plan: Plan, step: Step) -> bool:
    """Whether a plan has the record of a step."""
    lists = (plan.workloads, plan.levers, plan.hours_files) if step.record != "calibration" else (plan.calibrations,)
    return any(record.id == step.id and record.record == step.record for found in lists for record in found)


def _whose(plans: tuple[Plan, ...], record: str, key: str) -> str:
    """The record's own name, else its kind and id."""
    if record in ("workload", "calibration"):
        found = next((w.name for plan in plans if (w := plan.workload(key))), key)
        return found if record == "workload" else f"{RECORD_NAMES[record]} {found}"
    if record == "lever":
        lever = next((one for plan in plans for one in plan.levers if one.id == key), None)
        return f"Lever {lever.kind().name.lower()}" if lever else f"Lever {key}"
    return f"{RECORD_NAMES.get(record, record)} {key}".strip()


def differing(first: Chosen, second: Chosen) -> None:
    """Every field that differs, as both plans have it."""
    found = _by_record(changes(table.write_plan(first.plan), table.write_plan(second.plan)))
    section("Inputs that differ", words.count(len(found), "field") if found else "none")
    if not found:
        return
    box = st.expander("Every field", key="compare_fields", on_change="rerun")
    if not box.open:
        return
    with box:
        plans = (second.plan, first.plan)
        shown = found[:MOST_ROWS]
        shown_table(
            {
                "Of": [_whose(plans, one.record, one.id) for one in shown],
                "Field": [_label(one) for one in shown],
                "A": [one.old or BLANK for one in shown],
                "B": [one.new or BLANK for one in shown],
            }
        )
        if len(found) > MOST_ROWS:
            st.markdown(small(f"The first {MOST_ROWS} of {len(found)}."))


def _by_record(found: list[Change]) -> list[Change]:
    """The changes, of a record that only one of both has a single one."""
    lone = {(one.record, one.id) for one in found if one.field == "id"}
    kept = [one for one in found if (one.record, one.id) not in lone]
    ids = [one for one in found if one.field == "id"]
    return kept + [Change(one.record, one.id, "id", one.old and "there", one.new and "there") for one in ids]


def _label(change: Change) -> str:
    if change.field == "id":
        return "all of it"
    said = knobs(RECORDS[change.record]) if change.record in RECORDS else {}
    return said[change.field].label if change.field in said else change.field
