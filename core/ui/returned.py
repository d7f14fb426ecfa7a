"""A browser whose server is gone goes on with another: what it had changed last, and nobody answered, is taken here.

It comes with its address, which holds the plan, and with what its fields show. Where a field differs from the plan, the
reader typed it, and the server that was asked did not live to write it into the address.
"""

from __future__ import annotations

import streamlit as st

from core.ui import state


def echo() -> None:
    """A hidden field, the last of a run, that the browser sends back: each message tells which run it had seen.

    In a session's first run it holds another session's mark where the browser comes from there.
    """
    s = state.session()
    now = f"{s.run} {s.mark}"
    if s.run > 1:
        st.session_state[state.SEEN] = now
    seen = st.text_input("Run", now, key=state.SEEN, label_visibility="collapsed")
    if s.run == 1 and not seen.endswith(s.mark):
        _take()
    s.offered.clear()


def _take() -> None:
    """Hand to the plan what fields say instead of what it holds, and show the page anew."""
    s = state.session()
    before = s.plan
    for key, one in s.offered.items():
        if key in st.session_state and st.session_state[key] != one.value:
            one.take()
    if s.plan != before or s.refused:
        s.offered.clear()
        st.rerun()
