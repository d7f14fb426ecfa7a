"""Fifty people at work on one server: how long each waits for the new number, and whether it is the right one.

`python -m tests.bench.load --users 50 --seconds 60` speaks the app's own websocket protocol (`tests/bench/tab.py`):
each user has a plan, a page, and every five seconds a change. The wait is counted from when a change was due, so that
somebody held up by the change before waits longer. Every plan that comes back in an address must hold the change and
the user's own name; the answers of the Plan and What-if pages must be the engine's own for it, and a sample of all
pages' those of a session that is alone.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from statistics import median, quantiles

from streamlit.testing.v1 import AppTest
from websockets.exceptions import WebSocketException

from core import link
from tests.bench.figure import Figure, at_most
from tests.bench.people import Change, Person, named, person
from tests.bench.server import Server, served
from tests.bench.tab import Answered
from tests.browser.chromium import ROOT, expected_headline

USERS, SECONDS, EVERY_S, OPEN_S = 50, 60.0, 5.0, 15.0
PATIENCE_S = 30.0  # a user who waits longer is gone
REPLAYED = 4  # answers of each page that a session alone works out again
P95_MS, MS_PER_S = 300.0, 1_000
FILES = {"": "plan", "what-if": "whatif", "targets": "targets", "shift": "shift", "compare": "compare"}
OURS = ("", "what-if")  # pages whose answer is the plan's carbon
SAID_BY_TAB = ("compare:0", "compare:1")  # lists whose choice is no part of the plan
NOT_RUN = (
    Figure("load, 95 of 100 waits for the new number", None, "ms", at_most(P95_MS)),
    Figure("load, users dropped", None, "users", at_most(0)),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a page answered to a change, and all that another session needs to come to the same."""

    page: str
    link: str
    lists: tuple[tuple[str, str], ...]
    answered: Answered
    wait_s: float


@dataclass
class Load:
    """What a run of many people brought."""

    told: list[Told] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu_s: float = 0.0
    rss_mb: float = 0.0

    def waits_ms(self) -> list[float]:
        """Each change's wait for the new number."""
        return sorted(one.wait_s * MS_PER_S for one in self.told)

    def at(self, percent: int) -> float:
        """That percentile of the waits [ms]."""
        return quantiles(self.waits_ms(), n=100)[percent - 1]


async def work(one: Person, load: Load, begin_s: float, until_s: float, every_s: float) -> None:
    """Open the page, then change something each time it is due, until the time is over."""
    try:
        await asyncio.wait_for(one.tab.connect(), PATIENCE_S)
        await asyncio.wait_for(one.tab.open(), PATIENCE_S * 2)
        due_s = begin_s + one.dice.uniform(0.0, every_s)
        while due_s < until_s:
            await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
            change = one.change()
            start_s = time.perf_counter()
            answered = await asyncio.wait_for(one.tab.set(change.key, **change.value), PATIENCE_S)
            load.told.append(told(one, answered, answered.answer_s + max(0.0, start_s - due_s)))
            load.wrong += faults(one, change, answered)
            due_s += every_s
        await one.tab.leave()
    except (OSError, TimeoutError, WebSocketException) as error:
        load.dropped.append(f"user {one.number} at /{one.tab.page}: {type(error).__name__} {error}")


def told(one: Person, answered: Answered, wait_s: float) -> Told:
    """The answer with what it rests on."""
    lists = [
        (key, one.tab.states[one.tab.widget(key).id].string_value) for key in SAID_BY_TAB if one.tab.page == "compare"
    ]
    return Told(one.tab.page, one.tab.link(), tuple(lists), answered, wait_s)


def faults(one: Person, change: Change, answered: Answered) -> list[str]:
    """What is wrong with an answer, where anything is."""
    plan = one.plan()
    who = f"user {one.number} at /{one.tab.page}, {change.key}"
    found = [f"{who}: {error}" for error in answered.errors]
    if plan.name != named(one.number):
        found.append(f"{who}: shows '{plan.name}'")
    if not change.holds(plan):
        found.append(f"{who}: the plan does not hold the change {change.value}")
    return found


