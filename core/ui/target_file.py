"""The milestones of a target as a file: byte for byte what the command `track` writes."""

from __future__ import annotations

import streamlit as st

from core.exports.verdict import View
from core.targets.track_table import write_track

FILE = "glidepath_milestones.csv"


def milestones(view: View) -> None:
    """A row a scope and year with its rules; where there is no milestone there is no file."""
    if not any(line.milestones for line in view.found.lines):
        return
    st.download_button(
        "Milestones as CSV",
        lambda: write_track(view.found),
        FILE,
        "text/csv",
        on_click="ignore",
        key="track_csv",
        help="By scope and year: allowed, the plan with its 80 % range, the probability of meeting, codes, and the "
        "standard, formula, parameters and date of the rules.",
    )
