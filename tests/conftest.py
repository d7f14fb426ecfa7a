"""How hard hypothesis looks: the same examples on every run by default, many more with HYPOTHESIS_PROFILE=deep."""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import core  # noqa: F401 - before numpy, whose number of threads it sets

# Workers, and the servers and commands that tests start, find the program compiled: each would spend seconds on it.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Nothing that tests save enters the plans of whoever runs them; servers and commands that they start take it over.
# A store of one's own for each worker.
_kept = Path(tempfile.mkdtemp(prefix="glidepath-store-"))
atexit.register(shutil.rmtree, _kept, ignore_errors=True)
os.environ["GLIDEPATH_STORE_URL"] = f"sqlite:///{_kept / 'plans.sqlite'}"

settings.register_profile(
    "checks", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", max_examples=3_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "checks"))


@pytest.hookimpl(optionalhook=True)  # of xdist, where it is at work
def pytest_configure_node(node: Any) -> None:
    """Each worker hears whether all tests are to run."""
    node.workerinput["all_tests"] = node.config.args_source is pytest.Config.ArgsSource.TESTPATHS


def pytest_sessionstart(session: pytest.Session) -> None:
    """Workers that run all tests share out the kernels before they look for tests, for which each would compile."""
    worker: dict[str, Any] = getattr(session.config, "workerinput", {})
    if worker.get("all_tests"):
        from tests import kernels

        kernels.have_all(worker["workerid"])


def pytest_collection_finish() -> None:
    """What is loaded by now stays out of the garbage collector's rounds: each would look through all of it."""
    gc.collect()
    gc.freeze()
