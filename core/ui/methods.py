"""The Methods page around its lists: the answer, the boundary, what is left out, how accurate it is, what moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import streamlit as st

from core import METHOD_VERSION, words
from core import catalog as facts
from core.methods import moved, told
from core.methods.formulas import formulas
from core.methods.inputs import inputs
from core.methods.origin import data_date
from core.ui.shown import scale_for, section, small

COUNTED = (
    "electricity of accelerators at work and waiting, of the rest of the server, and of the site's overhead",
    "carbon of that electricity, by the grid's average and by your contracts",
    "carbon of making the hardware, spread over its life",
    "water evaporated on site and where the electricity is made",
    "cost: hire, tokens, or electricity and hardware",
)
NAMED = 6  # of what is left out, in the first lines
TOO_LOW = "too low"


def answer() -> None:
    """What the page stands for as a sentence, and one grey line of versions and age."""
    catalog = facts.load()
    counts = (
        words.count(len(formulas()), "formula"),
        words.count(len(inputs()), "input"),
        words.count(len(catalog.sources), "source"),
    )
    years = [region.carbon_year for region in catalog.regions.values()]
    with st.container(gap="xsmall"):
        st.header(f"Every figure can be re-added: {counts[0]}, {counts[1]}, {counts[2]}", anchor=False)
        told_of = (
            f"Method {METHOD_VERSION}",
            f"data {catalog.data_version}",
            words.days_old(data_date(), datetime.now(UTC).date()),
            f"grids of {words.years(min(years), max(years))}",
        )
        st.markdown(small(" · ".join(told_of)))


def boundary() -> None:
    """What is counted, and the first of what is not."""
    rows = told.rows("left_out.csv")
    low = sum(row["bias"] == TOO_LOW for row in rows)
    first = ", ".join(row["what"].lower() for row in rows[:NAMED])
    counted, left = st.columns(2, gap="large")
    with counted:
        section("Counted", "For every workload and year, each with its 80 % range")
        st.markdown(f"{words.capital('; '.join(COUNTED))}.")
    with left:
        section("Left out", f"{words.capital(words.count(len(rows), 'item'))}; {low} of them make figures too low")
        st.markdown(
            f"{words.capital(first)}, and {len(rows) - NAMED} more under “Left out” below, each with its reason."
        )


@contextmanager
def opened(*names: str) -> Iterator[str]:
    """Tabs of which only the open one is drawn; yields its name."""
    tabs = st.tabs(list(names), key="methods_tab", bind="query-params")
    open_ones = [(tab, name) for tab, name in zip(tabs, names, strict=True) if tab.open]
    tab, name = open_ones[0] if open_ones else (tabs[0], names[0])
    with tab:
        yield name


def shown(columns: dict[str, list[str]], about: str) -> None:
    """A plain table in which no sign works as markup."""
    safe = {name: [words.markdown_safe(cell) for cell in cells] for name, cells in columns.items()}
    with st.container(key=f"wide_{len(about)}_{about[:20]}"):
        st.table(safe, border="horizontal", hide_index=True, alt=about)


def by_column(rows: Sequence[dict[str, str]], headings: dict[str, str]) -> dict[str, list[str]]:
    """Some columns of the room's own rows, under headings."""
    return {heading: [row[name] for row in rows] for name, heading in headings.items()}


def left_out() -> None:
    """What no figure holds, why, and which way that leans."""
    rows = told.rows("left_out.csv")
    section("What no figure holds", "“Too low”: the true figure is higher than the one shown")
    headings = {"what": "Left out", "contains": "What it is", "why": "Why", "bias": "Figures are"}
    shown(by_column(rows, headings), "What is left out")


def changes() -> None:
    """What moved the numbers: the built-in example under each version of method and data."""
    section("What moved the numbers", "The built-in example in 2030: carbon with hardware, by the grid's average")
    versions = moved.moves()
    scale = scale_for("kg", [move.carbon_kg for move in versions])
    columns: dict[str, list[str]] = {"Date": [], "Method": [], "Data": [], "Example": [], "Moved by": [], "Why": []}
    for place, move in reversed(list(enumerate(versions))):
        before = versions[place - 1].carbon_kg if place else None
        middle, ends = words.with_range(move.carbon_kg, move.carbon_low_kg, move.carbon_high_kg, scale)
        by = "–" if before is None else words.signed_percent(move.carbon_kg / before - 1.0)
        line = (move.date, move.method_version, move.data_version, f"{middle} ({ends})", by, move.why)
        for column, cell in zip(columns.values(), line, strict=True):
            column.append(cell)
    shown(columns, "What moved the numbers")
