"""Parts that take longer than a moment to work out: how far it is, the button that stops it, and how it begins anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar, cast

import streamlit as st

from core import words
from core.decide.working import Working
from core.ui import state
from core.ui.shown import small

T = TypeVar("T")
SOON_S = 1.0  # an answer that comes sooner is simply shown
LOOK_S = 0.5  # between two looks at work


@dataclass
class Held:
    """Work of this tab, and what it is of."""

    of: Hashable
    work: Working[object]


def answered(key: str, of: Hashable, task: Callable[[], T]) -> T | None:
    """The answer; None while it is worked out for longer than a moment, or once the reader stopped it."""
    drafts, place = state.session().drafts, f"compare:{key}"
    held = drafts.get(place)
    if not isinstance(held, Held) or held.of != of:
        if isinstance(held, Held):
            held.work.stop()
        held = drafts[place] = Held(of, Working[object](task))
        with st.spinner("Working it out"):
            held.work.wait(SOON_S)
    if held.work.done:
        return cast(T, held.work.answer)
    mine = held.work
    if mine.running:
        st.fragment(lambda: _look(mine, key), run_every=LOOK_S)()
        return None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Work it out", key=f"again:{key}", on_click=_again, args=(place,))
        told = f"It ended early: {mine.wrong}." if mine.wrong else "Stopped: all else on this page stands."
        st.markdown(small(words.markdown_safe(told)), width="stretch")
    return None


def _again(place: str) -> None:
    state.session().drafts.pop(place, None)


def _look(work: Working[object], key: str) -> None:
    """Work as it stands; when it ends, the whole page is drawn with its answer."""
    if not work.running:
        st.rerun()
        return
    watch = work.watch
    done, total = watch.done, max(watch.total, 1)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        share = words.percent(min(done / total, 1.0)) if done else "just begun"
        st.progress(min(done / total, 1.0), f"{watch.step or 'Working it out'}: {share}", width="stretch")
        st.button("Stop", key=f"stop:{key}", on_click=work.stop)
