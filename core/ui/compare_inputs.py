"""What makes the difference: every changed input with its part of it, and every field that differs in a table."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import streamlit as st

from core import charts, table, words
from core.decide.between import Between
from core.decide.changed import Changed
from core.decide.shares import Shared, Step, shared
from core.plan import Plan, knobs
from core.store.changes import Change, changes
from core.table import RECORDS
from core.ui import compare_wait
from core.ui.compare import Seen, known, scale_of
from core.ui.compare_given import Chosen
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import section, small
from core.ui.shown import table as shown_table
from core.units import PERCENT
from core.words import Scale

MOST_BARS = 8  # the largest parts; the rest in one bar
MOST_ROWS = 200
BLANK = "–"
PAIR = "compare_pair"
RECORD_NAMES = {
    "plan": "Plan", "estimate": "The estimate", "custom_model": "Own model", "custom_device": "Own accelerator",
    "custom_region": "Own grid", "custom_site": "Own site", "custom_supplier": "Own supplier",
    "custom_price": "Own price", "calibration": "Meter of", "lever": "Lever", "hours_file": "Hourly file",
    "target": "Target", "inventory": "Inventory row", "actual": "Measurement", "search": "Search",
    "candidate": "Candidate",
}  # fmt: skip


def parts(others: Sequence[Seen]) -> None:
    """A waterfall from A to a plan: each changed input's part of the difference; all parts add up to it."""
    found = dict(known(others))
    letters = list(found)
    section("What makes the difference", "Each changed input's mean over all orders of the changes: the parts add up")
    letter = letters[0]
    if len(letters) > 1:
        picked = st.segmented_control("Plan", letters, default=letter, key=PAIR, format_func=lambda one: f"A to {one}",
                                      required=True, label_visibility="collapsed")  # fmt: skip
        letter = str(picked) if picked in letters else letter
    view = found[letter]
    one, other = view.first.plan, view.second.plan
    answer = compare_wait.answered(f"parts:{letter}", (one, other), lambda: shared(one, other))
    if answer is not None:
        _waterfall(answer, view, letter)


def _waterfall(found: Shared, view: Between, letter: str) -> None:
    plans = (view.second.plan, view.first.plan)
    moving = found.moving
    if not moving or not all(map(isfinite, (found.first, found.second))):
        st.markdown(small("No input that moves this figure differs." if not moving else "No figure."))
        return
    whole = found.second - found.first
    scale = scale_of([view], found.name, [step.central for step in moving] + [whole])
    told = [(name(plans, step.inputs), step.central, "part") for step in moving[:MOST_BARS]]
    rest = sum(step.central for step in moving[MOST_BARS:])
    told += [(f"{len(moving) - MOST_BARS} smaller ones", rest, "part")] if len(moving) > MOST_BARS else []
    rows, at = [], 0.0
    for step, kg, kind in told:
        rows.append(bar(step, at, at + kg, kind, scale))
        at += kg
    rows.append(bar(f"{letter} less A, {found.year}", 0.0, whole, "total", scale))
    chart(
        charts.waterfall(rows, f"From A to {letter}", is_dark()),
        _said(found, moving, plans),
        _cells(found, plans, scale),
    )


def bar(step: str, start: float, end: float, kind: str, scale: Scale) -> dict[str, object]:
    """A bar of a waterfall."""
    label = words.signed_quantity(end - start, scale)
    return {"step": step, "start": start / scale.divisor, "end": end / scale.divisor, "kind": kind, "label": label}


def _cells(found: Shared, plans: tuple[Plan, ...], scale: Scale) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {
        "Changed input": [name(plans, step.inputs) for step in found.steps],
        "Part of the difference": [words.signed_quantity(step.central, scale) for step in found.steps],
        "80 % range": [_ends(step, scale) for step in found.steps],
    }
    if found.error:
        columns["Standard error"] = [words.quantity(step.error, scale, 2) for step in found.steps]
    return columns


def _ends(step: Step, scale: Scale) -> str:
    if step.low == step.high == 0.0:
        return "moves nothing"
    return f"{words.signed_quantity(step.low, scale)} to {words.signed_quantity(step.high, scale)}"


