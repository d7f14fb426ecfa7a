"""What must be true to close the gap: each thing alone, as a factor and a yearly change."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from core import words
from core.targets.closing import NOT_ALONE, STRAIGHT, Need, closing
from core.ui import trace
from core.ui.shown import small
from core.ui.target import View
from core.ui.target_picture import picked
from core.units import PERCENT


def gap(view: View) -> None:
    """What would close the gap in the target year; where there is none, that it is closed."""
    found = closing(view.plan, picked(view))
    if found is None:
        return
    note = f"In {found.year}, each alone on top of this plan, central case"
    trace.section("What must be true to close the gap", note, "target_needed_factor")
    if found.gap_kg <= 0:
        st.markdown("There is no gap: the plan stays under the pathway.")
        return
    for need in found.needs:
        with st.container(horizontal=True, horizontal_alignment="distribute", gap="small"):
            st.markdown(f"{need.what}  \n{small(_how(need))}", width="content")
            st.markdown(_told(need), width="content")
    st.markdown(small(STRAIGHT))


def _told(need: Need) -> str:
    if need.factor is None:
        return f":gray[{NOT_ALONE}]"
    cut = words.signed_percent(need.factor - 1.0)
    yearly = f", {words.signed_percent(need.yearly_pct / PERCENT)} a year" if isfinite(need.yearly_pct) else ""
    return f":blue[**{cut}**]{yearly}"


def _how(need: Need) -> str:
    """From what to what, where it has one value."""
    if not (isfinite(need.now) and isfinite(need.needed)):
        return words.markdown_safe(
            need.note
            if need.factor is not None
            else f"From {_value(need.now, need.unit)}."
            if isfinite(need.now)
            else ""
        )
    return words.markdown_safe(f"{_value(need.now, need.unit)} to {_value(need.needed, need.unit)}. {need.note}")


def _value(value: float, unit: str) -> str:
    if unit.startswith("tokens"):
        return f"{words.quantity(value, words.count_scale(value), 2)} {unit}"
    return f"{words.figure(value, 2)} {unit}"
