"""A search beside the page: in a thread of its own, which tells how far it is and can be stopped with what it has."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Thread
from time import monotonic

from core.decide.found import Found
from core.decide.search import found
from core.decide.told import NOT_BEGUN
from core.decide.watch import Watch
from core.plan import Plan


@dataclass(frozen=True, slots=True)
class Progress:
    """The step at hand, how much of it is done, and the seconds that it will still take; None while nobody knows."""

    step: str
    done: int
    total: int
    left_s: float | None


class Searching:
    """One search, from its start to its answer."""

    def __init__(self, plan: Plan) -> None:
        """A search that has begun."""
        self.plan, self.answer = plan, None
        self._watch, self._wrong = Watch(), ""
        self._step, self._since_s = "", monotonic()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    answer: Found | None

    def wait(self, timeout_s: float) -> Found | None:
        """The answer, once it is there within that time."""
        self._thread.join(timeout_s)
        return self.answer

    def stop(self) -> None:
        """End with what is found so far; before the first step that is nothing, and nobody waits for it."""
        self._watch.ended.set()
        if not self._watch.step and self.answer is None:
            self.answer = Found(status="stopped", said=NOT_BEGUN, stopped=True)

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        return self._thread.is_alive() and self.answer is None

    @property
    def stopping(self) -> bool:
        """Whether it was told to end."""
        return self._watch.ended.is_set()

    def progress(self) -> Progress:
        """How far it is."""
        step, done, total = self._watch.step, self._watch.done, self._watch.total
        if step != self._step:
            self._step, self._since_s = step, monotonic()
        left_s = (monotonic() - self._since_s) / done * (total - done) if done else None
        return Progress(step, done, total, left_s)

    def _work(self) -> None:
        try:
            self.answer = found(self.plan, self._watch)
        except (ValueError, ArithmeticError, LookupError, MemoryError) as error:  # the page tells it: nobody else would
            self.answer = Found(status="stopped", said=f"The search ended early: {type(error).__name__}: {error}.")
