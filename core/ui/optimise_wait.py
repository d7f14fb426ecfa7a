"""A search that takes longer than a moment: how far it is, the button that stops it, and what it had by then."""

from __future__ import annotations

from math import ceil

import streamlit as st

from core import words
from core.decide.found import Found
from core.decide.search import known
from core.decide.searching import Progress, Searching
from core.plan import Plan
from core.ui import state
from core.ui.shown import small

HELD = "optimise:search"
SOON_S = 1.5  # an answer that comes sooner is simply shown
LOOK_S = 0.5  # between two looks at a search at work
MEANWHILE = "The limits and candidates can be changed meanwhile; the search then begins anew."
STOPPING = "Stopping: the likeliest of the sets so far are still worked out as whole plans."


def found(plan: Plan) -> Found:
    """The answer to a plan's search; while it is worked out for longer than a moment, that it is at work."""
    answer = known(plan)
    if answer is not None:
        return answer
    held = state.session().drafts.get(HELD)
    if isinstance(held, Searching) and held.plan == plan:
        return held.answer or Found(status="working", said="")
    if isinstance(held, Searching):
        held.stop()
    begun = Searching(plan)
    state.session().drafts[HELD] = begun
    with st.spinner("Working out every set of the candidates"):
        return begun.wait(SOON_S) or Found(status="working", said="")


def watched() -> None:
    """The search at work; when it ends, the whole page is drawn with its answer."""
    st.fragment(_look, run_every=LOOK_S)()


def _look() -> None:
    held = state.session().drafts.get(HELD)
    if not isinstance(held, Searching) or not held.running:
        st.rerun()
        return
    progress = held.progress()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(progress.done / max(progress.total, 1), _said(progress), width="stretch")
        st.button("Stop and keep", key="search_stop", on_click=held.stop, disabled=held.stopping)
    st.markdown(small(STOPPING if held.stopping else MEANWHILE))


def _said(progress: Progress) -> str:
    left = "" if progress.left_s is None else f", at most {words.count(max(ceil(progress.left_s), 1), 'second')} left"
    step = progress.step or "Simulating the plan without its candidates"
    done, total = (f"{one:,}".replace(",", words.THIN) for one in (progress.done, progress.total))
    return f"{step}: {done} of {total}{left}" if progress.total else step


def ended_early(answer: Found) -> None:
    """That the reader stopped the search, and the button that begins it anew."""
    if not answer.stopped:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Search again", key="search_again", on_click=_again)
        st.markdown(small("Stopped: this is what the search had by then. It is not the last word."), width="stretch")


def _again() -> None:
    state.session().drafts.pop(HELD, None)
