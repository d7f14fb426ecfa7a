"""An inventory as CSV on the Targets page: a file's rows are taken, each wrong one is told by its line."""

from __future__ import annotations

import streamlit as st

from core import table, words
from core.imports import inventory
from core.imports.reading import RefusedError
from core.plan.inventory import InventoryRow
from core.ui import dropped, state
from core.ui.shown import small

KEY = "inventory-upload"
FILE = "glidepath_inventory.csv"
MOST_MB = 5


def upload() -> None:
    """Where a file is dropped, and the rows of the plan as such a file."""

    def keep(files: tuple[dropped.File, ...]) -> None:
        for name, raw in files:
            take(name, raw)

    told = (
        "A row a scope, category and method. Columns: year, scope (1, 2, 3), category (1 to 15, scope 3), method "
        "(location or market, scope 2), emissions_t or emissions_kg, covers (company, portfolio), basis, source, note."
    )
    dropped.field("An inventory as CSV", KEY, dropped.TABLE, MOST_MB, told, keep)
    rows = state.plan().inventory
    st.download_button(
        "The rows as CSV" if rows else "An empty CSV to fill in",
        lambda: table.write_inventory(rows),
        FILE,
        "text/csv",
        on_click="ignore",
        key="inventory_csv",
    )
    st.markdown(small("Rows of the same line are replaced, others added. A wrong row is told and left out."))


def take(name: str, raw: bytes) -> None:
    """The file's good rows go to the plan; the others are told, each by its line."""
    try:
        found = inventory.read(name, raw)
    except RefusedError as error:
        state.refuse([f"{words.capital(str(error))}. Nothing was taken."])
        return
    if found.rows and not state.attempt(lambda: state.plan().with_inventory(found.rows), of=(InventoryRow,)):
        return
    session = state.session()
    session.problems = [f"{name}, {problem}." for problem in found.problems]
    session.news = [f"{words.count(len(found.rows), 'row')} of {name} taken, {len(found.problems)} told as wrong."]
