"""Plan: what do our language models cost the planet, year by year?"""

import streamlit as st

from core import results
from core.ui import (
    bill,
    cards,
    detail,
    effect,
    empty,
    filters,
    first_actions,
    frame,
    headline,
    picture,
    portfolio,
    projection,
    rests,
    scopes,
    state,
)

frame.bar("Plan")
frame.messages(hint=True)
if not state.plan().workloads:
    empty.no_workload()
elif not state.plan().shown():
    filters.row()
    empty.nothing_shown()
else:
    found = results.of(state.plan())
    headline.headline(found)
    left, right = st.columns([15, 12], gap="large")
    with left:
        filters.row()
        portfolio.grid()
        cards.cards(found)
        portfolio.add_button()
        bill.supporting(found)
    with right:
        picture.by_year(found)
    first_actions.actions(found.plan)
    projection.shut(found.plan)
    left, right = st.columns([15, 12], gap="large")
    with left:
        detail.panel(found)
    with right:
        effect.effect(found)
    rests.rests_on(found.plan)
    left, right = st.columns([15, 12], gap="large")
    with left:
        picture.ladder(found)
    with right:
        picture.both_methods(found)
        scopes.by_scope(found)
        bill.water_and_cost(found)
    headline.announce(found)
