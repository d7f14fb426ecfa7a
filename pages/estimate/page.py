"""Estimate: what does one request on this model cost the planet, here?"""

import streamlit as st

from core.results import estimate
from core.ui import estimate_answer, estimate_question, estimate_running, frame, state

plan = state.plan()
frame.bar("Estimate")
frame.messages(hint=False)
answer = estimate.answer(plan)
estimate_answer.head(answer)
if answer.reason:
    estimate_question.way_out(plan)
left, right = st.columns([12, 15], gap="large")
with left:
    estimate_question.question(plan)
    estimate_question.add_to_plan(plan)
with right:
    if not answer.reason:
        estimate_answer.ladder_table(answer)
        estimate_answer.everyday(answer)
estimate_running.tabs(plan, answer)
if not answer.reason:
    estimate_running.cite(plan, answer)
    estimate_answer.assumed(plan)
estimate_answer.announce(answer)
