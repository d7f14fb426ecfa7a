"""Where no set meets: what comes nearest, which limit binds, and the smallest change that lets one meet."""

from __future__ import annotations

import streamlit as st

from core import words
from core.decide.found import Found, Miss, Relaxation
from core.plan import Plan, Search, knobs
from core.ui import lever_words, state
from core.ui.shown import small
from core.units import PERCENT

START, TARGET = "start_year", "target"
TARGETS = "pages/targets/page.py"
MEASURED = "each limit's change as a share of the larger of before and after, added up"


def missed(answer: Found) -> None:
    """The nearest miss and what binds it, then what must change, of several limits or of one, a button beside each."""
    near = answer.nearest
    if near is not None:
        levers = ", ".join(f"{lever_words.name(one)} from {one.start_year}" for one in near.choice.levers)
        told = f"{levers or 'no lever'}. {_binds(near)}"
        st.markdown(f":orange[**Nearest miss.**] {words.markdown_safe(words.capital(told))}")
    if not answer.relaxations:
        return
    several = [one for one in answer.relaxations if one.changes]
    if several:
        st.markdown(f"**The smallest change that would make it possible** {small(MEASURED)}")
        _listed(several)
    alone = [one for one in answer.relaxations if not one.changes]
    if alone:
        st.markdown(f"**What would make it possible**, each alone{' but larger' if several else ''}:")
        _listed(alone)


def _listed(some: list[Relaxation]) -> None:
    for one in some:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _button(one)
            st.markdown(words.markdown_safe(one.said), width="stretch")


def _binds(near: Miss) -> str:
    """The limit that binds: what it asks for and what is reached."""
    if near.binds in Search.model_fields:
        label = knobs(Search)[near.binds].label.lower()
        if near.unit == "share":
            reached, asked = (f"{words.figure(one * PERCENT, 3)}{words.GLUE}%" for one in (near.reached, near.limit))
            return f"What binds is the {label}: {reached} of {asked} asked for."
        ends = f"{words.figure(near.reached)} {near.unit}, the limit {words.figure(near.limit)} {near.unit}"
        return f"What binds is the {label}: {ends}."
    reached, limit = (f"{words.figure(one)} {near.unit}" for one in (near.reached, near.limit))
    return f"What binds is {near.binds} in {near.year}: {reached} in the central case, allowed {limit}."


def _button(one: Relaxation) -> None:
    key = f"relax:{one.limit}"
    if TARGET in (one.limit, *(change.limit for change in one.changes)):
        st.page_link(TARGETS, label="Open Targets", width="content")
        return
    label, what = ("Allow them", "these limits") if one.changes else ("Allow it", "this limit alone")
    st.button(label, key=key, on_click=_relax, args=(one,), help=f"Changes {what}; Undo takes it back.")


def _relax(one: Relaxation) -> None:
    plan = state.plan()
    state.attempt(lambda: relaxed(plan, one), redraw_grid=False)


def relaxed(plan: Plan, one: Relaxation) -> Plan:
    """The plan with limits relaxed as far as is needed; earlier starts are those of every candidate."""
    if one.changes:
        return plan.with_search(**{change.limit: change.needed for change in one.changes})
    if one.limit in Search.model_fields:
        return plan.with_search(**{one.limit: one.needed})
    first, sooner = plan.first_year, round(one.needed)
    earlier = tuple(lever.but(start_year=max((lever.start_year or first) - sooner, first)) for lever in plan.candidates)
    return plan.but(candidates=earlier)
