"""Blocks worked out on several threads, handed back in the order in which they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from core.headless.cases import UnusableError

Item = TypeVar("Item")
Result = TypeVar("Result")

WAITING = 2  # blocks a worker has before it, so that none waits for the reader; memory grows with it


def in_order(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """Each item's result. At most a few items for each worker are held at a time; one worker is no thread at all.

    >>> list(in_order(str, range(5), 3))
    ['0', '1', '2', '3', '4']
    """
    if workers == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(workers, "glidepath-block") as pool:
        yield from through(pool, work, items, workers)


def on_processes(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """The same on processes, for work that Python itself does: it runs on one thread at a time."""
    if workers == 1:
        yield from map(work, items)
        return
    try:
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            yield from through(pool, work, items, workers)
    except BrokenProcessPool as error:
        raise UnusableError("a worker process ended before its work was done (killed, or out of memory)") from error


def through(pool: Executor, work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """The same through a pool at hand."""
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) >= WAITING * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
