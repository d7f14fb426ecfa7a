"""A Dask scheduler and workers as processes of their own on this computer, for tests and measurements."""

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = "127.0.0.1"
START_S = 30


def _started(*arguments):
    """A process of Dask's command line that finds this checkout."""
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    asked = [sys.executable, "-m", *arguments]
    return subprocess.Popen(asked, cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def scheduler(said):
    """A scheduler on a free port, which it says in that file."""
    where = ("--host", HERE, "--port", "0")
    return _started("distributed.cli.dask_scheduler", *where, "--no-dashboard", "--scheduler-file", str(said))


def worker(said, name):
    """A worker of one thread, for the scheduler of that file; nobody starts it again when it dies."""
    alone = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", HERE, "--name", name)
    return _started("distributed.cli.dask_worker", "--scheduler-file", str(said), *alone)


def address_in(said, process):
    """The address that a scheduler said, once it listens."""
    until = time.monotonic() + START_S
    while True:
        assert time.monotonic() < until, "the scheduler did not start"
        assert process.poll() is None, "the scheduler ended"
        with contextlib.suppress(OSError, ValueError):
            return json.loads(said.read_text(encoding="utf-8"))["address"]
        time.sleep(0.02)


def there(address, workers):
    """Wait until so many workers have come."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=START_S)
