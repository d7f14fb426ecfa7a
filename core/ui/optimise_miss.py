"""Where no set meets: what comes nearest, which limit binds, and the smallest change of each that lets one meet."""

from __future__ import annotations

import streamlit as st

from core import words
from core.decide.found import Found, Relaxation
from core.plan import Plan, Search
from core.ui import state

START, TARGET = "start_year", "target"
TARGETS = "pages/targets/page.py"


def missed(answer: Found) -> None:
    """The nearest miss and what binds it, then each relaxation with the button that applies it."""
    near = answer.nearest
    if near is not None:
        st.markdown(f":orange[**Nearest miss.**] {words.markdown_safe(near.said)}")
    if not answer.relaxations:
        return
    st.markdown("**What would make it possible**, each alone:")
    for one in answer.relaxations:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _button(one)
            st.markdown(words.markdown_safe(one.said), width="stretch")


def _button(one: Relaxation) -> None:
    key = f"relax:{one.limit}"
    if one.limit == TARGET:
        st.page_link(TARGETS, label="Open Targets", width="content")
        return
    st.button("Allow it", key=key, on_click=_relax, args=(one,), help="Changes this limit alone; Undo takes it back.")


def _relax(one: Relaxation) -> None:
    plan = state.plan()
    state.attempt(lambda: relaxed(plan, one), redraw_grid=False)


def relaxed(plan: Plan, one: Relaxation) -> Plan:
    """The plan with one limit relaxed as far as is needed; earlier years are those of the choice that it allows."""
    if one.limit in Search.model_fields:
        return plan.with_search(**{one.limit: one.needed})
    years = {lever.id: lever.start_year for lever in one.choice.levers}
    earlier = tuple(lever.but(start_year=years[lever.id]) if lever.id in years else lever for lever in plan.candidates)
    return plan.but(candidates=earlier)
