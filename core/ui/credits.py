"""What stands outside the totals, on lines of its own: carbon credits, and work that runs on users' devices."""

from __future__ import annotations

import streamlit as st

from core import words
from core.exports.outside import credits_said, on_devices
from core.results import Results
from core.ui.shown import small


def line(found: Results) -> None:
    """What the shown year has of each; nothing where it has none."""
    for told in (credits_said(found), on_devices(found)):
        if told:
            st.markdown(small(words.markdown_safe(told)))
