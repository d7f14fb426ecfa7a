"""The kernels, compiled once for all workers of a run and kept on disk: on a fresh checkout they take half a minute."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from core import engine
from core.decide import warm as deciding
from core.engine.jit import CACHE_FOLDER
from core.results.figures import coefficients
from core.shift import warm as shifting
from core.targets import warm as targets

try:
    import fcntl
except ImportError:  # no such locks there: each worker compiles for itself what it does not find
    fcntl = None  # type: ignore[assignment]

ROOMS = {  # the two that take longest stand at the ends
    "engine": lambda: engine.warm_up(coefficients()),
    "targets": targets.warm_up,
    "decide": deciding.warm_up,
    "shift": shifting.warm_up,
}


def have_all(worker: str) -> None:
    """Compile or load each; every other worker begins at the other end, and waits for what a neighbour compiles."""
    for room in list(ROOMS)[:: -1 if int(worker[2:] or 0) % 2 else 1]:
        with _alone(room):
            ROOMS[room]()


@contextlib.contextmanager
def _alone(room: str) -> Iterator[None]:
    if CACHE_FOLDER is None or fcntl is None:
        yield
        return
    with (CACHE_FOLDER / f"{room}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # let go when the file is closed, however its process ends
        yield
