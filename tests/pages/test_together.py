"""The word that a run has begun waits for the run's headline, not longer than said, and for nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from streamlit.runtime.app_session import AppSession

from core.ui import together

ID = "one"


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A session of Streamlit's, as far as it is asked here, on a server whose sessions wait."""
    monkeypatch.setattr(AppSession, "request_rerun", lambda one, _: one.words.append("begun"))
    monkeypatch.setattr(AppSession, "flush_browser_queue", lambda one: [one.words.pop(0) for _ in list(one.words)])
    monkeypatch.setattr(together, "_until_s", {})
    monkeypatch.setattr(together, "_wake", {})
    monkeypatch.setattr(together, "get_script_run_ctx", lambda: SimpleNamespace(session_id=ID))
    together.begin()
    return SimpleNamespace(id=ID, words=[], _message_enqueued_callback=lambda: None)


def _left(one: SimpleNamespace, asked: object, meanwhile: Callable[[], object] = lambda: None) -> list[str]:
    """What leaves once a run is asked for, and `meanwhile` has happened."""

    async def flushed() -> list[str]:
        AppSession.request_rerun(one, asked)  # type: ignore[arg-type]
        meanwhile()
        return AppSession.flush_browser_queue(one)  # type: ignore[arg-type, return-value]

    with ThreadPoolExecutor(1) as apart:  # a worker that drives a browser has a loop of its own running here
        return apart.submit(asyncio.run, flushed()).result()


def test_nothing_leaves_before_the_headline_stands(session: SimpleNamespace) -> None:
    assert _left(session, SimpleNamespace(fragment_id="")) == []
    assert session.words == ["begun"]


def test_all_leaves_with_the_headline(session: SimpleNamespace) -> None:
    assert _left(session, SimpleNamespace(fragment_id=""), together.leave) == ["begun"]


def test_what_is_said_last_leaves_with_the_end_of_the_run_and_waits_no_longer_for_it(
    session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(together, "monotonic", lambda: clock[0])
    session.words.append("the rest")
    assert _left(session, None, together.end) == []
    clock[0] = together.END_S
    assert _left(session, None) == ["the rest", "begun", "begun"]


def test_a_headline_that_takes_long_is_not_waited_for(
    session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(together, "monotonic", lambda: clock[0])
    asked = SimpleNamespace(fragment_id="")
    assert _left(session, asked, lambda: clock.append(clock.pop() + together.MOST_S)) == ["begun"]


@pytest.mark.parametrize("asked", [None, SimpleNamespace(fragment_id="a part of a page")])
def test_what_has_no_headline_waits_for_none(session: SimpleNamespace, asked: object) -> None:
    assert _left(session, asked) == ["begun"]


def test_one_who_waits_keeps_nobody_else_waiting(session: SimpleNamespace) -> None:
    other = SimpleNamespace(id="other", words=["said"], _message_enqueued_callback=lambda: None)
    _left(session, SimpleNamespace(fragment_id=""))
    assert AppSession.flush_browser_queue(other) == ["said"]  # type: ignore[arg-type]


def test_the_server_looks_once_when_the_headline_stands_and_once_when_it_has_waited_long_enough(
    session: SimpleNamespace,
) -> None:
    looks: list[str] = []
    session._message_enqueued_callback = lambda: looks.append("look")

    async def run(meanwhile: Callable[[], object]) -> int:
        looks.clear()
        AppSession.request_rerun(session, SimpleNamespace(fragment_id=""))  # type: ignore[arg-type]
        for _ in range(50):  # as many messages come meanwhile
            AppSession.flush_browser_queue(session)  # type: ignore[arg-type]
        meanwhile()
        await asyncio.sleep(0.005)
        soon = len(looks)
        await asyncio.sleep(together.MOST_S)
        return soon

    def asked_again() -> None:
        AppSession.request_rerun(session, SimpleNamespace(fragment_id=""))  # type: ignore[arg-type]
        AppSession.flush_browser_queue(session)  # type: ignore[arg-type]

    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(asyncio.run, run(asked_again)).result() == 0
        assert looks == ["look", "look"]
        assert apart.submit(asyncio.run, run(together.leave)).result() == 1
        assert apart.submit(asyncio.run, run(lambda: None)).result() == 0
    assert looks == ["look"]
