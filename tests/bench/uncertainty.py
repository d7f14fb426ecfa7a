"""How long many worlds of the example portfolio take, a page of them, and the inputs ranked by each of three ways."""

import statistics
import time
from collections.abc import Callable, Iterator

from core.decide import morris, tornado, uncertain
from core.decide.indices import acting, design, figures_at
from core.decide.points import sobol_shares
from core.decide.worlds import THREADS, factors_of, worlds
from core.plan.example import example_plan
from tests.bench.figure import Figure, at_most

DRAWS = 100_000
TARGET_S = 1.0
REPEATS = 5
POINTS = 64  # of a study's batch


def timed(work: Callable[[], object]) -> tuple[float, float, float]:
    """Median and best time of a few runs, and the median of the processors' time [s]."""
    work()
    wall_s, busy_s = [], []
    for _ in range(REPEATS):
        start, before = time.perf_counter(), time.process_time()
        work()
        wall_s.append(time.perf_counter() - start)
        busy_s.append(time.process_time() - before)
    return statistics.median(wall_s), min(wall_s), statistics.median(busy_s)


def lines() -> Iterator[str | Figure]:
    """One line each."""
    plan = example_plan()
    names = factors_of(plan)
    rows = DRAWS * len(plan.workloads) * len(plan.years())
    took_s, best_s, busy_s = timed(lambda: worlds(plan, names, sobol_shares(plan.seed, len(names), DRAWS)))
    what = f"{len(plan.workloads)} workloads over {len(plan.years())} years, {len(names)} inputs, {THREADS} threads"
    yield Figure(f"uncertainty: {DRAWS:,} worlds", took_s, "s", at_most(TARGET_S), f"best {best_s:.2f}; {what}")
    yield f"  processors' time         {busy_s:.2f} s, {busy_s / rows * 1e9:.0f} ns a workload, year and draw"
    for name, work in (
        (f"the page's {plan.points}", lambda: uncertain._uncertain.__wrapped__(plan)),
        ("tornado", lambda: tornado._tornado.__wrapped__(plan, "emissions", 2030)),
        ("screening", lambda: morris._screening.__wrapped__(plan, "emissions", 2030)),
    ):
        took_s, best_s, _ = timed(work)
        yield f"  {name:<24} {took_s * 1e3:.0f} ({best_s * 1e3:.0f}) ms"
    inputs = acting(plan, "emissions", 2030)
    points = design(plan.seed, len(inputs), POINTS)
    took_s, best_s, _ = timed(lambda: figures_at(plan, inputs, points, "emissions", 2030))
    yield (
        f"  a study's batch          {took_s * 1e3:.0f} ({best_s * 1e3:.0f}) ms for {POINTS} points of "
        f"{len(inputs)} inputs, {POINTS * (len(inputs) + 2):,} worlds"
    )


if __name__ == "__main__":
    for line in lines():
        print(line)
