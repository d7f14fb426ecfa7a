"""The word that a run has begun leaves with the run's headline, and the word that it has ended with the rest.

At the first word a browser draws every element anew, in grey, and at the headline again: half of what a reader waits
for. At the last it draws them once more. Heard together, they take one drawing each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from time import monotonic

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx

MOST_S = 0.03  # a headline that takes longer is not waited for
END_S = 0.006  # nor an end of a run that is not in sight
_until_s: dict[str, float] = {}  # by session that waits: when it has waited long enough
_wake: dict[str, Callable[[], object]] = {}  # by session that has something to say and waits: lets its server look anew


def begin() -> None:
    """Let every session wait for its headline from now on; once, before the server's first reader."""
    rerun, flush = AppSession.request_rerun, AppSession.flush_browser_queue

    def request_rerun(session: AppSession, client_state: ClientState | None) -> None:
        if client_state is not None and not client_state.fragment_id:
            _forget(session.id)  # a run that is asked for meanwhile waits anew
            _until_s[session.id] = monotonic() + MOST_S
        rerun(session, client_state)

    def flush_browser_queue(session: AppSession) -> list[ForwardMsg]:
        look, left_s = session._message_enqueued_callback, _until_s.get(session.id, 0.0) - monotonic()
        if look is not None and left_s > 0.0:
            # Once: fifty readers who all looked every millisecond would be a load of their own.
            if session.id not in _wake:
                loop = asyncio.get_running_loop()
                _wake[session.id] = partial(loop.call_soon_threadsafe, look)
                loop.call_later(left_s, look)
            return []
        _forget(session.id)
        return flush(session)

    AppSession.request_rerun = request_rerun  # type: ignore[method-assign, assignment]
    AppSession.flush_browser_queue = flush_browser_queue  # type: ignore[method-assign, assignment]


def leave() -> None:
    """The headline of this run stands: what was held may go."""
    context = get_script_run_ctx()
    if context is not None:
        _forget(context.session_id)()


def end() -> None:
    """All that this run has to say is about to be said: it leaves with the word that the run has ended."""
    context = get_script_run_ctx()
    if context is not None:
        _forget(context.session_id)
        _until_s[context.session_id] = monotonic() + END_S


def _forget(key: str) -> Callable[[], object]:
    """The session waits no more; gives back what lets its server look anew."""
    _until_s.pop(key, None)
    return _wake.pop(key, bool)
