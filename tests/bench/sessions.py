"""Eight readers who compute at once, as threads of one process, for two minutes: the same digits, no abort, no knot.

`python -m tests.bench.sessions [SECONDS]`. What each would get alone is worked out first, one after another; then eight
threads work out results, levers, targets, ranges and searches of plans that differ, again and again, and every answer
is held against the one before, digit for digit.
"""

from __future__ import annotations

import faulthandler
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from time import monotonic

import numpy as np

from core.decide.search import found
from core.decide.uncertain_table import write_uncertain
from core.plan import Plan
from core.plan.example import example_plan
from core.results.effects import ranked
from core.results.figures import of
from core.results_table import write_results
from core.table import read_plan
from core.targets.track import track
from tests.bench.figure import Figure, at_most

SESSIONS = 8
SECONDS = 120.0
STUCK_S = 120.0  # without an answer from a thread: a knot
GOLDEN = Path(__file__).parents[1] / "golden"
FALSE = Figure("8 sessions: answers with other digits", None, "", at_most(0), "than one after another")
STUCK = Figure("8 sessions: threads that never came back", None, "", at_most(0))
DONE = Figure("8 sessions: answers in 2 minutes", None, "answers", None, "results, levers, targets, ranges, searches")
NOT_RUN = (FALSE, STUCK, DONE)
Tally = tuple[int, list[str], int]
Task = tuple[str, Callable[[], object]]


def tasks(sorts: int = 2) -> list[Task]:
    """What sessions ask for: each of the plans in so many sorts that differ in their draws and volumes."""
    plans = [example_plan(), *(_golden(name) for name in ("track_plan", "optimise_plan"))]
    made: list[Task] = []
    for sort in range(sorts):
        for place, plan in enumerate(plans):
            one = plan.but(seed=100 + sort, workloads=tuple(w.but(requests_per_day=w.requests_per_day * (1 + sort))
                                                            for w in plan.workloads))  # fmt: skip
            name = f"plan {place}, sort {sort}"
            made.append((f"{name}: results", lambda one=one: write_results(of(one))))
            made.append((f"{name}: levers", lambda one=one: ranked(one)))
            if place == 1:
                made.append((f"{name}: target", lambda one=one: track(one)))
            if place == 0:
                made.append((f"{name}: ranges", lambda one=one: write_uncertain(one)))
            if place == 2:
                made.append((f"{name}: search", lambda one=one: found(one)))
    return made


def _golden(name: str) -> Plan:
    plan = read_plan((GOLDEN / f"{name}.csv").read_text(encoding="utf-8")).plan
    assert plan is not None
    return plan


def forget() -> None:
    """Drop every answer that is kept, so that each is worked out anew, while others are at it."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("core.results.", "core.targets.", "core.decide.")):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def digits(answer: object) -> str:
    """Every digit of an answer, as one short text."""
    return sha256("\n".join(_parts(answer)).encode()).hexdigest()


def _parts(answer: object) -> Iterator[str]:
    if isinstance(answer, np.ndarray):
        yield answer.tobytes().hex()
    elif is_dataclass(answer) and not isinstance(answer, type):
        for field in fields(answer):
            yield from _parts(getattr(answer, field.name))
    elif isinstance(answer, Mapping):
        for name, value in answer.items():
            yield str(name)
            yield from _parts(value)
    elif isinstance(answer, tuple | list):
        for value in answer:
            yield from _parts(value)
    else:
        yield repr(answer)


def at_once(asked: list[Task], expected: list[str], seconds: float, sessions: int = SESSIONS) -> Tally:
    """How many answers came in that time, which had other digits or failed, and how many threads are stuck."""
    ends_s, wrong, done, lock = monotonic() + seconds, [], [0], threading.Lock()

    def session(first: int) -> None:
        for turn in count():
            name, ask = asked[(first * 3 + turn) % len(asked)]
            same = False
            forget()
            try:
                same = digits(ask()) == expected[(first * 3 + turn) % len(asked)]
            finally:  # an error ends the thread, and its trace is printed
                with lock:
                    done[0] += 1
                    wrong.extend([] if same else [name])
            if monotonic() > ends_s:
                return

    threads = [threading.Thread(target=session, args=(number,), daemon=True) for number in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(ends_s - monotonic(), 0) + STUCK_S)
    stuck = sum(thread.is_alive() for thread in threads)
    if stuck:
        faulthandler.dump_traceback()
    return done[0], wrong, stuck


def lines(seconds: float = SECONDS) -> Iterator[str | Figure]:
    """One after another, then all at once."""
    asked = tasks()
    expected = [digits(ask()) for _, ask in asked]
    yield f"{len(asked)} questions answered one after another"
    done, wrong, stuck = at_once(asked, expected, seconds)
    yield from wrong[:10]
    yield replace(FALSE, value=float(len(wrong)))
    yield replace(STUCK, value=float(stuck))
    yield replace(DONE, value=float(done), note=f"{DONE.note}; {seconds:g} s")


if __name__ == "__main__":
    for line in lines(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS):
        print(line, flush=True)
