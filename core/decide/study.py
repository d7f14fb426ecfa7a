"""Sobol indices worked out beside the page: in a thread of its own, in small batches, each of which leaves a result."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from threading import Event, Thread
from time import monotonic

import numpy as np

from core.decide.indices import MOST_POINTS, Index, acting, design, figures_at, indices
from core.decide.tornado import Measure
from core.decide.uncertain import as_drawn
from core.plan import Plan

BATCH = 64  # points at a time: a tenth to half of a second
LEAST = 64  # points, before anything is told
MOST_KEPT = 8  # finished ones


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a study is. `left_s` is None until a batch is done; `wrong` says why it ended before its time."""

    done: int
    points: int
    left_s: float | None
    running: bool
    wrong: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all points are done."""
        return self.done >= self.points


_finished: OrderedDict[tuple[Plan, Measure, int, int], Study] = OrderedDict()


class Study:
    """The indices of one figure of a plan, from the start to where it is stopped; what is done stays."""

    def __init__(self, plan: Plan, measure: Measure, year: int, points: int | None = None) -> None:
        """A study that waits for its start."""
        self.plan = as_drawn(plan, points="256")
        self.measure: Measure = measure
        self.year, self.points = year, points or points_of(plan)
        self.names: tuple[str, ...] = ()
        self._values = np.empty((0, 2))
        self._stopped, self._thread = Event(), Thread(target=self.work, daemon=True)
        self._began_s, self._wrong = 0.0, ""
        self._told: tuple[int, tuple[Index, ...]] = (0, ())

    def is_of(self, plan: Plan, measure: Measure, year: int) -> bool:
        """Whether it answers for this figure of this plan."""
        return self.plan == as_drawn(plan, points="256") and (self.measure, self.year) == (measure, year)

    def start(self) -> None:
        """Begin."""
        self._began_s = monotonic()
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at work."""
        self._stopped.set()

    def wait(self, timeout_s: float) -> None:
        """Wait until it ends."""
        self._thread.join(timeout_s)

    def progress(self) -> Progress:
        """How far it is."""
        done = len(self._values)
        left_s = (monotonic() - self._began_s) / done * (self.points - done) if done else None
        running = self._thread.is_alive() and not self._stopped.is_set()
        return Progress(done, self.points, left_s, running, self._wrong)

    def found(self) -> tuple[Index, ...]:
        """The indices from the points done so far; none while they are too few to tell."""
        values = self._values
        if len(values) < min(LEAST, self.points):
            return ()
        if self._told[0] != len(values):
            self._told = (len(values), indices(self.names, values, self.plan.seed))
        return self._told[1]

    def work(self) -> None:
        """All batches, one after another; on this thread, where it is called by itself."""
        try:
            names = acting(self.plan, self.measure, self.year)
            points = design(self.plan.seed, len(names), self.points)
            self.names, self._values = names, np.empty((0, 2 + len(names)))
            for batch in range(ceil(self.points / BATCH)):
                if self._stopped.is_set():
                    return
                some = points[batch * BATCH : (batch + 1) * BATCH]
                found = figures_at(self.plan, names, some, self.measure, self.year)
                self._values = np.concatenate([self._values, found])
            self._keep()
        except (ValueError, ArithmeticError, LookupError, MemoryError) as error:  # the page tells it: nobody else would
            self._wrong = f"{type(error).__name__}: {error}"

    def _keep(self) -> None:
        _finished[self.plan, self.measure, self.year, self.points] = self
        while len(_finished) > MOST_KEPT:
            _finished.popitem(last=False)


def points_of(plan: Plan) -> int:
    """How many points a study of a plan takes: as many as the plan has simulations, within a limit."""
    return min(int(plan.points), MOST_POINTS)


def finished(plan: Plan, measure: Measure, year: int) -> Study | None:
    """A study of this figure that ran to its end since the server started, whoever asked for it."""
    return _finished.get((as_drawn(plan, points="256"), measure, year, points_of(plan)))
