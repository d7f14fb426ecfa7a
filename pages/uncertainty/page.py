"""Uncertainty: how sure is this?"""

import streamlit as st

from core.ui import empty, frame, state, uncertainty, uncertainty_inputs, uncertainty_shares

frame.bar("Uncertainty", uncertainty.basis)
frame.messages()
plan = state.plan()
if not plan.shown():
    empty.no_workload() if not plan.workloads else empty.nothing_shown()
else:
    view = uncertainty.seen(plan)
    uncertainty.head(view)
    left, right = st.columns([14, 13], gap="large")
    with left:
        uncertainty.by_year(view)
        uncertainty.simulations(view)
    with right:
        uncertainty_inputs.hangs_on(view)
    left, right = st.columns([14, 13], gap="large")
    with left:
        uncertainty.chances(view)
        uncertainty_shares.screened(view)
    with right:
        uncertainty_shares.variance(view)
        uncertainty_shares.measure_next(view)
    uncertainty.announce(view)
