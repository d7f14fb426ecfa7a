"""Inputs by the hundred thousand in processes of their own, watched: one that dies or hangs is told by its input."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as any_of
from os import sysconf
from pathlib import Path
from time import monotonic
from typing import Any

from core import engine
from core.decide import warm as decide
from core.results.figures import coefficients
from core.shift import warm as shift
from core.targets import warm as targets
from tests.fuzz import kinds
from tests.fuzz.judge import tried

HUNG_S = 900.0  # without a word from a process: it waits for something, or never comes back from compiled code
TOLD_EVERY = 100  # inputs
WARM = 300  # inputs before anything is measured: what is loaded at first use is no growth
MOST_OUTCOMES, MOST_FAULTS, SLOWEST = 50_000, 200, 5
MB = 1e6


@dataclass
class Share:
    """What was done with inputs of a kind. `rss_mb` is the memory of the process that did, again and again."""

    inputs: int = 0
    busy_s: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, str]] = field(default_factory=list)
    slowest: list[tuple[float, int]] = field(default_factory=list)
    rss_mb: list[float] = field(default_factory=list)

    def add(self, number: int, outcome: str, fault: str, seconds: float) -> None:
        """Count an input."""
        self.inputs += 1
        self.busy_s += seconds
        if fault:
            self.faults = [*self.faults, (number, fault)][:MOST_FAULTS]
        elif outcome in self.outcomes or len(self.outcomes) < MOST_OUTCOMES:
            self.outcomes[outcome] += 1
        if len(self.slowest) < SLOWEST or seconds > self.slowest[-1][0]:
            self.slowest = sorted([*self.slowest, (seconds, number)], reverse=True)[:SLOWEST]

    def join(self, other: Share) -> None:
        """Add what was done elsewhere, or later."""
        self.inputs += other.inputs
        self.busy_s += other.busy_s
        self.outcomes.update(other.outcomes)
        self.faults = [*self.faults, *other.faults][:MOST_FAULTS]
        self.slowest = sorted([*self.slowest, *other.slowest], reverse=True)[:SLOWEST]
        self.rss_mb += other.rss_mb

    @property
    def growth_mb(self) -> float:
        """How much more memory is held at the end than when a third was done: caches are full by then."""
        return self.rss_mb[-1] - self.rss_mb[len(self.rss_mb) // 3] if self.rss_mb else 0.0


def rss_mb() -> float:
    """Memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * sysconf("SC_PAGE_SIZE") / MB


def warm_up() -> None:
    """Load or compile every kernel: an alarm in mid-compilation would break it."""
    engine.warm_up(coefficients())
    shift.warm_up()
    decide.warm_up()
    targets.warm_up()


def read_all(kind: str, seed: int, numbers: range, current: Any = None) -> Share:
    """What the inputs of some numbers come to, in this process; `current` is told which is being read."""
    share = Share()
    for number in numbers:
        if current is not None:
            current.value = number
        made = kinds.made(kind, seed, number)
        share.add(number, *tried(lambda: kinds.KINDS[kind].read(made)))  # noqa: B023 - called at once
    share.rss_mb.append(rss_mb())
    return share


def work(out: Connection, current: Any, kind: str, seed: int, numbers: range) -> None:
    """Read the inputs of some numbers, a hundred at a time, each told to who watches."""
    warm_up()
    read_all(kind, seed, range(-WARM, 0))
    for start in range(0, len(numbers), TOLD_EVERY):
        out.send(read_all(kind, seed, numbers[start : start + TOLD_EVERY], current))
    out.close()


def watched(
    kind: str,
    seed: int,
    numbers: range,
    tell: Callable[[int], None] = lambda _: None,
    hung_s: float = HUNG_S,
    job: Callable[..., None] = work,
    start: str = "spawn",
) -> Share:
    """The same in a process of its own; where it dies or hangs, that is a fault, and another goes on after it."""
    how, found, place = multiprocessing.get_context(start), Share(), 0
    while place < len(numbers):
        ours, theirs = how.Pipe(duplex=False)
        current = how.Value("q", numbers[place], lock=False)
        process = how.Process(target=job, args=(theirs, current, kind, seed, numbers[place:]), daemon=True)
        process.start()
        theirs.close()
        done, why, last_s = place, "", monotonic()
        while not why:
            if any_of([ours], timeout=5.0):
                try:
                    share = ours.recv()
                except EOFError:
                    process.join()
                    why = "ended" if process.exitcode == 0 else f"the process died with exit code {process.exitcode}"
                    continue
                found.join(share)
                done, last_s = done + share.inputs, monotonic()
                tell(share.inputs)
            elif monotonic() - last_s > hung_s:
                process.kill()
                why = f"no answer for {hung_s:g} s"
        if why == "ended":
            return found
        found.faults.append((int(current.value), why))
        place = max(done, numbers.index(int(current.value)) + 1)
        process.join()
    return found
