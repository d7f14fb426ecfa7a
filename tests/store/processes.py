"""Saving in processes of their own, to be raced and killed: `python -m tests.store.processes kill|race URL ...`.

One process with one thread forks all others, so that they need not start Python anew.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import replace
from random import Random

from core.store.errors import MovedOnError
from core.store.records import Content, Person, Version
from core.store.store import Store
from core.store.transactions import Transactions
from tests.store.samples import NOON, content

NAME = "Our plan"
LONGEST_S = 0.02  # that a process lives on after as many saves as it may make
MAY_MAKE = (0, 1, 1, 2)


def told(pipe: int, word: str, said: str) -> None:
    """One line to whoever listens, whole: a pipe takes so few bytes at once."""
    os.write(pipe, f"{word} {said}\n".encode())


def saving(url: str, who: str, count: int, pipe: int) -> None:
    """Save versions, each on top of the latest, and tell before and after each."""
    store = Store(Transactions(url))
    much = "".join(Random(who).choices("0123456789\n", k=60_000))  # made once: little time passes between two saves
    for number in range(count):
        mine = replace(content(f"{who}-{number}"), results=f"{number}\n{much}")
        told(pipe, "begun", f"{who}-{number}")
        told(pipe, "saved", saved(store, mine, who).id)


def saved(store: Store, mine: Content, who: str) -> Version:
    """A version on top of whatever is the latest by then."""
    while True:
        latest = store.latest(NAME)
        try:
            return store.save(NAME, mine, Person(who), NOON, f"by {who}", latest.id if latest else None)
        except MovedOnError:
            continue


def forked(url: str, who: str, count: int) -> tuple[int, int]:
    """A process that saves: its id and the end of the pipe on which it tells."""
    listens, tells = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(listens)
        saving(url, who, count, tells)
        os._exit(0)
    os.close(tells)
    return child, listens


def heard(pipe: int, most: int = sys.maxsize) -> str:
    """What was told: of so many saves and the beginning of the next, or all until the teller is gone."""
    said = b""
    while part := os.read(pipe, 65_536):
        said += part
        if said.count(b"begun") > most:
            break
    return said.decode()


def killed(url: str, rounds: int) -> list[str]:
    """What processes told that were killed at moments of chance, one after another."""
    random, said = Random(1), []
    for number in range(rounds):
        child, pipe = forked(url, f"K{number}", 1_000)
        first = heard(pipe, random.choice(MAY_MAKE))
        time.sleep(random.uniform(0, LONGEST_S))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        said.append(first + heard(pipe))
    return said


def raced(url: str, writers: int, count: int) -> list[str]:
    """What processes told that saved at the same time."""
    pipes = [forked(url, f"R{number}", count)[1] for number in range(writers)]
    return [heard(pipe) for pipe in pipes]


if __name__ == "__main__":
    how, where, *numbers = sys.argv[1:]
    sys.stdout.write(json.dumps({"kill": killed, "race": raced}[how](where, *map(int, numbers))))
