"""Optimise: which levers, from which year, meet the pathway at least cost?"""

import streamlit as st

from core.ui import (
    empty,
    frame,
    optimise,
    optimise_ask,
    optimise_candidates,
    optimise_front,
    optimise_limits,
    optimise_tabs,
    state,
)

frame.bar("Optimise")
frame.messages()
plan = state.plan()
if not plan.workloads:
    empty.no_workload()
else:
    view = optimise.seen(plan)
    optimise.head(view)
    left, right = st.columns([13, 14], gap="large")
    with left:
        optimise_candidates.candidates(plan, view.left_out, view.starts)
        optimise_limits.limits(plan)
    with right:
        optimise_ask.steps(plan, view.found)
        optimise_front.front(view)
        optimise_front.starts(view)
    optimise_tabs.tabs(view)
    optimise.announce(view)
