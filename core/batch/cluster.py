"""Blocks worked out by the workers of a Dask cluster, handed back in order, each once.

A worker that dies leaves its blocks to the others. Each block goes out with the versions of data and method that the
client has, and a worker with others refuses it: two versions never mix in one file. Dask sends Python objects as
pickles, so whoever can reach the scheduler can run code on it: only a cluster that is trusted may be named.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from time import monotonic
from typing import Any
from uuid import uuid4

from core import METHOD_VERSION
from core import catalog as facts
from core.batch.block import Answered, Block
from core.headless.cases import UnusableError

INSTALL = "--scheduler needs Dask; install it by: pip install 'distributed==2026.8.0'"
CONNECT_S = 10.0  # until a scheduler must have answered
WORKER_S = 60.0  # that a run goes on without any worker
LOOK_EVERY_S = 1.0
AHEAD = 3  # blocks of each thread: in hand, waiting there, on their way; memory grows with it
TRIES_MORE = 2  # of a block that failed in a worker's hands

Work = Callable[[Block], Answered]


def versions() -> str:
    """What figures depend on, as it stands in this process."""
    return f"data {facts.load().data_version}, method {METHOD_VERSION}"


def worked_out(work: Work, block: Block, expected: str) -> Answered:
    """One block in a worker's hands; UnusableError where its data or method are others than the client's."""
    found = versions()
    if found != expected:
        raise UnusableError(f"a worker has {found}; this computer has {expected}; install the same version on all")
    return work(block)


def on_cluster(address: str, work: Work, blocks: Iterable[Block]) -> Iterator[Answered]:
    """Each block's answer, in order; UnusableError in one sentence where the cluster cannot give it."""
    try:
        import distributed
    except ImportError as error:
        raise UnusableError(INSTALL) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told in a sentence
    to_scheduler: Any = distributed.Client
    try:
        client = to_scheduler(address, timeout=CONNECT_S, set_as_default=False)
    except (ValueError, TypeError) as error:
        told = "this is no address of a Dask scheduler; it must read as tcp://host:8786"
        raise UnusableError(f"{address}: {told}") from error
    except OSError as error:
        raise UnusableError(f"{address}: no Dask scheduler answers there within {CONNECT_S:g} s") from error
    try:
        yield from Run(client, address, work).answers(blocks)
    finally:
        client.close(timeout=LOOK_EVERY_S)


class Run:
    """One file on a cluster: what is under way, and when a worker was last there."""

    def __init__(self, client: Any, address: str, work: Work) -> None:
        self._client, self._address, self._work = client, address, work
        self._name, self._expected = f"glidepath-{uuid4().hex}", versions()
        self._seen_s, self._asked_s, self._found = monotonic(), 0.0, 0

    def answers(self, blocks: Iterable[Block]) -> Iterator[Answered]:
        """In order; as many blocks are under way as the workers have threads, and some to wait."""
        waiting: deque[Any] = deque()
        for number, block in enumerate(blocks):
            waiting.append(self._sent(number, block))
            if len(waiting) >= AHEAD * max(self._threads(), 1):
                yield self._answer(waiting.popleft())
        while waiting:
            yield self._answer(waiting.popleft())

    def _sent(self, number: int, block: Block) -> Any:
        key, given = f"{self._name}-{number}", (self._work, block, self._expected)
        return self._client.submit(worked_out, *given, key=key, pure=False, retries=TRIES_MORE)

    def _answer(self, future: Any) -> Answered:
        from distributed.scheduler import KilledWorker

        while True:
            try:
                found: Answered = future.result(timeout=LOOK_EVERY_S)
                future.release()
                return found
            except TimeoutError:
                self._threads()
            except KilledWorker as error:
                raise UnusableError(f"{self._address}: a block was given up: every worker that had it died") from error
            except CancelledError as error:
                raise UnusableError(f"{self._address}: the Dask scheduler went away during the run") from error
            except (ImportError, RuntimeError) as error:
                told = f"{self._address}: its scheduler and workers must have this version of Glidepath installed"
                raise UnusableError(f"{told} ({str(error).splitlines()[0][:200]})") from error

    def _threads(self) -> int:
        """Threads of all workers, asked now and then; UnusableError where there has been none for long."""
        now = monotonic()
        if self._found and now - self._asked_s < LOOK_EVERY_S:
            return self._found
        try:
            self._found, self._asked_s = sum(self._client.nthreads().values()), now
        except (OSError, CancelledError) as error:
            raise UnusableError(f"{self._address}: the Dask scheduler went away during the run") from error
        if self._found:
            self._seen_s = now
        elif now - self._seen_s > WORKER_S:
            raise UnusableError(f"{self._address}: the Dask scheduler has had no worker for {WORKER_S:.0f} s")
        return self._found
