"""Blocks worked out on several threads, handed back in the order in which they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TypeVar

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
