"""What a search must know before it can begin: a target and levers to choose from, each one click away."""

from __future__ import annotations

import streamlit as st

from core import words
from core.decide.found import Found
from core.decide.suggested import suggested
from core.plan import Plan, Target
from core.plan.example_target import with_example_target
from core.ui import state
from core.ui.shown import section, small

TARGETS = "pages/targets/page.py"


def asked(plan: Plan, answer: Found) -> None:
    """What is missing, and the buttons that say it."""
    if answer.questions and plan.target != Target():
        st.markdown("\n".join(f"- {words.markdown_safe(line)}" for line in answer.questions))
    elif answer.status == "asked":
        st.markdown("A search ends at a pathway: take the example's target, or say yours on Targets.")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="optimise_asked"):
        if answer.status == "asked":
            st.button("Use the example's target", key="optimise:target", type="primary", on_click=_target)
            st.page_link(TARGETS, label="Say yours on Targets", width="content")
        if not plan.candidates:
            suggest(plan, primary=answer.status == "no candidates")


def suggest(plan: Plan, primary: bool = False) -> None:
    """One click fills the list with the levers that move this plan most and go with its data."""
    st.button(
        "Suggest candidates", key="candidate:suggest", type="primary" if primary else "secondary", on_click=_suggest,
        help="The levers of the catalog that cut most on this plan, with our estimates of what they cost.",
    )  # fmt: skip


def _target() -> None:
    if state.attempt(lambda: with_example_target(state.plan())):
        state.session().news = ["The target and its inventory are now the example's: values of an invented company."]


def _suggest() -> None:
    plan = state.plan()
    state.attempt(lambda: plan.but(candidates=suggested(plan)), redraw_grid=False)


def steps(plan: Plan, answer: Found) -> None:
    """The way to an answer, and how far along it the reader is."""
    if answer.status not in ("asked", "no candidates"):
        return
    section("How it works", "Three steps; each can be changed later")
    done = {"A target": answer.status != "asked", "Candidates": bool(plan.candidates), "The answer": False}
    said = {
        "A target": "What the pathway allows, by year, from the Targets page.",
        "Candidates": "Up to 20 levers that may be used, with earliest year and costs. Suggested ones are a start.",
        "The answer": "The cheapest set with its years, the other choices that nothing betters, what each tonne costs, "
        "and how the answer stands in other worlds. Every set is worked out by the plan's own physics.",
    }
    for number, (name, is_done) in enumerate(done.items(), 1):
        mark = " :blue-badge[done]" if is_done else ""
        st.markdown(f"**{number}. {name}**{mark}  \n{small(said[name])}")
