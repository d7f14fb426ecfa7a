"""The word that a run has begun leaves with the run's headline, and the word that it has ended with the rest.

At the first word a browser draws every element anew, in grey, and at the headline again: half of what a reader waits
for. At the last it draws them once more. Heard together, they take one drawing each.
"""

from __future__ import annotations

import asyncio
from time import monotonic

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx

MOST_S = 0.03  # a headline that takes longer is not waited for
END_S = 0.006  # nor an end of a run that is not in sight
LOOK_S = 0.001  # between two looks whether it stands
_until_s: dict[str, float] = {}  # by session that waits: when it has waited long enough


def begin() -> None:
    """Let every session wait for its headline from now on; once, before the server's first reader."""
    rerun, flush = AppSession.request_rerun, AppSession.flush_browser_queue

    def request_rerun(session: AppSession, client_state: ClientState | None) -> None:
        if client_state is not None and not client_state.fragment_id:
            _until_s[session.id] = monotonic() + MOST_S
        rerun(session, client_state)

    def flush_browser_queue(session: AppSession) -> list[ForwardMsg]:
        look = session._message_enqueued_callback
        if look is not None and monotonic() < _until_s.get(session.id, 0.0):
            asyncio.get_running_loop().call_later(LOOK_S, look)
            return []
        _until_s.pop(session.id, None)
        return flush(session)

    AppSession.request_rerun = request_rerun  # type: ignore[method-assign, assignment]
    AppSession.flush_browser_queue = flush_browser_queue  # type: ignore[method-assign, assignment]


def leave() -> None:
    """The headline of this run stands: what was held may go."""
    context = get_script_run_ctx()
    if context is not None:
        _until_s.pop(context.session_id, None)


def end() -> None:
    """All that this run has to say is about to be said: it leaves with the word that the run has ended."""
    context = get_script_run_ctx()
    if context is not None:
        _until_s[context.session_id] = monotonic() + END_S