async def everybody(server: Server, users: int, seconds: float, every_s: float) -> Load:
    """That many people at once; they come one after another before it begins."""
    load = Load()
    people = [person(number, server.address) for number in range(users)]
    open_s = min(OPEN_S, users / 2)
    begin_s = time.perf_counter() + open_s + 2 * every_s

    async def come(one: Person) -> None:
        await asyncio.sleep(open_s * one.number / users)
        await work(one, load, begin_s, begin_s + seconds, every_s)

    crowd = asyncio.gather(*(come(one) for one in people))
    await asyncio.sleep(begin_s - time.perf_counter())
    before_s, start_s = server.cpu_s(), time.perf_counter()
    await crowd
    load.cpu_s, load.seconds, load.rss_mb = server.cpu_s() - before_s, time.perf_counter() - start_s, server.rss_mb()
    return load


def measured(users: int = USERS, seconds: float = SECONDS, every_s: float = EVERY_S) -> Load:
    """A fresh server under that load, and its answers checked afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        store = {"GLIDEPATH_STORE_URL": f"sqlite:///{folder}/plans.sqlite"}
        with served(Path(folder) / "log.txt", store) as server:
            load = asyncio.run(everybody(server, users, seconds, every_s))
            log = (Path(folder) / "log.txt").read_text()
        load.wrong += ["the server's log has a traceback"] if "Traceback" in log else []
    load.wrong += recomputed(load.told)
    return load


def recomputed(all_told: Sequence[Told], replayed: int = REPLAYED) -> list[str]:
    """Answers that the engine, or a session that is alone, does not come to."""
    found = []
    for one in all_told:
        if one.page in OURS and plain(one.answered.text) != expected_headline(link.decode(one.link).plan):
            found.append(f"/{one.page} says '{one.answered.text}', the engine something else")
    dice = random.Random(1)
    for page, ones in groupby(sorted(all_told, key=lambda one: one.page), key=lambda one: one.page):
        listed = list(ones)
        for one in dice.sample(listed, min(replayed, len(listed))):
            alone = quiet(one)
            if alone != one.answered.text:
                found.append(f"/{page} said '{one.answered.text}', alone '{alone}'")
    return found


def plain(text: str) -> str:
    """A headline without its colours."""
    return text.replace(":gray[", "").removesuffix("]")


def quiet(one: Told) -> str:
    """What a session that is alone answers to the same."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["s"] = one.link
    app.run().switch_page(f"pages/{FILES[one.page]}/page.py").run()
    for key, label in one.lists:
        app.selectbox(key=key).select(label)
    return str((app.run() if one.lists else app).header[0].value)


def lines(users: int = USERS, seconds: float = SECONDS, every_s: float = EVERY_S) -> Iterator[str | Figure]:
    """The measurements, line by line."""
    load = measured(users, seconds, every_s)
    for line in [*load.dropped, *load.wrong]:
        yield f"load: {line}"
    assert not load.wrong, f"{len(load.wrong)} answers are wrong"
    note = f"{users} users, a change each {every_s:g} s, {len(load.told):,} changes in {load.seconds:.0f} s"
    ends = sorted(one.answered.end_s * MS_PER_S for one in load.told)
    cores = load.cpu_s / load.seconds
    each_ms = load.cpu_s / len(load.told) * MS_PER_S
    why = f"a change took {each_ms:.0f} ms of one processor, and a process has one: {cores:.2f} cores"
    yield Figure("load, median wait for the new number", load.at(50), "ms", note=note)
    yield Figure("load, 95 of 100 waits for the new number", load.at(95), "ms", at_most(P95_MS), note, why)
    yield Figure("load, 99 of 100 waits for the new number", load.at(99), "ms")
    yield Figure("load, median to the end of the page", median(ends), "ms")
    yield Figure("load, users dropped", float(len(load.dropped)), "users", at_most(0))
    yield Figure("load, processor of the server", cores, "cores")
    yield Figure("load, memory of the server", load.rss_mb, "MB")
    yield Figure("load, sent for a change", median(one.answered.sent_bytes for one in load.told) / MS_PER_S, "kB")
    for page, ones in groupby(sorted(load.told, key=lambda one: one.page), key=lambda one: one.page):
        waits = sorted(one.wait_s * MS_PER_S for one in ones)
        if len(waits) > 1:
            most = quantiles(waits, n=100)[94]
            yield f"load: /{page}: {len(waits)} changes, median {median(waits):.0f} ms, 95 of 100 {most:.0f} ms"


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description="Many people at work on one server")
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--every", type=float, default=EVERY_S, help="seconds between two changes of a user")
    asked = parser.parse_args()
    for line in lines(asked.users, asked.seconds, asked.every):
        print(line, flush=True)


if __name__ == "__main__":
    main()
