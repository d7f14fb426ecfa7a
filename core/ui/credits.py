"""Carbon credits as a line of their own: said beside the figures, in no total."""

from __future__ import annotations

import streamlit as st

from core import words
from core.plan import Plan
from core.results.credits import credits_outside_kg
from core.ui.shown import small


def line(plan: Plan) -> None:
    """How many credits the plan names for the shown year; nothing where it names none."""
    told = said(plan)
    if told:
        st.markdown(small(words.markdown_safe(told)))


def said(plan: Plan) -> str:
    """The line itself; empty without credits."""
    year = plan.shown_year()
    kg = float(credits_outside_kg(plan)[year - plan.first_year])
    if kg <= 0.0:
        return ""
    return f"Credits, outside every total: {words.quantity(kg, words.mass_scale(kg), 3)} in {year}, for the whole plan."
