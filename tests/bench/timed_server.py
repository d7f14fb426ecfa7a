"""`python -m tests.bench.timed_server FILE`: the app's server, which adds each run's wall time [ms] to a file.

A run is timed as its reader has it: the script with its pause, messages that leave meanwhile, collecting of garbage.
"""

import sys
import time
from pathlib import Path

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.web.cli import main

MS_PER_S = 1_000


def timing(file: Path) -> None:
    """From now on each run of a script adds a line to the file."""
    plain = ScriptRunner._run_script

    def timed(runner: ScriptRunner, *given: object) -> None:
        start = time.perf_counter()
        plain(runner, *given)
        with file.open("a") as out:
            out.write(f"{(time.perf_counter() - start) * MS_PER_S:.3f}\n")

    ScriptRunner._run_script = timed  # type: ignore[method-assign]


if __name__ == "__main__":
    timing(Path(sys.argv[1]))
    sys.argv = ["streamlit", "run", *sys.argv[2:]]
    main()
