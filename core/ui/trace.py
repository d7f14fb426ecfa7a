"""From a figure on any page to its formula, factors and sources: one link."""

from __future__ import annotations

import streamlit as st

METHODS = "pages/methods/page.py"
LABEL = ":small[Formula, factors, sources]"


def to(figure: str) -> None:
    """A link to the Methods page with that figure open; the plan on screen goes along."""
    st.page_link(METHODS, label=LABEL, query_params={"figure": figure})
