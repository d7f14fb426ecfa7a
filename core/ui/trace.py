"""From a figure on any page to its formula, factors and sources: one link, beside the figure's heading."""

from __future__ import annotations

import streamlit as st

from core.ui.shown import heading, small

METHODS = "pages/methods/page.py"
LABEL = ":blue[:small[Formula, factors, sources]]"


def to(figure: str, of: str = "") -> None:
    """A link to the Methods page with that figure open; the plan on screen goes along. `of`: of Estimate's case."""
    st.page_link(METHODS, label=LABEL, query_params={"figure": figure} | ({"of": of} if of else {}))


def section(title: str, note: str, figure: str, of: str = "") -> None:
    """A heading with the link at the other end of its line, and its small grey line below."""
    with st.container(gap=None):
        with heading(title):
            to(figure, of)
        st.markdown(small(note))


def line(text: str, figure: str) -> None:
    """A line of text, and the link behind it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(text, width="content")
        to(figure)


def to_accuracy() -> None:
    """A link to the Methods page with the accuracy open."""
    label = ":blue[:small[Measured against estimated]]"
    st.page_link(METHODS, label=label, query_params={"methods_tab": "Accuracy"})
