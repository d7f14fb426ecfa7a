"""The engine's own measurements: kernels, their C twin, EcoLogits, and the time to import."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from core.engine import (
    ActivityColumns,
    FootprintColumns,
    FootprintResult,
    InferenceResult,
    empty,
    run_footprint,
    run_inference,
    warm_up,
)
from tests.bench.c_twin import build
from tests.bench.figure import Figure, at_least, at_most
from tests.bench.portfolio import ROWS, footprint_columns, inference_columns, page_columns
from tests.engine.rows import COEFFICIENTS

REPEATS = 41
C_AGREEMENT = 1e-9
IMPORT_S = 0.35


def in_turns(*calls: Callable[[], object]) -> list[list[float]]:
    """Seconds of each call, the calls taking turns so that a busy machine slows all alike."""
    seconds: list[list[float]] = [[] for _ in calls]
    for _ in range(REPEATS):
        for call, taken in zip(calls, seconds, strict=True):
            start = time.perf_counter()
            call()
            taken.append(time.perf_counter() - start)
    return seconds


def rate(seconds: list[float], rows: int) -> str:
    """Rows a second: the median and the best."""
    return f"{rows / statistics.median(seconds) / 1e6:.2f} ({rows / min(seconds) / 1e6:.2f}) million rows/s"


def ratio(first: list[float], second: list[float]) -> float:
    """Median of the ratios of turns."""
    return statistics.median(a / b for a, b in zip(first, second, strict=True))


def activity(result: InferenceResult, columns: FootprintColumns) -> ActivityColumns:
    """What the footprint takes from inference; tokens do not change its speed."""
    tokens = np.ones(len(columns.pue))
    energy = (result.energy_accelerator_kwh, result.energy_idle_kwh, result.energy_host_kwh, result.held_h)
    return ActivityColumns(*energy, tokens, tokens, tokens)


def agreement(first: InferenceResult, second: InferenceResult) -> float:
    """Largest relative difference between two results; idle energy, itself a difference, is related to the busy one."""
    worst = 0.0
    for name, a, b in zip(first._fields, first, second, strict=True):
        scale = np.abs(a) + (first.energy_accelerator_kwh if name == "energy_idle_kwh" else 0.0)
        worst = max(worst, float(np.max(np.abs(a - b) / np.where(scale == 0, 1, scale))))
    return worst


def kernel_lines() -> Iterator[str | Figure]:
    """The kernels on one core, and their C twin on the same columns in the same minute."""
    warm_up(COEFFICIENTS)
    x, site, page = inference_columns(), footprint_columns(), page_columns()
    out, c_out, footprint_out = empty(InferenceResult, ROWS), empty(InferenceResult, ROWS), empty(FootprintResult, ROWS)
    page_rows = len(page.requests)
    page_out, page_c_out = empty(InferenceResult, page_rows), empty(InferenceResult, page_rows)
    run_inference(x, COEFFICIENTS, out)
    used = activity(out, site)
    with tempfile.TemporaryDirectory() as folder:
        c_run = build(Path(folder), COEFFICIENTS)
        numba_s, footprint_s, c_s, page_s, page_c_s = in_turns(
            lambda: run_inference(x, COEFFICIENTS, out),
            lambda: run_footprint(used, site, footprint_out),
            lambda: c_run(x, c_out),
            lambda: run_inference(page, COEFFICIENTS, page_out),
            lambda: c_run(page, page_c_out),
        )
    both = [a + b for a, b in zip(numba_s, footprint_s, strict=True)]
    share = float(np.mean(x.experts > 0))
    yield f"the Plan page's rows        {page_rows:,}: the example's serving workloads, years and draws"
    yield _rate("engine: the Plan page's rows", page_s, page_rows)
    yield f"inference, C -O3 native     {rate(page_c_s, page_rows)}"
    yield from _beside_c("the Plan page's rows", ratio(page_s, page_c_s), agreement(page_out, page_c_out))
    yield f"a harder mix of rows        {ROWS:,}, {share:.0%} mixtures of experts, mean batch {out.batch.mean():.0f}"
    yield f"inference, numba            {rate(numba_s, ROWS)}"
    yield f"inference, C -O3 native     {rate(c_s, ROWS)}"
    yield f"footprint, numba            {rate(footprint_s, ROWS)}"
    yield f"inference and footprint     {rate(both, ROWS)}"
    yield from _beside_c("a harder mix", ratio(numba_s, c_s), agreement(out, c_out))
    yield from ecologits_lines(both)


def _rate(name: str, seconds: list[float], rows: int) -> Figure:
    return Figure(name, rows / statistics.median(seconds) / 1e6, "million rows/s", at_least(5), "one core")


def _beside_c(rows: str, times: float, apart: float) -> Iterator[Figure]:
    yield Figure(f"engine: {rows}, our time over C's", times, "times", at_most(1.3))
    yield Figure(f"engine: {rows}, largest difference from C", apart, "of it", at_most(C_AGREEMENT))


def ecologits_lines(both: list[float]) -> Iterator[str | Figure]:
    """EcoLogits' own function for one request, called one by one as its users do."""
    try:
        from ecologits.impacts.llm import compute_llm_impacts
    except ImportError:
        yield "EcoLogits                   not installed"
        return

    def one() -> object:
        return compute_llm_impacts(
            model_active_parameter_count=35.0,
            model_total_parameter_count=480.0,
            output_token_count=500,
            if_electricity_mix_adpe=9.855e-08,
            if_electricity_mix_pe=9.6884,
            if_electricity_mix_gwp=0.3844,
            if_electricity_mix_wue=3.1321,
            datacenter_pue=1.2,
            datacenter_wue=0.569,
        )

    one()
    calls = 40
    (taken,) = in_turns(lambda: [one() for _ in range(calls)])
    per_second = calls / statistics.median(taken)
    rows_per_second = ROWS / statistics.median(both)
    yield f"EcoLogits                   {per_second:,.0f} requests/s"
    yield Figure(
        "engine: rows in the time of an EcoLogits request", rows_per_second / per_second, "rows", at_least(400)
    )


def import_lines() -> Iterator[Figure]:
    """Time to import, each in a fresh process, less that of an empty one."""

    def fresh(statement: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", statement], check=True)

    statements = ("pass", "import core", "import core.engine")
    nothing, *imported = in_turns(*map(fresh, statements))
    for statement, seconds in zip(statements[1:], imported, strict=True):
        taken = statistics.median(seconds) - statistics.median(nothing)
        best = min(seconds) - min(nothing)
        yield Figure(f"engine: {statement}", taken, "s", at_most(IMPORT_S), f"best {best:.3f}")


def lines() -> Iterator[str | Figure]:
    """Every measurement as a line."""
    yield from kernel_lines()
    yield from import_lines()
