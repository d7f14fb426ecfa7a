"""Compare: plan A against plan B, and the review of what is saved."""

import streamlit as st

from core.ui import compare, compare_inputs, compare_review, frame

frame.bar("Compare")
frame.messages()
reviews = compare.stored()
first, second = compare.chosen(reviews)
view = compare.seen(first, second)
compare.head(first, second, view)
if view is not None:
    left, right = st.columns([14, 13], gap="large")
    with left:
        compare.quantities(view)
        compare.by_year(view)
    with right:
        compare_inputs.steps(view)
        compare_inputs.differing(first, second)
compare_review.review(reviews)
compare.announce(view)
