"""Two replicas behind nginx with PostgreSQL as the store, one of them killed while people work.

`python -m tests.bench.replicas --users 20` runs Debian's nginx with `.deploy/nginx.conf`, the very file that
`compose.yaml` mounts, only with other ports. The people come by link or by the id of a saved plan, work, and lose
their replica to `kill -9`. Each must be back with the same plan and the same answer without doing anything, with the
change that was on its way, go on working, and meet nobody else's plan. A reader in Chromium does the same.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from playwright.async_api import Error
from websockets.exceptions import ConnectionClosed

from core.store.content import content_of
from core.store.records import Person as Saver
from core.store.store import Store
from core.store.transactions import Transactions
from tests.bench.figure import Figure, at_most
from tests.bench.load import PATIENCE_S, faults
from tests.bench.people import PAGES, Person, person
from tests.bench.replica_reader import Came, read
from tests.bench.server import Server, free_port, served, wait
from tests.bench.tab_upload import TAKEN, upload
from tests.browser.chromium import ROOT, executable
from tests.store.postgres import cluster, programs

USERS, EVERY_S, BEFORE_S, AFTER_S = 20, 5.0, 15.0, 20.0
BACK_S = 10.0
CONFIG = ROOT / ".deploy" / "nginx.conf"
COOKIE_SECRET = "of-the-benchmark-alone"
NOT_RUN = (
    Figure("replicas, slowest user back after a replica was killed", None, "s", at_most(BACK_S)),
    Figure("replicas, users lost", None, "users", at_most(0)),
)


@dataclass
class Shift:
    """What has happened to everybody."""

    killed_s: float = 0.0
    until_s: float = inf
    back_s: list[float] = field(default_factory=list)
    stayed: int = 0
    in_flight: int = 0
    changes: int = 0
    reader: Came | None = None
    wrong: list[str] = field(default_factory=list)
    retyped: list[str] = field(default_factory=list)  # cells of the grid on their way, to be typed again
    lost: list[str] = field(default_factory=list)


def nginx() -> str | None:
    """Debian's nginx; None where it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def config(port: int, first: int, second: int) -> str:
    """The proxy's settings with ports of this machine in place of those of `compose.yaml`."""
    text = CONFIG.read_text()
    for old, new, times in (
        ("replica-a:8501", f"127.0.0.1:{first}", 2),
        ("replica-b:8502", f"127.0.0.1:{second}", 2),
        ("~:8501$", f"~:{first}$", 1),
        ("~:8502$", f"~:{second}$", 1),
        ("listen 8080;", f"listen 127.0.0.1:{port};", 1),
    ):
        assert text.count(old) == times, f"{CONFIG.name} says {old} {text.count(old)} times"
        text = text.replace(old, new)
    return text


