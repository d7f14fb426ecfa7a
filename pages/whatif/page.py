"""What-if: what happens if we move this?"""

import streamlit as st

from core import results
from core.ui import empty, frame, headline, lever_list, lever_terms, state, whatif

frame.bar("What-if")
frame.messages()
plan = state.plan()
if not plan.shown():
    empty.no_workload() if not plan.workloads else empty.nothing_shown()
else:
    found, usual = results.of(plan), results.of(plan.as_usual())
    whatif.head(found, usual)
    left, right = st.columns([14, 13], gap="large")
    with left:
        lever_list.levers(plan)
    with right:
        whatif.by_year(found, usual)
        whatif.supporting(found, usual)
    left, right = st.columns([14, 13], gap="large")
    with left:
        whatif.shared_out(found, usual)
    with right:
        lever_terms.terms(found, usual)
    headline.announce(found)
