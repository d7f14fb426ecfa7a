"""Work beside the page: it tells how far it is, is stopped, and a mistake in it becomes a sentence."""

from __future__ import annotations

from threading import Event

from core.decide.watch import go_on
from core.decide.working import Working

LONG_S = 20.0


def test_work_that_ends_has_its_answer() -> None:
    work = Working(lambda: 42)
    assert work.wait(LONG_S)
    assert (work.answer, work.done, work.stopped, work.running, work.wrong) == (42, True, False, False, "")


def test_work_that_is_stopped_ends_at_its_next_step_without_an_answer() -> None:
    begun, go = Event(), Event()

    def slow() -> int:
        go_on("Adding up", 1, 2)
        begun.set()
        go.wait(LONG_S)
        go_on("Adding up", 2, 2)
        return 42

    work = Working(slow)
    assert begun.wait(LONG_S)
    assert work.running
    assert (work.watch.step, work.watch.done, work.watch.total) == ("Adding up", 1, 2)
    work.stop()
    assert work.stopped
    assert not work.running
    go.set()
    assert not work.wait(LONG_S)
    assert (work.answer, work.done, work.wrong) == (None, False, "")


def test_a_mistake_in_the_work_is_told() -> None:
    def wrong() -> int:
        raise ValueError("no such thing")

    work = Working(wrong)
    assert not work.wait(LONG_S)
    assert work.wrong == "ValueError: no such thing"
