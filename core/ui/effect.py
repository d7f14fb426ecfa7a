"""What one workload takes in the headline's year, beside the plan as it was opened, and why it moved."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from core import results, words
from core.catalog import Catalog
from core.exports.scales import SCALES
from core.levers import acting
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import why
from core.results.figures import Results
from core.results.hour_factors import hour_factors
from core.results.hour_notes import room_note
from core.results.training_memory import ADAPTERS, training_fit
from core.ui import hours_held, labels, load, state, trace
from core.ui.shown import counted, page_scale, scale_for, section, table
from core.words import Scale

OPENED = "As opened"


def effect(after: Results) -> None:
    """Table of physical terms and the ladder for the chosen workload, with the reasons for what changed."""
    key, year = state.selected_workload(), after.plan.shown_year()
    workload = after.plan.workload(key)
    if workload is None:
        return
    title = f"{workload.name} in {year}"
    if key in after.refused:
        section(title, "no figure")
        st.warning(f"No figure: {words.markdown_safe(labels.by_label(after.refused[key]))}.")
        return
    then = hours_held.opened()
    opened = then.workload(key)
    before = results.of(then) if opened is not None and _changed(then, after.plan, key) else None
    rows = why.terms(key, year, after, before)
    note = "beside the plan as it was opened" if before else "change a field to see what moves, and why"
    figure = "energy_accelerator_kwh" if workload.kind == "inference" else "used_h"
    trace.section(title, f"Central case, 80 % range · {note}", figure)
    with st.container():
        moved = reasons(after, opened, workload, rows) if before and opened else []
        for line in [*moved, load.capped(after.plan, workload)]:
            if line:
                st.markdown(f"- {line}")
    table(compared(after, rows, OPENED if before is not None else ""))
    _limits(after, key, year)


def _changed(before: Plan, after: Plan, key: str) -> bool:
    """Whether anything that makes a workload's figures differs: its fields, its meter, the levers that act on it."""
    return before.calibration(key) != after.calibration(key) or _acted_on(before, key) != _acted_on(after, key)


def _acted_on(plan: Plan, key: str) -> tuple[Workload | None, tuple[Lever, ...]]:
    workload = plan.workload(key)
    return workload, acting(catalog_of(plan), plan, workload) if workload is not None and plan.levers else ()


def _limits(found: Results, key: str, year: int) -> None:
    """A warning where the installed accelerators cannot carry the load, or not hold the training run."""
    place = found.of(key)
    workload = found.plan.workload(key)
    said = found.measured.get(key)
    if said is not None and said.reason:
        st.warning(f"Its meter does not act: {words.markdown_safe(said.reason)}.")
    if place is not None and workload is not None and workload.kind != "inference":
        memory_warning(found.plan, workload)
    if place is None or found.values["overload"][place, found.place(year), 0] != 1.0:
        return
    needed = found.values["accelerators_installed"][place, found.place(year), 0]
    st.warning(
        f"The accelerators installed cannot carry {year}'s load: the figures count "
        f"{words.count(needed, 'accelerator')}, the fewest that can."
    )


def memory_warning(plan: Plan, workload: Workload) -> None:
    """A warning where the accelerators do not hold a training run of every parameter."""
    fit = training_fit(plan, workload)
    ways = "by keeping state in the server's memory"
    if fit.trains != ADAPTERS:
        ways = f"by training a few added parameters only (levers LoRA and QLoRA), or {ways}"
    if fit.short:
        st.warning(
            f"{words.capital(words.markdown_safe(labels.by_label(fit.short)))}. The figures assume that the run fits "
            f"all the same: {ways}."
        )


def _scales(found: Results, rows: list[why.Term]) -> dict[str, Scale]:
    """The page's units for what it adds up; other quantities stay in their own."""
    return {row.unit: page_scale(found, row.unit) if row.unit in SCALES else scale_for(row.unit, ()) for row in rows}


def compared(found: Results, rows: list[why.Term], before: str) -> dict[str, list[str]]:
    """The terms as a table; the column of the figures before under that name, or left out without one."""
    scales = _scales(found, rows)
    columns: dict[str, list[str]] = {"Quantity": [], before: [], "This plan": [], "80 % range": []}
    for row in rows:
        scale = scales[row.unit]
        columns["Quantity"].append(row.label)
        columns[before].append(_middle(row.before, scale))
        columns["This plan"].append(_middle(row.after, scale))
        columns["80 % range"].append(_span(row.after, scale))
    columns.pop("", None)
    return columns


