"""How fast one case is compared over the whole cube, and how long the Estimate page's rerun takes.

`python -m tests.bench.alternatives` prints these lines alone.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from statistics import median

from streamlit.testing.v1 import AppTest

from core import catalog
from core.plan import Plan
from core.plan.plan import CASE
from core.results.alternatives import alternatives
from core.ui.estimate_running import TABS
from tests.browser.chromium import ROOT

RUNS, MS_PER_S = 30, 1_000
MODELS, DEVICES, REGIONS = 60, 20, 20


def lines() -> Iterator[str]:
    """The measurements as lines of text."""
    facts = catalog.load()
    models = [key for key, model in facts.models.items() if model.computable][-MODELS:]
    devices, regions = list(facts.hardware)[5 : 5 + DEVICES], list(facts.regions)[:REGIONS]
    plans = iter([Plan(case=CASE.but(output_tokens=300.0 + run)) for run in range(RUNS + 3)])
    found = _ms(lambda: alternatives(next(plans), models, devices, regions))
    yield _line(f"{MODELS} models x {DEVICES} accelerators x {REGIONS} places, every figure", found)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run().switch_page("pages/estimate/page.py").run()
    gc.collect()
    gc.freeze()
    for tab in TABS.values():
        app.session_state["c:tab"] = tab
        app.run()
        yield _line(f"Estimate page, one rerun on the server, {tab.lower()!r} open", _ms(_change(app)))


def _change(app: AppTest) -> Callable[[], object]:
    """Types another answer length each time it is called."""
    tokens = iter(range(301, 400))
    return lambda: app.number_input(key="c:output_tokens").set_value(float(next(tokens))).run()


def _ms(work: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(RUNS + 3):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * MS_PER_S)
    return sorted(found[3:])


def _line(what: str, sorted_ms: list[float]) -> str:
    return f"{what}: median {median(sorted_ms):,.0f} ms, best {sorted_ms[0]:,.0f} ms ({len(sorted_ms)} runs)"


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)
