"""Where no set meets: what comes nearest, which limit binds, and the smallest change of each that lets one meet."""

from __future__ import annotations

import streamlit as st

from core import words
from core.decide.found import Found, Miss, Relaxation
from core.plan import Plan, Search, knobs
from core.ui import lever_words, state

START, TARGET = "start_year", "target"
TARGETS = "pages/targets/page.py"


def missed(answer: Found) -> None:
    """The nearest miss and what binds it, then each relaxation with the button that applies it."""
    near = answer.nearest
    if near is not None:
        levers = ", ".join(f"{lever_words.name(one)} from {one.start_year}" for one in near.choice.levers)
        told = f"{levers or 'no lever'}. {_binds(near)}"
        st.markdown(f":orange[**Nearest miss.**] {words.markdown_safe(words.capital(told))}")
    if not answer.relaxations:
        return
    st.markdown("**What would make it possible**, each alone:")
    for one in answer.relaxations:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _button(one)
            st.markdown(words.markdown_safe(one.said), width="stretch")


def _binds(near: Miss) -> str:
    """The limit that binds: what it asks for and what is reached."""
    if near.binds in Search.model_fields:
        label = knobs(Search)[near.binds].label.lower()
        if near.unit == "share":
            return f"What binds is the {label}: {words.percent(near.reached)} of {words.percent(near.limit)} asked for."
        ends = f"{words.figure(near.reached)} {near.unit}, the limit {words.figure(near.limit)} {near.unit}"
        return f"What binds is the {label}: {ends}."
    over = f"{words.figure(near.reached)} {near.unit}, allowed {words.figure(near.limit)} {near.unit}"
    return f"What binds is {near.binds} in {near.year}: {over}."


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
    """The plan with one limit relaxed as far as is needed; earlier starts are those of every candidate."""
    if one.limit in Search.model_fields:
        return plan.with_search(**{one.limit: one.needed})
    first, sooner = plan.first_year, round(one.needed)
    earlier = tuple(lever.but(start_year=max((lever.start_year or first) - sooner, first)) for lever in plan.candidates)
    return plan.but(candidates=earlier)
