"""The badge on an estimate: how near the nearest measurement is, why, and how far off such estimates are."""

from __future__ import annotations

import streamlit as st

from core import words
from core.exports.covers import nearness_said
from core.plan import Workload
from core.results.figures import Results
from core.results.near import near, near_all
from core.results.nearness import GRADES, Nearness
from core.ui import expected, trace
from core.ui.shown import small

TONES = {"metered": "blue", "measured": "blue", "near": "blue", "extrapolated": "orange", "entered": "gray"}
WHY = "Why, and how far off"


def line(found: Results, workload: Workload, year: int, key: str) -> None:
    """One line on a workload's estimate, and its reasons behind it; nothing where there is no figure."""
    one = near(found, workload, year)
    if one is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        told(one)
        shut = st.popover(WHY, type="tertiary", key=f"near:{key}", on_change="rerun")
    if shut.open:
        with shut:
            _reasons(one)
            trace.to_accuracy()


def told(one: Nearness) -> None:
    """The badge and its clause."""
    text = " · ".join(part for part in (one.what, expected.short(one)) if part)
    badge = f":{TONES[one.grade]}-badge[{GRADES[one.grade]}]"
    st.markdown(f"{badge} {small(words.markdown_safe(words.thousands(text)))}", width="content")


def _reasons(one: Nearness) -> None:
    sentences = one.reasons or (f"{words.capital(one.what)}.",)
    st.markdown(f"**{GRADES[one.grade]}**")
    st.markdown("\n".join(f"- {words.markdown_safe(words.thousands(sentence))}" for sentence in sentences))
    st.markdown(f"**Expected error of the energy at work.** {words.markdown_safe(expected.of_estimate(one))}")


def summary(found: Results, year: int) -> None:
    """One line on all shown workloads: how many are near a measurement, and which are not."""
    shown = near_all(found, year)
    if not shown:
        return
    names = {w.id: w.name for w in found.plan.shown()}
    st.markdown(small(words.markdown_safe(words.thousands(nearness_said(shown, names)))))
