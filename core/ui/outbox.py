"""What leaves for the browser, and when: the page down to its headline at once, the rest in one go.

The server sends what is written every 5 ms, and the browser draws at once all that has arrived. Written through, a
page arrives in a dozen pieces, and the headline waits until the last of them is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic, sleep
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.ui import state, together

LEAVE_S = 0.008  # until what is written has left, and the browser has begun to draw it; chosen by tests/bench/page.py
REST_S = 0.05  # until the browser has drawn that: one that has heard the rest too draws all of it before it shows any
FIRST_S = 0.25  # in a visit's first run: the browser also fetches the sheet that keeps places for what comes later


class Rest:
    """What is written after the headline, held until the page is complete."""

    def __init__(self) -> None:
        self.context: Any = get_script_run_ctx()
        self.held: list[Any] = []
        self.due_s = 0.0  # when the rest may leave
        self.write = getattr(self.context, "_enqueue", None)  # where Streamlit puts what goes to the browser

    def hold(self, wait_s: float) -> None:
        """Hold from here on, and so long at least."""
        self.due_s = monotonic() + wait_s
        if self.write is not None:
            self.context._enqueue = self.held.append

    def wait(self) -> None:
        """Wait until the rest may leave; the page is worked out."""
        left_s = self.due_s - monotonic()
        if self.held and left_s > 0.0:
            sleep(left_s)

    def send(self) -> None:
        """Send what was held, in order, and hold no more."""
        if self.write is not None:
            self.context._enqueue = self.write
            for message in self.held:
                self.write(message)


_rest: ContextVar[Rest | None] = ContextVar("rest", default=None)


@contextmanager
def in_two_goes() -> Iterator[None]:
    """One run of a page. However it ends, nothing that was written stays behind."""
    rest = Rest()
    before = _rest.set(rest)
    try:
        yield
        rest.wait()
    finally:
        _rest.reset(before)
        together.end()
        rest.send()


def paint_first(*said: str) -> None:
    """Let the browser draw what is written so far, the answer as it is `said`, while the rest is worked out.

    An answer that was said before is no news: then all leaves in one go. Where no browser looks on, as in a test,
    nothing waits and nothing is held.
    """
    rest, s = _rest.get(), state.session()
    if rest is None or not looked_at():
        return
    news, s.said = not said or said != s.said, said
    if news:
        together.leave()
        sleep(FIRST_S if s.run == 1 else LEAVE_S)
    rest.hold(REST_S if news else 0.0)


def send_now() -> None:
    """Send what is held, and hold no more: the reader sees how far long work is while it goes on."""
    rest = _rest.get()
    if rest is not None:
        rest.send()
        rest.held = []


def looked_at() -> bool:
    """Whether a browser shows the page."""
    return bool(st.context.url)