@contextlib.contextmanager
def proxy(folder: Path, first: int, second: int) -> Iterator[str]:
    """The proxy in front of both ports; yields its address."""
    port, program = free_port(), nginx()
    assert program is not None, "nginx is not installed here: apt-get install nginx-light"
    file, log = folder / "nginx.conf", folder / "nginx.txt"
    file.write_text(config(port, first, second).replace("/tmp/nginx", f"{folder}/nginx"))
    with log.open("wb") as out:
        process = subprocess.Popen([program, "-c", str(file), "-g", "daemon off;"], stdout=out, stderr=out)
    try:
        wait(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def saved(people: list[Person], url: str) -> None:
    """Save the plan of every other one, who then comes by its id in the address."""
    store = Store(Transactions(url.replace("postgresql://", "postgresql+psycopg://")))
    for one in people[::2]:
        plan = one.saved = one.plan()
        version = store.save(plan.name, content_of(plan), Saver("Ann"), datetime.now(UTC))
        one.tab.query = urlencode({"p": version.id})


async def work(one: Person, shift: Shift) -> None:
    """Open, change something when it is due, and be back when the socket was closed."""
    await asyncio.wait_for(asyncio.to_thread(one.tab.greet), PATIENCE_S)
    await asyncio.wait_for(one.tab.connect(), PATIENCE_S)
    opened = await asyncio.wait_for(one.tab.open(), PATIENCE_S * 2)
    await send(one, shift)
    if one.tab.query.startswith("p="):  # the address names what is saved; the first change makes it a link
        shift.wrong += [f"user {one.number}: {error}" for error in opened.errors]
    due_s = time.monotonic() + one.dice.uniform(0.0, EVERY_S)
    while due_s < shift.until_s:
        assert one.tab.socket is not None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(one.tab.socket.wait_closed(), max(0.0, due_s - time.monotonic()))
            await come_back(one, shift)
            continue
        change = one.change()
        try:
            answered = await asyncio.wait_for(one.tab.set(change.key, **change.value), PATIENCE_S)
        except ConnectionClosed:  # sent, and not answered
            shift.in_flight += 1
            await come_back(one, shift, in_flight=True)
            if not change.holds(one.plan()):  # a grid that was typed into before is another one to a new session
                told = f"user {one.number}: {change.key} was lost"
                (shift.retyped if change.key.startswith("grid") else shift.wrong).append(told)
        else:
            shift.wrong += faults(one, change, answered)
        shift.changes += 1
        due_s += EVERY_S
    await one.tab.leave()


async def send(one: Person, shift: Shift) -> None:
    """A file must find the replica that has the session, with the token that any of the replicas gave."""
    status = await asyncio.to_thread(upload, one.tab, b"hour,FR\n0,50\n")
    if status not in TAKEN:
        shift.wrong.append(f"user {one.number}: a file was answered with {status} by replica {one.tab.cookies}")


async def come_back(one: Person, shift: Shift, in_flight: bool = False) -> None:
    """Go to whoever answers now; the page must say what it said."""
    text, plan = one.tab.answer, one.plan()
    answered = await asyncio.wait_for(one.tab.come_back(), PATIENCE_S)
    shift.back_s.append(time.monotonic() - shift.killed_s)
    await send(one, shift)
    if not in_flight and (answered.text, one.plan()) != (text, plan):
        shift.wrong.append(f"user {one.number} at /{one.tab.page}: back with '{answered.text}', was '{text}'")


async def guarded(one: Person, shift: Shift) -> None:
    """The same; whoever cannot go on is lost."""
    try:
        await work(one, shift)
    except (OSError, TimeoutError, ConnectionClosed) as error:
        shift.lost.append(f"user {one.number} at /{one.tab.page}: {type(error).__name__} {error}")


async def everybody(address: str, replicas: tuple[Server, Server], url: str, users: int) -> Shift:
    """All of them at work, and one replica killed in the middle: that of the reader in Chromium, where there is one."""
    shift, people = Shift(), [person(number, address) for number in range(users)]
    saved(people, url)
    start_s = time.monotonic()

    async def kill(letter: str) -> float:
        await asyncio.sleep(max(0.0, start_s + BEFORE_S - time.monotonic()))
        shift.stayed = sum(one.tab.cookies.get("replica") != letter for one in people)
        replicas["ab".index(letter)].process.kill()
        shift.killed_s = time.monotonic()
        shift.until_s = shift.killed_s + AFTER_S
        return shift.killed_s

    async def look_on() -> None:
        if executable() is None:
            await kill("a")
            return
        try:
            shift.reader = await read(person(users * len(PAGES), address), kill)
            shift.wrong += shift.reader.wrong
        except Error as error:
            shift.lost.append(f"the reader in Chromium: {error}")
            if not shift.killed_s:
                await kill("a")

    await asyncio.gather(look_on(), *(guarded(one, shift) for one in people))
    return shift


def lines(users: int = USERS) -> Iterator[str | Figure]:
    """The measurements, line by line."""
    if nginx() is None or programs() is None:
        yield "replicas: nginx or PostgreSQL is not installed here (apt-get install nginx-light postgresql)"
        yield from NOT_RUN
        return
    with tempfile.TemporaryDirectory() as name, cluster() as url:
        folder, ports = Path(name), (free_port(), free_port())
        folder.chmod(0o755)
        shared = {"GLIDEPATH_STORE_URL": url, "STREAMLIT_SERVER_COOKIE_SECRET": COOKIE_SECRET}
        with (
            served(folder / "a.txt", shared, ports[0]) as first,
            served(folder / "b.txt", shared, ports[1]) as second,
            proxy(folder, *ports) as address,
        ):
            shift = asyncio.run(everybody(address, (first, second), url, users))
        logs = [f"{file.name} has a traceback" for file in folder.glob("?.txt") if "Traceback" in file.read_text()]
    for line in [*shift.lost, *shift.wrong, *logs]:
        yield f"replicas: {line}"
    assert not shift.wrong, f"{len(shift.wrong)} answers are wrong"
    on_its_way = f"{shift.in_flight} with a change on its way, {len(shift.retyped)} of these a cell to type again"
    note = f"{users} users, {shift.stayed} on the other replica, {on_its_way}"
    yield Figure("replicas, users who had to come back", float(len(shift.back_s)), "users", note=note)
    yield Figure("replicas, median time until back", median(shift.back_s), "s")
    yield Figure("replicas, slowest user back after a replica was killed", max(shift.back_s), "s", at_most(BACK_S))
    if shift.reader is not None:
        yield Figure("replicas, reader in Chromium back", shift.reader.back_s, "s", at_most(BACK_S))
    yield Figure("replicas, users lost", float(len(shift.lost)), "users", at_most(0), note=f"{shift.changes} changes")


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.replicas", description="A replica is killed")
    parser.add_argument("--users", type=int, default=USERS)
    for line in lines(parser.parse_args().users):
        print(line, flush=True)


if __name__ == "__main__":
    main()
