"""What every page shows alike: small grey lines, headings, tables, the data's age; units are `core.exports.scales`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import words
from core.exports.scales import amount, counted, money_for, page_scale, scale_for
from core.methods.origin import data_date

__all__ = [
    "amount", "counted", "data_age", "heading", "money_for", "page_scale", "scale_for", "section", "small", "table",
]  # fmt: skip


def small(text: str) -> str:
    """A small grey line under a heading. (`st.caption` is too faint in the light theme.)"""
    return f":gray[:small[{text}]]"


def data_age(today: date) -> str:
    """The day on which the source read longest ago was read, and how long ago that is."""
    return words.days_old(data_date(), today)


def table(columns: Mapping[str, Sequence[str]]) -> None:
    """Text cells under their headings. As an Arrow table it spares the road through a data frame."""
    st.table(pa.table({name: list(cells) for name, cells in columns.items()}), border="horizontal", hide_index=True)


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
