"""Display units of the page, chosen once from its largest figure, and figures in them."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

import streamlit as st

from core import words
from core.words import Scale

SCALES = {
    "kg": words.mass_scale,
    "kWh": words.energy_scale,
    "l": words.volume_scale,
    "USD": words.money_scale,
}


def small(text: str) -> str:
    """A small grey line under a heading. (`st.caption` is too faint in the light theme.)"""
    return f":gray[:small[{text}]]"


def scale_for(unit: str, values: Iterable[float]) -> Scale:
    """The display unit for quantities in a base unit (kg, kWh, l, USD); other units stay as they are."""
    largest = max((abs(v) for v in values if isfinite(v)), default=0.0)
    return SCALES[unit](largest) if unit in SCALES else Scale(unit, 1.0, after=f"\u00a0{unit}" if unit else "")


def section(title: str, note: str) -> None:
    """A heading and its small grey line, close together."""
    with st.container(gap=None):
        st.subheader(words.markdown_safe(title), anchor=False)
        st.markdown(small(note))
