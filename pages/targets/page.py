"""Targets: are we on track?"""

import streamlit as st

from core.exports import verdict
from core.ui import (
    empty,
    frame,
    state,
    target,
    target_close,
    target_form,
    target_gates,
    target_picture,
    target_tabs,
    target_wedges,
)

frame.bar("Targets", target.basis)
frame.messages()
plan = state.plan()
if not plan.workloads:
    empty.no_workload()
else:
    view = verdict.seen(plan)
    target.head(view)
    left, right = st.columns([9, 18], gap="large")
    with left:
        target_form.asked(view)
    with right:
        if view.found.lines:
            target_picture.trajectory(view)
            target_picture.milestones(view)
        else:
            target_form.missing(view)
            target_tabs.tabs(view)
    if view.found.lines:
        left, right = st.columns([14, 13], gap="large")
        with left:
            target_close.gap(view)
        with right:
            target_gates.overshoot(view)
            target_gates.sentences(view)
        left, right = st.columns([14, 13], gap="large")
        with left:
            target_wedges.cut(view)
        with right:
            target_wedges.lens(view)
            target_gates.findings(view)
    target_gates.checklist(view)
    target_form.gates(view)
    if view.found.lines:
        target_tabs.tabs(view)
    target.announce(view)
