"""Shift: where and when should this work run?"""

import streamlit as st

from core.ui import empty, frame, shift, shift_file, shift_hours, shift_now, shift_places, state

frame.bar("Shift")
frame.messages()
plan = state.plan()
if not plan.shown():
    empty.no_workload() if not plan.workloads else empty.nothing_shown()
else:
    view = shift.found(plan)
    shift_file.missing()
    shift.head(view)
    left, right = st.columns([9, 18], gap="large")
    with left:
        shift.what_may_move(view)
    with right:
        if view.places:
            shift_places.by_hour(view)
    if view.places:
        shift_places.moves(view)
        shift_hours.tabs(view)
        shift_file.panel(view)
        shift_now.panel(view)
    shift.announce(view)
