"""An hour of people who come, work for some minutes and leave: whether the server's memory levels off.

`python -m tests.bench.soak --minutes 60 --users 20 --curve curve.csv`. The memory is read every ten seconds; its growth
is the median of the slopes between all pairs of readings (Theil and Sen) of the last half of the time.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from statistics import median

from websockets.exceptions import WebSocketException

from tests.bench.figure import Figure, at_most
from tests.bench.load import PATIENCE_S, faults
from tests.bench.people import person
from tests.bench.server import Server, served

MINUTES, USERS, EVERY_S = 60.0, 20, 5.0
STAY_S = (120.0, 360.0)  # how long a visit lasts
AWAY_S = (5.0, 40.0)  # before the next one
SAMPLE_S = 10.0
MOST_PERCENT = 5.0  # that memory may grow by in the last half hour
HALF_HOUR_S = 1_800.0
MOST_KEPT = 2_000  # waits, so that the reading does not grow what reads
NOT_RUN = (Figure("soak, growth of memory in the last half hour", None, "%", at_most(MOST_PERCENT)),)


@dataclass(frozen=True, slots=True)
class Reading:
    """The server at one time."""

    at_s: float
    rss_mb: float
    cpu_s: float
    visits: int
    changes: int


@dataclass
class Soak:
    """What has happened so far."""

    readings: list[Reading] = field(default_factory=list)
    visits: int = 0
    changes: int = 0
    waits_s: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The median of the slopes between all pairs of points.

    >>> slope([(0.0, 1.0), (1.0, 2.0), (2.0, 99.0), (3.0, 4.0), (4.0, 5.0)])
    1.0
    """
    return median((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2))


def growth_percent(readings: Sequence[Reading]) -> float:
    """By how much memory grows in half an hour at the pace of the last half of the readings, of their median."""
    last = [(one.at_s, one.rss_mb) for one in readings[len(readings) // 2 :]]
    return slope(last) * HALF_HOUR_S / median(rss for _, rss in last) * 100


async def visits(number: int, server: Server, soak: Soak, until_s: float, every_s: float) -> None:
    """One chair: somebody comes, works, leaves, and somebody else sits down."""
    dice = random.Random(number)
    visit = number
    await asyncio.sleep(dice.uniform(0.0, min(60.0, AWAY_S[1])))
    while time.monotonic() < until_s:
        one = person(visit, server.address, seed=soak.visits + 1)
        leave_s = min(until_s, time.monotonic() + dice.uniform(*STAY_S))
        soak.visits += 1
        try:
            await asyncio.wait_for(one.tab.connect(), PATIENCE_S)
            await asyncio.wait_for(one.tab.open(), PATIENCE_S)
            while time.monotonic() < leave_s:
                await asyncio.sleep(dice.uniform(0.8, 1.2) * every_s)
                change = one.change()
                answered = await asyncio.wait_for(one.tab.set(change.key, **change.value), PATIENCE_S)
                soak.wrong += faults(one, change, answered)
                soak.changes += 1
                soak.waits_s = [*soak.waits_s[-MOST_KEPT:], answered.answer_s]
            await one.tab.leave()
        except (OSError, TimeoutError, WebSocketException) as error:
            soak.dropped.append(f"user {one.number} at /{one.tab.page}: {type(error).__name__} {error}")
        visit += USERS + 1  # another page
        await asyncio.sleep(dice.uniform(*AWAY_S))


async def watch(server: Server, soak: Soak, until_s: float, curve: Path | None) -> None:
    """Read the memory, and keep the curve as it grows."""
    start_s = time.monotonic()
    while time.monotonic() < until_s:
        await asyncio.sleep(SAMPLE_S)
        at_s = time.monotonic() - start_s
        soak.readings.append(Reading(at_s, server.rss_mb(), server.cpu_s(), soak.visits, soak.changes))
        if curve is not None:
            with curve.open("w", newline="") as out:
                rows = csv.writer(out)
                rows.writerow(["at_s", "rss_mb", "cpu_s", "visits", "changes"])
                rows.writerows([one.at_s, one.rss_mb, one.cpu_s, one.visits, one.changes] for one in soak.readings)


async def _all(server: Server, soak: Soak, users: int, seconds: float, every_s: float, curve: Path | None) -> None:
    until_s = time.monotonic() + seconds
    chairs = [visits(number, server, soak, until_s, every_s) for number in range(users)]
    await asyncio.gather(watch(server, soak, until_s, curve), *chairs)


def soaked(users: int, seconds: float, every_s: float, curve: Path | None = None) -> Soak:
    """A fresh server under coming and going people."""
    soak = Soak()
    with tempfile.TemporaryDirectory() as folder:
        store = {"GLIDEPATH_STORE_URL": f"sqlite:///{folder}/plans.sqlite"}
        with served(Path(folder) / "log.txt", store) as server:
            asyncio.run(_all(server, soak, users, seconds, every_s, curve))
    return soak


def lines(
    users: int = USERS, minutes: float = MINUTES, every_s: float = EVERY_S, curve: Path | None = None
) -> Iterator[str | Figure]:
    """The measurements, line by line."""
    soak = soaked(users, minutes * 60, every_s, curve)
    for line in [*soak.dropped, *soak.wrong]:
        yield f"soak: {line}"
    assert not soak.wrong, f"{len(soak.wrong)} answers are wrong"
    note = f"{minutes:g} min, {users} users at once, {soak.visits} visits, {soak.changes:,} changes"
    half, last = soak.readings[len(soak.readings) // 2], soak.readings[-1]
    yield Figure(
        "soak, growth of memory in the last half hour", growth_percent(soak.readings), "%", at_most(MOST_PERCENT), note
    )
    yield Figure("soak, memory at half time", half.rss_mb, "MB")
    yield Figure("soak, memory at the end", last.rss_mb, "MB")
    yield Figure("soak, users dropped", float(len(soak.dropped)), "users", at_most(0))
    yield Figure("soak, median wait for the new number", median(soak.waits_s) * 1_000, "ms")


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description="Does memory level off?")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--every", type=float, default=EVERY_S, help="seconds between two changes of a user")
    parser.add_argument("--curve", type=Path, help="a CSV for the readings")
    asked = parser.parse_args()
    for line in lines(asked.users, asked.minutes, asked.every, asked.curve):
        print(line, flush=True)


if __name__ == "__main__":
    main()
