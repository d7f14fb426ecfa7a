"""The portfolio as an editable table: each cell that changes goes to the plan at once, which checks it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.plan import Plan, Workload, choices, knobs
from core.ui import live, options, state

COLUMNS = state.GRID
WIDTHS = {"name": 196, "hosting": 98, "model": 112, "region": 83, "requests_per_day": 92, "growth_central_pct": 92}
LABELS = {"requests_per_day": "Req./day", "growth_central_pct": "Growth, %"}
ROW_PX = 36
MOST_ROWS = 12  # more scroll inside the grid
SERVING_ONLY = "requests_per_day"
NOTHING_TYPED: dict[str, Any] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
Entries = tuple[tuple[str, str], ...]  # id and words


class Fixed(list[Any]):
    """Options that nobody changes: Streamlit copies a column's settings, to the last of 600 regions, on every run."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Fixed:
        return self


def grid() -> None:
    """The shown workloads as a grid. Its base frame stays fixed while cells are typed, so that no fast edit is lost."""
    plan = state.plan()
    key = f"grid:{state.session().grid}"
    frame_key = "grid_frame"
    held = st.session_state.get(frame_key)
    if held is None or held[0] != key or key not in st.session_state:  # on another page what was typed is dropped
        held = (key, _frame(plan))
        st.session_state[frame_key] = held
        state.session().grid_refused = False
    state.session().offer(key, NOTHING_TYPED, lambda: _typed(key, tuple(held[1].index)))
    live.watch_grid(state.session().grid_refused, _draw_anew)  # before the grid: it must hear the first key
    st.data_editor(
        held[1],
        key=key,
        hide_index=True,
        num_rows="fixed",
        column_config=_config(),
        on_change=_typed,
        args=(key, tuple(held[1].index)),
        row_height=ROW_PX,
        height=ROW_PX * (min(len(held[1]), MOST_ROWS) + 1)
        + 2,  # said before the grid is loaded, so that nothing jumps when it comes
        placeholder="–",
        alt="Workloads of the plan, one a row; every cell can be edited.",
    )


def _draw_anew() -> None:
    """Show the plan's own values in cells that were refused."""
    state.session().grid += state.session().grid_refused


def _frame(plan: Plan) -> pd.DataFrame:
    rows = {w.id: [_shown(w, name) for name in COLUMNS] for w in plan.shown()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS))


def _shown(workload: Workload, name: str) -> Any:
    """A cell's value; nothing where the field does not act, as requests in training."""
    return None if name == SERVING_ONLY and workload.kind != "inference" else getattr(workload, name)


def _typed(key: str, ids: tuple[str, ...]) -> None:
    """Take every edit of the grid into the plan, one workload at a time."""
    delta: Any = state.typed(key) or {}
    drawn = state.session().grid
    refused: list[str] = []
    for row, changes in dict(delta.get("edited_rows", {})).items():
        workload = state.plan().workload(ids[int(row)])
        if workload is not None:
            refused += _take(workload, {name: value for name, value in changes.items() if name in COLUMNS})
    if refused:
        state.refuse(refused)
        session = state.session()
        session.grid, session.grid_refused = drawn, True  # who types in it goes on typing


def _take(workload: Workload, changes: dict[str, Any]) -> list[str]:
    current = {name: value for name, value in changes.items() if _shown(workload, name) != value}
    if SERVING_ONLY in current and workload.kind != "inference":
        return [f"{workload.name}: a training workload has no requests a day; set its runs and tokens under Use"]
    if not current:
        return []
    taken = state.change_workload(workload.id, current, redraw_grid=False)
    return [] if taken else [f"{workload.name}: {line}" for line in state.session().problems]


def _config() -> dict[str, Any]:
    own = {name: options.own(knobs(Workload)[name].table) for name in COLUMNS if knobs(Workload)[name].table}
    return _columns(tuple((name, tuple(entries.items())) for name, entries in own.items()))


@st.cache_resource(max_entries=32)
def _columns(own: tuple[tuple[str, Entries], ...]) -> dict[str, Any]:
    """The columns' settings; the plan's own entries stand first among the choices."""
    return {name: _column(name, dict(own).get(name, ())) for name in COLUMNS}


def _column(name: str, own: Entries) -> Any:
    knob = knobs(Workload)[name]
    label, width = LABELS.get(name, knob.label), WIDTHS[name]
    if knob.kind == "number":
        return st.column_config.NumberColumn(
            label,
            help=knob.help,
            min_value=knob.low,
            max_value=knob.high,
            format="localized",
            required=name != SERVING_ONLY,
            width=width,
        )
    if knob.kind in ("choice", "catalog"):
        labels = options.CHOICES[name] if knob.kind == "choice" else dict(own) | options.short(knob.table)
        keys = choices(Workload, name) if knob.kind == "choice" else tuple(labels)
        config: Any = st.column_config.SelectboxColumn(
            label,
            help=knob.help,
            options=keys,
            format_func=lambda v: labels.get(str(v), str(v)),
            required=True,
            width=width,
        )
        config["type_config"]["options"] = Fixed(config["type_config"]["options"])
        return config
    return st.column_config.TextColumn(label, help=knob.help, max_chars=knob.longest, width=width)


def add_button() -> None:
    """A new workload at the end of the list."""
    st.button("Add a workload", key="add", type="tertiary", icon=":material/add:", on_click=_add)


def copy_and_remove(key: str) -> None:
    """What can be done with the workload in the detail panel."""
    with st.container(horizontal=True, gap="small", horizontal_alignment="right"):
        st.button("Duplicate", key="duplicate", type="tertiary", on_click=_duplicate, args=(key,))
        st.button("Remove", key="remove", type="tertiary", on_click=_remove, args=(key,), help="Undo brings it back.")


def _add() -> None:
    plan = state.plan()
    new = Workload(id=plan.free_id(), business_unit=plan.business_unit, tags=(plan.tag,) if plan.tag else ())
    if state.attempt(lambda: plan.adding(new)):
        state.select(new.id)


def _duplicate(key: str) -> None:
    plan = state.plan()
    copy = plan.free_id()
    if state.attempt(lambda: plan.duplicating(key)):
        state.select(copy)


def _remove(key: str) -> None:
    state.attempt(lambda: state.plan().without(key))
