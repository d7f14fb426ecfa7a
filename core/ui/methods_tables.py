"""Inputs and catalog tables to search: only the one that is open is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import streamlit as st

from core import words
from core.methods import tables as kinds
from core.methods.inputs import Input
from core.methods.inputs import inputs as every_input
from core.ui import options, state
from core.ui.shown import section, small

ROW_PX = 36
MOST_ROWS = 12


def search(name: str, about: str) -> str:
    """A search box; what was typed, without blanks around it."""
    return str(st.text_input("Search", key=f"m:search:{name}", placeholder=about, max_chars=80)).strip()


def words_in(query: str, text: str) -> bool:
    """Whether a text in small letters holds every word of a query."""
    return all(word in text for word in query.lower().split())


def frame(columns: Mapping[str, Sequence[Any]], about: str, query: str) -> bool:
    """A table that can be sorted, and how many rows it has; False, and a sentence, where the search finds none."""
    count = len(next(iter(columns.values())))
    if not count:
        st.markdown(
            f"No row holds “{words.markdown_safe(query)}”. The search looks for every word, in every column; "
            "try fewer or shorter words."
        )
        return False
    data = pa.table({name: pa.array(cells) for name, cells in columns.items()})
    height = ROW_PX * (min(count, MOST_ROWS) + 1) + 2
    st.dataframe(data, hide_index=True, height=height, row_height=ROW_PX, placeholder="–", alt=f"{about}, one a row.")
    st.markdown(small(words.count(count, "row")))
    return True


def _asked(known: Sequence[str]) -> None:
    """The table, and what is looked for in it, that an address names: taken once, then the reader's own choice."""
    asked = st.query_params.get("table", ""), st.query_params.get("row", "")
    drafts = state.session().drafts
    if asked[0] in known and drafts.get("m:asked") != asked:
        drafts["m:asked"] = asked
        st.session_state["m:table"], st.session_state["m:search:tables"] = asked


def tables() -> None:
    """One table of the catalog, searched."""
    known = list(kinds.KINDS)
    _asked(known)
    which, what = st.columns([1, 2])
    with which:
        st.selectbox("Table", known, key="m:table", format_func=lambda name: kinds.KINDS[name].title)
    name = str(state.typed("m:table"))
    kind = kinds.KINDS[name]
    with what:
        query = search("tables", "Search in every column")
    files = ", ".join(f"data/{file}" for file in kind.files)
    section(kind.title, f"{kind.about} {files}")
    found = kinds.table(name, datetime.now(UTC).date()).matching(query)
    if frame(found.columns(), kind.title, query) and "Status" in " ".join(found.headings):
        meanings = "; ".join(f"**{word}** {meaning}" for word, meaning in kinds.STATUS_WORDS.items())
        st.markdown(small(f"Status: {meanings}."))


def inputs() -> None:
    """Every input with its bounds, default and source; then what stands in where a plan is silent."""
    section("Inputs", "Every field of a plan: what may be entered, what it starts with, and why")
    query = search("inputs", "Search in inputs and assumptions")
    found = [each for each in every_input() if words_in(query, " ".join(_cells(each)).lower())]
    frame(
        {name: list(cells) for name, cells in zip(HEADINGS, zip(*map(_cells, found), strict=True), strict=True)}
        if found
        else {name: [] for name in HEADINGS},
        "Inputs",
        query,
    )
    section("Assumptions", "What stands in where a plan is silent, drawn over its 80 % range")
    assumptions = kinds.table("assumptions", datetime.now(UTC).date()).matching(query)
    frame(assumptions.columns(), "Assumptions", query)


HEADINGS = (
    "Input", "May be", "Unit", "Starts with", "Blank means", "Why", "Assumptions behind it", "Sources",
    "What it is", "Part of", "Name in files",
)  # fmt: skip


def _cells(each: Input) -> tuple[str, ...]:
    knob = each.knob
    start = each.default or ("blank" if knob.blank else "–")
    behind, cited = "; ".join(each.rests_on) or "–", "; ".join(each.sources)
    told = (
        knob.label,
        _in_words(each, each.allowed),
        knob.unit,
        _in_words(each, start),
        knob.blank or "–",
        each.reason,
    )
    in_files = f"{each.field}: {each.allowed}" if knob.kind == "choice" else each.field
    return (*told, behind, cited, knob.help, each.record, in_files)


def _in_words(each: Input, values: str) -> str:
    """The values of a choice as its field shows them; all else as it is."""
    if each.knob.kind != "choice":
        return values
    return "; ".join(options.word(each.field, value) for value in values.split(", "))
