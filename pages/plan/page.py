"""Plan: what do our language models cost the planet, year by year?"""

import streamlit as st

from core import results
from core.ui import detail, effect, empty, filters, frame, headline, picture, portfolio, state

frame.bar("Plan")
frame.messages()
if not state.plan().workloads:
    empty.no_workload()
    st.stop()

found = results.of(state.plan())
headline.headline(found)
left, right = st.columns([6, 6], gap="large")
with left:
    st.subheader("Workloads", anchor=False)
    filters.row()
    portfolio.grid()
    portfolio.buttons()
    detail.panel()
    effect.effect(found)
with right:
    picture.by_year(found)
    picture.supporting(found)
    picture.ladder(found)
