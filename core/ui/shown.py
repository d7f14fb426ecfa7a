"""What every page shows alike: small grey lines, headings, tables, the data's age; units are `core.exports.scales`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import words
from core.exports.scales import amount, counted, money_for, page_scale, scale_for
from core.methods.origin import data_date

__all__ = [
    "amount", "answer_line", "counted", "data_age", "heading", "in_columns", "money_for", "page_scale", "scale_for",
    "section", "small", "table",
]  # fmt: skip

FIGURE = re.compile(r"(?:over |under |at least )?[+−]?\$?[\d.\u202f]+([^\d–]*)")
NO_FIGURE = ("–", "unknown", "not calibratable", "")


def small(text: str) -> str:
    """A small grey line under a heading. (`st.caption` is too faint in the light theme.)"""
    return f":gray[:small[{text}]]"


def data_age(today: date) -> str:
    """The day on which the source read longest ago was read, and how long ago that is."""
    return words.days_old(data_date(), today)


def answer_line(text: str, phrase: str = "") -> None:
    """A page's answer in large letters, and behind it in grey the phrase of its range."""
    with st.container(key="headline"):
        st.header(f"{text}, :gray[{phrase}]" if phrase else text, anchor=False)


def table(columns: Mapping[str, Sequence[str]]) -> None:
    """Text cells under their headings. As an Arrow table it spares the road through a data frame."""
    st.table(pa.table({name: list(cells) for name, cells in columns.items()}), border="horizontal", hide_index=True)


def in_columns(name: str, columns: Mapping[str, Sequence[Any]]) -> str:
    """The key of a box for a table, which names the columns of figures in one unit: their figures stand on the right.

    >>> in_columns("lens", {"Year": ["2026", "2027"], "Plan": ["9.8\xa0t", "12\xa0t"], "Range": ["9–10", "–"]})
    'table_c2_lens'
    """
    right = [f"c{place}_" for place, cells in enumerate(columns.values(), 1) if place > 1 and _figures(cells)]
    return f"table_{''.join(right)}{name}"


def _figures(cells: Sequence[Any]) -> bool:
    found = [FIGURE.fullmatch(str(cell)) for cell in cells if cell not in NO_FIGURE]
    return bool(found) and len({one and one[1].strip() for one in found}) == 1 and found[0] is not None


def section(title: str, note: str) -> None:
    """A heading and its small grey line, close together."""
    with st.container(gap=None):
        heading(title)
        st.markdown(small(note))


def heading(title: str) -> DeltaGenerator:
    """A heading in a row of its own, level with those that have a link at the end of it; gives the row."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    row.subheader(words.markdown_safe(title), anchor=False)
    return row
