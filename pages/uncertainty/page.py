"""Uncertainty: how sure is this?"""

import streamlit as st

from core.ui import empty, frame, state, uncertainty, uncertainty_inputs, uncertainty_picture, uncertainty_shares

uncertainty.waited(state.plan())
frame.bar("Uncertainty", uncertainty.basis)
frame.messages()
plan = state.plan()
if not plan.shown():
    empty.no_workload() if not plan.workloads else empty.nothing_shown()
else:
    view = uncertainty.seen(plan)
    uncertainty.head(view)
    if view.known:
        left, right = st.columns([14, 13], gap="large")
        with left:
            uncertainty_picture.by_year(view)
            uncertainty_picture.simulations(view)
        with right:
            uncertainty_inputs.hangs_on(view)
        left, right = st.columns([14, 13], gap="large")
        with left:
            uncertainty_picture.chances(view)
            uncertainty_shares.screened(view)
        with right:
            uncertainty_shares.variance(view)
            uncertainty_shares.measure_next(view)
            uncertainty_picture.export(view)
    uncertainty.announce(view)
