"""The fields of one lever: its value or choice in its row; share, years, workloads and evidence one click away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core import catalog as facts
from core import words
from core.plan import Plan, knobs
from core.plan.lever import Lever
from core.results import raised
from core.ui import evidence, fields, lever_costs, lever_words, options, state
from core.ui.shown import small

TABLES = {"model": "models", "hardware": "hardware", "region": "regions"}


def value(shown: Lever) -> None:
    """What the lever changes to, or how far it is pulled: a slider for the quick look, a field for the exact value."""
    kind = shown.kind()
    if kind.choice:
        _select(shown)
    elif kind.valued:
        slider, number = st.columns([5, 6], gap="small", vertical_alignment="bottom", wrap=False)
        with slider:
            _slide(shown)
        with number:
            _number(shown, "value", shown.amount(), kind.label, kind.step or 0.01, _limits(shown))


def _take(shown: Lever, field: str, key: str) -> Callable[[], None]:
    def take() -> None:
        state.change_lever(shown, field, state.typed(key))

    return take


def _select(shown: Lever) -> None:
    table = options.table(TABLES[shown.kind().choice])
    listed = list(table) if shown.choice in table else [shown.choice, *table]
    key = f"lever:{shown.id}:choice"
    state.bind(key, shown.choice, _take(shown, "choice", key))
    st.selectbox(
        f"{lever_words.name(shown)}: changes to", listed, index=listed.index(shown.choice), key=key,
        format_func=lambda one: table.get(one, f"{one} (not in the catalog)"), label_visibility="collapsed",
        on_change=_take(shown, "choice", key),
    )  # fmt: skip


def _slide(shown: Lever) -> None:
    """From the lower to the upper limit in the lever's steps; a value between two steps stands in the field."""
    kind = shown.kind()
    low, high, step = float(kind.floor or 0.0), float(kind.ceiling or 1.0), float(kind.step or 0.01)
    key = f"lever:{shown.id}:slide"
    state.bind(key, float(shown.amount()), _take(shown, "value", key))
    st.slider(
        f"{lever_words.name(shown)}: {kind.label}", low, high, float(shown.amount()), step, key=key,
        on_change=_take(shown, "value", key), label_visibility="collapsed",
    )  # fmt: skip


def _number(shown: Lever, field: str, now: Any, label: str, step: float, told: str | None) -> None:
    key = f"lever:{shown.id}:{field}"
    state.bind(key, now, _take(shown, field, key))
    st.number_input(label, value=now, step=float(step), key=key, on_change=_take(shown, field, key), help=told)


def _limits(shown: Lever) -> str:
    kind = shown.kind()
    limits = f"From {words.figure(kind.floor or 0.0, 3)} to {words.figure(kind.ceiling or 0.0, 3)} {kind.unit}".rstrip()
    if kind.low is None or kind.high is None:
        return f"{limits}."
    return f"Published: {words.figure(kind.low, 3)} to {words.figure(kind.high, 3)}. {limits}."


def assumptions(plan: Plan, lever: Lever, used: bool) -> None:
    """Share, start year, workloads of a lever in use, and the evidence of any."""
    box = st.popover("Assumptions", type="tertiary", key=f"lever:{lever.id}:more", on_change="rerun")
    if not box.open:
        return
    with box:
        if used and lever.kind().outside:  # it has no traffic and no workload
            _year(lever)
        elif used:
            share, year = st.columns(2)
            with share:
                _number(lever, "share", lever.share, knobs(Lever)["share"].label, 0.05, knobs(Lever)["share"].help)
            with year:
                _year(lever)
            _workloads(plan, lever)
            _again(plan, lever)
        elif not lever.kind().outside:
            st.markdown(small("Switched on, it also takes a start year, a share of the traffic, and workloads."))
        if not lever.kind().outside:
            lever_costs.panel(plan, lever, used)
        why = raised.why(plan, lever)
        st.markdown("\n".join([*([lever_words.against(why)] if why else []), lever_words.evidence(lever)]))
        for source in lever.kind().source.split(";"):
            found = facts.load().sources[source]
            st.markdown(small(f"[{words.markdown_safe(found.title)}]({found.url}), {found.publisher}, {found.year}"))
        evidence.pairs(lever.key)


def _year(lever: Lever) -> None:
    def take(year: float | None) -> None:
        state.change_lever(lever, "start_year", year)

    fields.blank_number(Lever, "start_year", lever.start_year, f"lever:{lever.id}:start_year", take)


def _workloads(plan: Plan, lever: Lever) -> None:
    names = {w.id: w.name for w in plan.workloads}
    key = f"lever:{lever.id}:workloads"
    state.bind(key, [w for w in lever.workloads if w in names])
    st.multiselect(
        knobs(Lever)["workloads"].label, list(names), key=key, format_func=lambda w: names.get(w, w),
        placeholder="All that can take it", on_change=_take(lever, "workloads", key),
    )  # fmt: skip


def _again(plan: Plan, lever: Lever) -> None:
    """A second use of the same lever, for other workloads or from another year."""
    used = {one.id for one in plan.levers}
    number = next(n for n in range(2, len(used) + 3) if f"{lever.key}.{n}" not in used)
    others = tuple(w.id for w in plan.workloads if lever.workloads and w.id not in lever.workloads)
    more = lever.but(id=f"{lever.key}.{number}", workloads=others)

    def add() -> None:
        state.attempt(lambda: state.plan().with_lever(more), redraw_grid=False)

    st.button(
        "Use it a second time", type="tertiary", key=f"lever:{lever.id}:again", on_click=add, disabled=not others,
        help="With another value, share or year for other workloads. Name this one's workloads first."
    )  # fmt: skip
