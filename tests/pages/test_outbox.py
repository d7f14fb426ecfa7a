"""The page leaves in two goes: nothing that was written is lost or out of order, however the run ends."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from core.ui import outbox


def _page(end: str) -> None:
    import streamlit as st

    from core.ui import outbox

    with outbox.in_two_goes():
        st.header("Answer")
        outbox.paint_first()
        st.markdown("second")
        st.markdown("third")
        if end == "fault":
            raise ValueError("planted")
        if end == "rerun" and "again" not in st.session_state:
            st.session_state["again"] = True
            st.rerun()
    st.markdown("after")


@pytest.mark.parametrize(
    ("end", "written"),
    [("", ["second", "third", "after"]), ("rerun", ["second", "third", "after"]), ("fault", ["second", "third"])],
)
def test_all_that_was_written_arrives_in_order_however_the_run_ends(end: str, written: list[str]) -> None:
    with (
        patch.object(outbox, "looked_at", lambda: True),
        patch.object(outbox, "LEAVE_S", 0.0),
        patch.object(outbox, "REST_S", 0.0),
    ):
        app = AppTest.from_function(_page, args=(end,)).run()
    assert [header.value for header in app.header] == ["Answer"]
    assert [text.value for text in app.markdown] == written
    assert len(app.exception) == (end == "fault")


def _order(sent: list[object]) -> None:
    import streamlit as st

    from core.ui import outbox

    with outbox.in_two_goes():
        st.header("Answer")
        outbox.paint_first()
        before = len(sent)
        st.markdown("second")
        st.markdown("third")
        assert len(sent) == before > 0, "the rest left before the page was complete"
    assert len(sent) == before + 2


def test_the_rest_waits_until_the_page_is_complete() -> None:
    plain, sent = ScriptRunContext.__init__, []  # type: ignore[var-annotated]

    def watched(context: ScriptRunContext, *given: object, **named: object) -> None:
        plain(context, *given, **named)  # type: ignore[arg-type]
        write = context._enqueue
        context._enqueue = lambda message: (sent.append(message), write(message))[1]  # type: ignore[func-returns-value]

    with (
        patch.object(outbox, "looked_at", lambda: True),
        patch.object(outbox, "LEAVE_S", 0.0),
        patch.object(outbox, "REST_S", 0.0),
        patch.object(ScriptRunContext, "__init__", watched),
    ):
        app = AppTest.from_function(_order, args=(sent,)).run()
    assert not app.exception


def _long(sent: list[object]) -> None:
    import streamlit as st

    from core.ui import outbox

    with outbox.in_two_goes():
        outbox.paint_first()
        st.markdown("held")
        before = len(sent)
        outbox.send_now()
        assert len(sent) == before + 1, "what was held stayed"
        st.markdown("at once")
        assert len(sent) == before + 2, "long work showed nothing"
    assert len(sent) == before + 2, "it left twice"


def test_long_work_sends_what_is_held_and_shows_what_follows_at_once() -> None:
    plain, sent = ScriptRunContext.__init__, []  # type: ignore[var-annotated]

    def watched(context: ScriptRunContext, *given: object, **named: object) -> None:
        plain(context, *given, **named)  # type: ignore[arg-type]
        write = context._enqueue
        context._enqueue = lambda message: (sent.append(message), write(message))[1]  # type: ignore[func-returns-value]

    with (
        patch.object(outbox, "looked_at", lambda: True),
        patch.object(outbox, "LEAVE_S", 0.0),
        patch.object(outbox, "REST_S", 0.0),
        patch.object(ScriptRunContext, "__init__", watched),
    ):
        app = AppTest.from_function(_long, args=(sent,)).run()
    assert not app.exception
    assert [text.value for text in app.markdown] == ["held", "at once"]


@pytest.mark.parametrize(("run", "waited_s"), [(1, outbox.FIRST_S), (2, outbox.LEAVE_S)])
def test_a_visits_first_run_waits_for_the_sheet_and_no_later_one_does(run: int, waited_s: float) -> None:
    session = type("Session", (), {"run": run, "said": ()})()
    with (
        patch.object(outbox, "looked_at", lambda: True),
        patch.object(outbox.state, "session", lambda: session),
        patch.object(outbox, "sleep") as sleep,
    ):
        app = AppTest.from_function(_page, args=("",)).run()
    assert not app.exception
    assert [call.args[0] for call in sleep.call_args_list[:1]] == [waited_s]


@pytest.mark.parametrize(("took_s", "waited_s"), [(0.02, 0.03), (0.07, None)])
def test_the_rest_waits_until_the_browser_has_drawn_the_headline(took_s: float, waited_s: float | None) -> None:
    clock = iter((10.0, 10.0 + took_s))
    with (
        patch.object(outbox, "looked_at", lambda: True),
        patch.object(outbox.state, "session", lambda: type("Session", (), {"run": 2, "said": ()})()),
        patch.object(outbox, "monotonic", lambda: next(clock)),
        patch.object(outbox, "REST_S", 0.05),
        patch.object(outbox, "sleep") as sleep,
    ):
        app = AppTest.from_function(_page, args=("",)).run()
    assert not app.exception
    assert [call.args[0] for call in sleep.call_args_list] == [
        outbox.LEAVE_S,
        *([pytest.approx(waited_s)] if waited_s else []),
    ]


def test_without_a_browser_nothing_is_held() -> None:
    with patch.object(outbox.Rest, "hold", side_effect=AssertionError("held")):
        app = AppTest.from_function(_page, args=("",)).run()
    assert not app.exception


def _answers(*answers: str) -> None:
    import streamlit as st

    from core.ui import outbox

    with outbox.in_two_goes():
        outbox.paint_first(*answers)
        st.markdown("the rest")


def test_an_answer_that_was_said_before_is_not_waited_for() -> None:
    session = type("Session", (), {"run": 2, "said": ()})()
    waits = []
    for answers in (("64 t", "range"), ("64 t", "range"), ("63 t", "range")):
        with (
            patch.object(outbox, "looked_at", lambda: True),
            patch.object(outbox.state, "session", lambda: session),
            patch.object(outbox, "sleep") as sleep,
        ):
            app = AppTest.from_function(_answers, args=answers).run()
        assert [text.value for text in app.markdown] == ["the rest"]
        waits.append(bool(sleep.call_count))
    assert waits == [True, False, True]
