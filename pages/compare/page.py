"""Compare: plans beside a reference, what makes the difference, and the review of what is saved."""

import streamlit as st

from core.ui import (
    compare,
    compare_chosen,
    compare_figures,
    compare_given,
    compare_inputs,
    compare_older,
    compare_review,
    frame,
)

frame.bar("Compare")
frame.messages()
reviews = compare_given.stored()
plans = compare_chosen.chosen(reviews)
others = compare.seen(plans)
if others is None:
    compare.at_work()
else:
    compare.head(plans, others)
    if not others:
        compare.alone(plans)
    if compare.known(others):
        left, right = st.columns([14, 13], gap="large")
        with left:
            compare_figures.quantities(others)
            compare_figures.by_year(others)
        with right:
            compare_inputs.parts(others)
            compare_figures.apart_by_year(others)
            compare_inputs.differing(plans, others)
            compare.export(plans)
    compare_older.older_data(plans)
compare_review.review(reviews)
if others is not None:
    compare.announce(others)
