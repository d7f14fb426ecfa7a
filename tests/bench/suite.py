"""How long all tests take, run as configured: `python -m tests.bench.suite`."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.figure import Figure, at_most
from tests.browser.chromium import ROOT

NAME, MOST_S = "suite: all tests as configured", 300
NOT_RUN = (Figure(NAME, None, "s", at_most(MOST_S)),)


def lines() -> Iterator[Figure]:
    """The wall time of one run, and what pytest said at its end."""
    start = time.perf_counter()
    run = subprocess.run([sys.executable, "-m", "pytest"], cwd=ROOT, capture_output=True, text=True)
    took_s = time.perf_counter() - start
    yield Figure(NAME, took_s, "s", at_most(MOST_S), (run.stdout.strip().splitlines() or [""])[-1])


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)