def _span(value: tuple[float, float, float], scale: Scale) -> str:
    low, mid, high = value
    if scale.label == "" and isfinite(low) and low == int(low) and high == int(high) and low < high:
        return words.span(low, high, scale, digits=len(f"{high:.0f}"))
    return words.with_range(mid, low, high, scale)[1] or "–"


def _middle(value: tuple[float, float, float] | None, scale: Scale) -> str:
    if value is None:
        return "–"
    text = words.with_range(value[1], value[0], value[2], scale)[0]
    return scale.dress(counted(value[1], text)) if scale.label == "" else text


def reasons(found: Results, opened: Workload, now: Workload, rows: list[why.Term]) -> list[str]:
    """Why the workload's figures moved, from its meter and its physical terms: at most eight sentences."""
    terms = {row.label: row for row in rows}
    lines = []
    if opened.model != now.model:
        lines.append(f"{_active(found.catalog, opened.model)} {_active(found.catalog, now.model)}".strip())
    for label, text in (
        ("Memory for weights", "The weights take {after} instead of {before}."),
        ("Accelerators per copy", "Accelerators per copy: {after} instead of {before}."),
        ("Accelerators held", "Accelerators held: {after} instead of {before}."),
        ("Fewest accelerators that hold it", "{after} instead of {before} suffice to hold the run."),
    ):
        if label in terms and _moved(terms[label]):
            lines.append(_fill(text, terms[label]))
    said = found.measured.get(now.id)
    if said is not None and not said.reason:
        lines.append(f"Your meter says {words.times(float(said.factor[0]))} our estimate of what it measured.")
    lines += _hours(found, now)
    busy = load.busy_share(now)
    if busy:
        lines.append(f"Busy share, first year: {busy}")
    work, wait = terms.get("Energy at work"), terms.get("Energy waiting")
    if work and wait and work.before and wait.before:
        lines.append(_energy(page_scale(found, "kWh"), work, wait, now))
    return lines


def _hours(found: Results, now: Workload) -> list[str]:
    """What its choice of hours does to the grid's average, or why it does nothing; empty as work comes."""
    told = {factor.name: factor for factor in hour_factors(found.catalog, found.plan, now)}
    if not told:
        return []
    chosen, moves = told["Hours chosen"], told.get("Energy that goes where its work goes")
    if moves is None:
        return [f"Hours chosen {words.markdown_safe(f'{chosen.value}: {chosen.note}')}."]
    saved = float(told[f"Saved of what moves, {chosen.value}"].value)
    lacks = room_note(found.plan, now)
    return [
        f"Hours chosen {chosen.value}: {saved:.2g}\u00a0% cleaner than the grid's average, for "
        f"{words.percent(float(moves.value))} of its energy: that of its work; allocated, not proven avoided.",
        *([f"{words.capital(words.markdown_safe(lacks))}."] if lacks else []),
    ]


def _active(catalog: Catalog, key: str) -> str:
    model = catalog.models.get(key)
    if model is None or model.params_active_b is None:
        return ""
    name, total, active = (
        words.markdown_safe(model.name),
        words.figure(model.params_total_b, 3),
        words.figure(model.params_active_b, 3),
    )
    if model.is_moe:
        return f"{name} uses {active} of its {total} billion parameters for each token."
    return f"{name} uses all {total} billion parameters for each token."


def _moved(row: why.Term) -> bool:
    return row.before is not None and abs(row.after[1] - row.before[1]) > 1e-9 * max(abs(row.before[1]), 1e-12)


def _fill(text: str, row: why.Term) -> str:
    unit = f" {row.unit}" if row.unit else ""
    before = row.before[1] if row.before else float("nan")
    shown = {name: counted(v, words.figure(v, 3)) + unit for name, v in (("after", row.after[1]), ("before", before))}
    return text.format(**shown)


def _energy(scale: Scale, work: why.Term, wait: why.Term, now: Workload) -> str:
    def pair(row: why.Term) -> str:
        before, after = (words.figure(v[1] / scale.divisor, 2) for v in (row.before or row.after, row.after))
        return f"{before} to {scale.dress(after)}"

    line = f"Energy at work goes from {pair(work)}, energy spent waiting from {pair(wait)}."
    if now.installed_accelerators and wait.before and wait.after[1] >= wait.before[1]:
        line += f" The {now.installed_accelerators} installed accelerators stay; clear that field to size for the peak."
    return line
