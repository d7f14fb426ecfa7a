"""How long the server takes for one change on the Plan page: `python -m tests.bench.page`.

The example portfolio, 256 draws, every figure computed anew. What a reader waits for in a browser is in `browser.py`.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from statistics import median
from unittest.mock import patch

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from core.ui import outbox
from tests.bench.figure import Figure, at_most
from tests.browser.chromium import ROOT

RUNS, MS_PER_S, RERUN_MS = 30, 1_000, 40


def lines() -> Iterator[Figure]:
    """A rerun with its pause for a browser, and the work itself."""
    for name, pause_s in (("with its pause for a browser", outbox.LEAVE_S), ("the work itself", 0.0)):
        found = server_ms(pause_s)
        note = f"worst {max(found):,.0f} of {len(found)}"
        yield Figure(f"server: a rerun of the Plan page, {name}", median(found), "ms", at_most(RERUN_MS), note)


def server_ms(pause_s: float) -> list[float]:
    """Milliseconds of each rerun after a change: the script, what it sends, and Streamlit's collecting of garbage.

    What the test harness does afterwards, reading the sent page back into a tree, is not the server's and is left out.
    It makes the pause that it makes for a browser (`outbox.paint_first`), and holds back what it holds back then; that
    the rest waits while the browser draws the headline is no work of the server's and left out too.
    """
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    gc.collect()
    gc.freeze()
    found: list[float] = []
    plain = ScriptRunner._run_script

    def timed(runner: ScriptRunner, *given: object) -> None:
        start = time.perf_counter()
        plain(runner, *given)
        found.append((time.perf_counter() - start) * MS_PER_S)

    with (
        patch.object(ScriptRunner, "_run_script", timed),
        patch.object(outbox, "looked_at", lambda: True),
        patch.object(outbox, "LEAVE_S", pause_s),
        patch.object(outbox, "REST_S", 0.0),
    ):
        for run in range(RUNS + 3):
            app.number_input(key="w:W2:requests_per_day").set_value(11_000.0 + 10 * run).run()
    return found[3:]


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)