def _said(found: Shared, moving: Sequence[Step], plans: tuple[Plan, ...]) -> str:
    largest, whole = moving[0], found.second - found.first
    still = len(found.steps) - len(moving)
    said = f"{words.count(len(moving), 'changed input')} {words.plural(len(moving), 'moves', 'move')} it"
    said += f", {still} {words.plural(still, 'does', 'do')} not" if still else ""
    said += f"; the largest is “{name(plans, largest.inputs)}”"
    said += f", {abs(largest.central / found.first) * PERCENT:.0f} % of A." if found.first else "."
    if found.error and whole:
        share = words.percent(abs(found.error / whole))
        said += f" Of more than ten inputs, parts are means over drawn orders: ±{share} of the difference."
    return said


def name(plans: tuple[Plan, ...], inputs: Sequence[Changed]) -> str:
    """Changed inputs in words: whose they are, and their labels."""
    if len(inputs) > 2:
        whose = list(dict.fromkeys(_whose(plans, one.record, one.id) for one in inputs))
        return f"{', '.join(whose[:2])}: {len(inputs)} inputs that stand only together"
    return " and ".join(_one(plans, one) for one in inputs)


def _one(plans: tuple[Plan, ...], change: Changed) -> str:
    whose = _whose(plans, change.record, change.id)
    said = knobs(RECORDS[change.record]) if change.record in RECORDS else {}
    fields = ", ".join(said[field].label.lower() for field in change.fields[:3] if field in said)
    if change.fields:
        return f"{whose}: {fields}" if whose != RECORD_NAMES["plan"] else words.capital(fields)
    return f"{whose} {'added' if _has(plans[0], change) else 'taken out'}"


def _has(plan: Plan, change: Changed) -> bool:
    """Whether a plan has the record of a change."""
    lists = (plan.workloads, plan.levers, plan.hours_files, plan.calibrations)
    return any(record.id == change.id and record.record == change.record for found in lists for record in found)


def _whose(plans: tuple[Plan, ...], record: str, key: str) -> str:
    """The record's own name, else its kind and id."""
    if record in ("workload", "calibration"):
        found = next((w.name for plan in plans if (w := plan.workload(key))), key)
        return found if record == "workload" else f"{RECORD_NAMES[record]} {found}"
    if record == "lever":
        lever = next((one for plan in plans for one in plan.levers if one.id == key), None)
        return f"Lever {lever.kind().name.lower()}" if lever else f"Lever {key}"
    return f"{RECORD_NAMES.get(record, record)} {key}".strip()


def differing(plans: Sequence[Chosen], others: Sequence[Seen]) -> None:
    """Every field in which any plan differs from the reference, as all have it."""
    first = table.write_plan(plans[0].plan)
    found = {one.letter: _by_record(changes(first, table.write_plan(one.chosen.plan))) for one in others}
    rows: dict[tuple[str, str, str], dict[str, Change]] = {}
    for letter, changed in found.items():
        for change in changed:
            rows.setdefault((change.record, change.id, change.field), {})[letter] = change
    section("Inputs that differ", words.count(len(rows), "field") if rows else "none")
    box = st.expander("Every field", key="compare_fields", on_change="rerun") if rows else None
    if box is None or not box.open:
        return
    with box:
        shown = dict(list(rows.items())[:MOST_ROWS])
        every = tuple(one.plan for one in reversed(plans))
        columns = {"Of": [_whose(every, record, key) for record, key, _ in shown]}
        columns["Field"] = [_label(record, field) for record, _, field in shown]
        columns["A"] = [next(iter(row.values())).old or BLANK for row in shown.values()]
        for letter in found:
            columns[letter] = [_cell(row, letter) for row in shown.values()]
        shown_table(columns)
        if len(rows) > MOST_ROWS:
            st.markdown(small(f"The first {MOST_ROWS} of {len(rows)}; the CSV has all."))


def _cell(row: dict[str, Change], letter: str) -> str:
    return row[letter].new or BLANK if letter in row else "as A"


def _by_record(found: list[Change]) -> list[Change]:
    """The changes, of a record that only one of both has a single one."""
    lone = {(one.record, one.id) for one in found if one.field == "id"}
    kept = [one for one in found if (one.record, one.id) not in lone]
    ids = [one for one in found if one.field == "id"]
    return kept + [Change(one.record, one.id, "id", one.old and "there", one.new and "there") for one in ids]


def _label(record: str, field: str) -> str:
    if field == "id":
        return "all of it"
    said = knobs(RECORDS[record]) if record in RECORDS else {}
    return said[field].label if field in said else field
