"""How long a change takes to be shared out among ten levers that all act on six workloads over ten years."""

import statistics
import time
from collections.abc import Iterator

from core.levers import acting
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import effects, one, under_levers, under_sets
from core.results.figures import NOT_IN_FIGURES
from core.results.lever_sets import every
from core.results.set_figures import one_by_one

REPEATS = 21
TARGET_MS = 50
TEN = (
    Lever(id="concise_output"),
    Lever(id="prompt_trim"),
    Lever(id="semantic_cache"),
    Lever(id="moe_vs_dense", choice="gpt-oss-120b"),
    Lever(id="ptq_w4a16"),
    Lever(id="kv_fp8"),
    Lever(id="prefix_cache"),
    Lever(id="newer_gpu", choice="B200"),
    Lever(id="pue", value=1.1),
    Lever(id="geo_shift", choice="SE"),
)
MODELS = ("llama3.3-70b", "llama3.1-8b", "mixtral-8x7b", "qwen3-14b", "llama3.3-70b", "llama3.1-8b")
SIX = tuple(
    Workload(
        id=f"W{place}", hosting="own", model=model, hardware="H100-SXM", region="DE", requests_per_day=1e5 * (place + 1)
    )
    for place, model in enumerate(MODELS)
)


def shared_out_s(plan: Plan) -> float:
    """Seconds of one sharing out, nothing kept from before."""
    for kept in (effects.shares, under_sets.under_sets, under_levers.figures_under, one.figures_of):
        kept.cache_clear()
    start = time.perf_counter()
    effects.shares(plan)
    return time.perf_counter() - start


def one_by_one_s(plan: Plan) -> float:
    """Seconds of the slow way to the same figures: every set of levers by itself."""
    view = plan.model_copy(update=NOT_IN_FIGURES)
    start = time.perf_counter()
    for workload in plan.workloads:
        mine = acting(catalog_of(plan), plan, workload)
        one_by_one(view, workload, mine, every(len(mine)), under_sets.CARBON)
    return time.perf_counter() - start


def lines() -> Iterator[str]:
    """The line that the benchmark prints."""
    plan = Plan(workloads=SIX, levers=TEN)
    shared_out_s(plan)
    took_s = [shared_out_s(plan) for _ in range(REPEATS)]
    took = f"{statistics.median(took_s) * 1e3:,.0f} ({min(took_s) * 1e3:,.0f}) ms"
    yield f"ten levers shared out      {took} for 1,024 sets on 6 workloads over 10 years   target {TARGET_MS}"
    yield f"  set by set               {one_by_one_s(plan) * 1e3:,.0f} ms"


if __name__ == "__main__":
    for line in lines():
        print(line)
