"""Targets: are we on track?"""

import streamlit as st

from core.ui import (
    actuals,
    empty,
    frame,
    projection,
    state,
    target,
    target_close,
    target_form,
    target_gates,
    target_inventory,
    target_picture,
    target_wedges,
)

frame.bar("Targets", target.basis)
frame.messages()
plan = state.plan()
if not plan.workloads:
    empty.no_workload()
else:
    view = target.seen(plan)
    target.head(view)
    left, right = st.columns([9, 18], gap="large")
    with left:
        target_form.asked(view)
        target_form.gates(view)
    with right:
        if view.found.lines:
            target_picture.trajectory(view)
            target_picture.milestones(view)
    if view.found.lines:
        left, right = st.columns([9, 18], gap="large")
        with left:
            target_close.gap(view)
            target_gates.overshoot(view)
        with right:
            target_wedges.cut(view)
        target_gates.sentences(view)
        target_gates.findings(view)
    target_gates.checklist(view)
    if view.found.lines:
        target_wedges.lens(view)
    projection.panel(plan)
    target_inventory.panel(view)
    actuals.panel(plan)
    target_gates.v2(view)
    target_gates.notes(view)
    target.announce(view)
