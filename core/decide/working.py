"""Work beside the page: in a thread of its own, which tells how far it is and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

from core.decide.watch import EndedError, Watch, watched

T = TypeVar("T")


class Working(Generic[T]):
    """One piece of work, from its start to its answer; `wrong` says why it ended before its time."""

    def __init__(self, task: Callable[[], T]) -> None:
        """Work that has begun."""
        self.answer: T | None = None
        self.done, self.wrong, self.watch = False, "", Watch()
        self._task = task
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float) -> bool:
        """Whether it is done within that time."""
        self._thread.join(timeout_s)
        return self.done

    def stop(self) -> None:
        """End without an answer, at its next step."""
        self.watch.ended.set()

    @property
    def stopped(self) -> bool:
        """Whether it was told to end before it had an answer."""
        return self.watch.ended.is_set() and not self.done

    @property
    def running(self) -> bool:
        """Whether it is at work, and nobody stopped it."""
        return self._thread.is_alive() and not self.watch.ended.is_set()

    def _work(self) -> None:
        try:
            with watched(self.watch):
                self.answer = self._task()
            self.done = True
        except EndedError:
            pass
        except (ValueError, ArithmeticError, LookupError, MemoryError) as error:  # the page tells it: nobody else would
            self.wrong = f"{type(error).__name__}: {error}"
