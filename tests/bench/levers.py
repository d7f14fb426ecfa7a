"""How long many sets of levers take: shared out among ten levers on six workloads, and every figure of 2^16 sets."""

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np

from core.engine import SetSums
from core.levers import acting, in_order, why_not
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import effects, one, under_levers, under_sets
from core.results.effects import usual
from core.results.figures import DRAWS, NOT_IN_FIGURES
from core.results.lever_sets import Sets, every
from core.results.set_figures import SetFigures, one_by_one, set_figures
from tests.bench.figure import Figure, at_most

REPEATS = 21
TARGET_MS = 50
TARGET_SETS_S = 0.5
MANY, SOME, FEW = 16, 300, 30
SEARCHED = SetSums._fields
Way = Callable[..., SetFigures]
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


def many_sets() -> Iterator[str | Figure]:
    """Every figure that a search takes of 2^16 sets on the example's own servers, and of some sets with their draws."""
    plan = example_plan()
    workload, catalog = plan.workloads[1], catalog_of(plan)
    able = [usual(kind) for kind in catalog.levers.values() if not kind.missing and not kind.outside]
    mine = in_order(catalog, [lever for lever in able if not why_not(catalog, lever, workload)])[:MANY]
    some = np.random.default_rng(0).integers(1 << MANY, size=SOME)
    for booked in ("amortised", "purchase_year"):
        view = plan.model_copy(update=NOT_IN_FIGURES).but(hardware_view=booked)
        every_s, drawn_s = (
            statistics.median(_seconds(view, workload, mine, *asked) for _ in range(5))
            for asked in ((every(MANY), 0), (some, DRAWS))
        )
        one_s = _seconds(view, workload, mine, some[:FEW], 0, one_by_one) / FEW
        name = f"levers: 2^16 sets of one workload over 10 years, hardware {booked}"
        note = f"{SOME} sets of {DRAWS} draws {drawn_s:.2f} s; set by set {one_s * 1e3:.1f} ms each"
        yield Figure(name, every_s, "s", at_most(TARGET_SETS_S), note)


def _seconds(
    view: Plan, workload: Workload, levers: tuple[Lever, ...], sets: Sets, draws: int, way: Way = set_figures
) -> float:
    start = time.perf_counter()
    way(view, workload, levers, sets, SEARCHED, draws)
    return time.perf_counter() - start


def lines() -> Iterator[str | Figure]:
    """The line that the benchmark prints."""
    plan = Plan(workloads=SIX, levers=TEN)
    shared_out_s(plan)
    took_s = [shared_out_s(plan) for _ in range(REPEATS)]
    name, best = "levers: ten shared out over 6 workloads and 10 years", f"best {min(took_s) * 1e3:,.0f}; 1,024 sets"
    yield Figure(name, statistics.median(took_s) * 1e3, "ms", at_most(TARGET_MS), best)
    yield f"  set by set               {one_by_one_s(plan) * 1e3:,.0f} ms"
    yield from many_sets()


if __name__ == "__main__":
    for line in lines():
        print(line)
