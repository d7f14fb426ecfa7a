"""What must be true to close the gap: each thing alone, with its range, and how often it does."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from core import words
from core.exports.verdict import View, in_100
from core.targets.closing import NOT_ALONE, STRAIGHT, Need, closing
from core.ui import trace
from core.ui.shown import small
from core.ui.target_picture import pathway_of, picked
from core.units import PERCENT


def gap(view: View) -> None:
    """What would close the gap in the target year; where there is none, that it is closed."""
    found = closing(view.plan, picked(view))
    if found is None:
        return
    note = f"In {found.year}, each alone on top of this plan: central case, and its 80 % range over the simulations"
    trace.section("What must be true to close the gap", note, "target_needed_factor")
    if found.gap_kg <= 0:
        st.markdown(f"There is no gap in {found.year}.")  # there may be one on the way, which the answer tells
        return
    for need in found.needs:
        with st.container(gap=None):
            with st.container(horizontal=True, horizontal_alignment="distribute", gap="small"):
                st.markdown(need.what, width="content")
                st.markdown(_told(need), width="content")
            st.markdown("  \n".join(small(line) for line in (_how(need), how_sure(need)) if line))
    st.markdown(small(words.markdown_safe(f"{STRAIGHT} {pathway_of(view)}.")))


def _told(need: Need) -> str:
    if need.factor is None:
        return f":gray[{NOT_ALONE}]"
    cut = words.signed_percent(need.factor - 1.0)
    yearly = f", {words.signed_percent(need.yearly_pct / PERCENT)} a year" if isfinite(need.yearly_pct) else ""
    return f":blue[**{cut}**]{yearly}"


def how_sure(need: Need) -> str:
    """The range of the cut, and in how many simulations the cut told would meet the pathway."""
    if not isfinite(need.low_factor):
        return ""
    often = in_100(need.met_share)
    if need.factor is None:
        return f"With none of it at all, met in {often} simulations."
    least, most = (_end(factor) for factor in (need.high_factor, need.low_factor))
    ends = f"80{words.GLUE}% range {least} to {most}; " if least != most else ""
    return f"{words.capital(ends)}a cut of {words.percent(1.0 - need.factor)} meets it in {often} simulations."


def _end(factor: float) -> str:
    """One end of a cut's range."""
    return "more than all of it" if factor < 0.0 else "no cut" if factor >= 1.0 else words.signed_percent(factor - 1.0)


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
