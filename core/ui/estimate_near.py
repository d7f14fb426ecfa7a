"""How near the nearest measurement is to the alternatives of a case: a mark on each, and all in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from core import words
from core.results.nearness import Nearness
from core.ui import expected
from core.ui.shown import small

MARK = "†"


def mark(one: Nearness | None) -> str:
    """A dagger behind a figure that is extrapolated."""
    return f" {MARK}" if one is not None and one.grade == "extrapolated" else ""


def told(every: Sequence[Nearness | None]) -> None:
    """The line below the figures; nothing where there are none."""
    text = in_words(every)
    if text:
        st.markdown(small(text))


def in_words(every: Sequence[Nearness | None]) -> str:
    """How many cells are measured, near a measurement or extrapolated, and how far off the first two kinds are."""
    found = [one for one in every if one is not None]
    if not found:
        return ""
    grades = Counter(one.grade for one in found)
    told = [error for one in found if one.grade in ("measured", "near") if (error := expected.share(one)) is not None]
    ends = list(dict.fromkeys(words.percent(error) for error in (min(told), max(told)))) if told else []
    counted = f"Of {len(found)} figures {grades['measured']} are measured, {grades['near']} near a measurement"
    off = f" (half of such estimates within {' to '.join(ends)})" if ends else ""
    entered = f", {grades['entered']} rest on an entered share of peak" if grades["entered"] else ""
    return f"{counted}{off}{entered}, {grades['extrapolated']} extrapolated ({MARK} in the table)."
