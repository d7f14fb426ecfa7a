"""The inventory behind a target: its rows as a table, a form for one row, and a CSV that brings many."""

from __future__ import annotations

from typing import Any

import streamlit as st
from pydantic import ValidationError

from core import words
from core.exports.verdict import View
from core.plan import knobs, sentences
from core.plan.inventory import InventoryRow
from core.ui import form_field, labels, options, state, target_inventory_file
from core.ui.shown import section

OPEN = "inventory_form"
NEW = "new"
CHOSEN = "inventory:chosen"
FORM = (("covers", "year", "scope"), ("category", "method", "emissions_t"), ("basis", "source", "note"))
SHOWN = 24  # rows written out; more scroll in a box of their own, whose code is fetched for it
ROW_PX, BOX_PX = 36, 470


def panel(view: View) -> None:
    """What the plan holds of an inventory, and the ways to enter it."""
    rows = view.plan.inventory
    whose = "of the whole company" if view.target.mode == "company" else "of the AI portfolio, where a year has rows"
    section("Inventory", f"Gross emissions, no credits taken off · the target counts the rows {whose}")
    if rows:
        _table(rows)
    row, file = st.columns([3, 2], gap="large")
    with row, st.expander("Add or change a row", key=OPEN, on_change="rerun", expanded=not rows) as shut:
        if shut.open:
            _form(view)
    with file:
        target_inventory_file.upload()


def _table(rows: tuple[InventoryRow, ...]) -> None:
    columns: dict[str, list[Any]] = {
        "Covers": [options.word("covers", row.covers) for row in rows],
        "Year": [str(row.year) for row in rows],
        "Scope": [_scope(row) for row in rows],
        "t CO₂e": [_typed(row.emissions_t) for row in rows],
        "Factors": [options.word("basis", row.basis) for row in rows],
        "Source": [row.source for row in rows],
        "Note": [row.note or "–" for row in rows],
    }
    if len(rows) > SHOWN:
        st.dataframe(columns, hide_index=True, height=BOX_PX, row_height=ROW_PX, alt="Inventory, a row each.")
        return
    safe = {name: [words.markdown_safe(cell) for cell in cells] for name, cells in columns.items()}
    with st.container(key="wide_inventory"):
        st.table(safe, border="horizontal", hide_index=True, alt="Inventory, a row each")


def _typed(emissions_t: float) -> str:
    """A total as it was typed, to four digits.

    >>> _typed(15.2), _typed(820.0), _typed(0.0)
    ('15.2', '820', '0')
    """
    said = words.figure(emissions_t, 4)
    return said.rstrip("0").rstrip(".") if "." in said else said


def _scope(row: InventoryRow) -> str:
    more = f", category {row.category}" if row.category else f", {row.method}-based" if row.method else ""
    return f"{row.scope}{more}"


def _chosen() -> str:
    key = str(state.session().drafts.get(CHOSEN) or NEW)
    return key if key in {row.id for row in state.plan().inventory} else NEW


def _form(view: View) -> None:
    rows = {row.id: row for row in view.plan.inventory}
    key = _chosen()
    state.bind(CHOSEN, key)
    st.selectbox(
        "Change a row, or add one",
        [NEW, *rows],
        index=[NEW, *rows].index(key),
        key=CHOSEN,
        format_func=lambda one: f"{one}: {rows[one].called}" if one in rows else "A new row",
        on_change=form_field.keep,
        args=(CHOSEN,),
    )
    for names in FORM:
        for column, name in zip(st.columns(3, gap="small"), names, strict=True):
            with column:
                form_field.draw(InventoryRow, f"{_prefix(key)}:{name}", name, _held(key, name))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Save the row", key=f"{_prefix(key)}:save", on_click=_save, args=(key,))
        if key in rows:
            st.button("Remove the row", key=f"{_prefix(key)}:remove", type="tertiary", on_click=_remove, args=(key,),
                      help="Undo brings it back.")  # fmt: skip


def _prefix(key: str) -> str:
    return f"inventory:{key}"


def _held(key: str, name: str) -> Any:
    """What a field of the form shows: what was typed, else the row's value, else a new row's first one."""
    row = next((one for one in state.plan().inventory if one.id == key), None)
    target = state.plan().target
    first = {"covers": target.mode, "year": target.base_year, "scope": "3", "emissions_t": None}
    usual = getattr(row, name) if row else first.get(name, InventoryRow.model_fields[name].default)
    return state.session().drafts.get(f"{_prefix(key)}:{name}", usual)


def _forget(key: str) -> None:
    drafts = state.session().drafts
    for name in [name for name in drafts if name.startswith(f"{_prefix(key)}:")]:
        del drafts[name]


def _save(key: str) -> None:
    """Take the whole row, or say what is wrong and leave the form as typed."""
    raw = {name: _held(key, name) for name in knobs(InventoryRow) if name != "id"}
    try:
        row = InventoryRow(**raw, id="I1" if key == NEW else key)
    except ValidationError as error:
        state.refuse([f"{labels.by_label(line, InventoryRow)}. Nothing was saved." for line in sentences(error)])
        return
    plan = state.plan() if key == NEW else state.plan().without_inventory(key)
    if state.attempt(lambda: plan.with_inventory([row]), of=(InventoryRow,)):
        _forget(key)


def _remove(key: str) -> None:
    if state.attempt(lambda: state.plan().without_inventory(key)):
        _forget(key)
