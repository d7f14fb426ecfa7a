"""How long shifting takes on a year of hours, one thread; a fleet beside HiGHS, with the same optimum, in one run."""

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, diags_array, eye_array, hstack

from core.catalog import hourly
from core.shift.fleet import served
from core.shift.job import Job, outcomes
from core.shift.realised import realised, realised_fleet
from core.shift.spread import placed
from tests import naive_shift
from tests.bench.figure import Figure, at_least, at_most
from tests.shift.test_fleets import case

REPEATS = 15
ZONES = 40
SWEEP = 5_000
SHARE, CAPACITY, DELAY_H = 0.3, 1.3, 24
EQUAL = 1e-9


def median_ms(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Milliseconds of processor time, the median of some runs after a first one."""
    work()
    took = []
    for _ in range(repeats):
        start = time.thread_time()
        work()
        took.append((time.thread_time() - start) * 1e3)
    return statistics.median(took)


def highs(hours: np.ndarray, room: np.ndarray, work: np.ndarray, delay: int) -> float:
    """The least carbon of waiting work by HiGHS: work done up to each hour lies between two curves."""
    count = len(hours)
    arrived = np.cumsum(work)
    due = np.concatenate((np.zeros(delay), arrived))[:count]
    due[-1] = arrived[-1]
    running = diags_array([np.ones(count), -np.ones(count - 1)], offsets=[0, -1])
    found = linprog(
        np.concatenate((hours, np.zeros(count))),
        A_eq=csr_array(hstack((-eye_array(count), running))),
        b_eq=np.zeros(count),
        bounds=np.column_stack((np.concatenate((np.zeros(count), due)), np.concatenate((room, arrived)))),
        method="highs",
    )
    return float(found.fun)


def lines() -> Iterator[str | Figure]:
    """The lines that the benchmark prints."""
    hours = np.array(hourly.reference_hours("DE"))
    for name, job, target in (
        ("a job in one piece, all releases", Job(24, 24), 0.2),
        ("a job that pauses, all releases", Job(24, 168, True), 3.0),
    ):
        yield Figure(f"shift: {name}", median_ms(lambda job=job: outcomes(hours, job)), "ms", at_most(target))
    restarting = Job(48, 120, True, 0.5)
    took = median_ms(lambda: outcomes(hours, restarting))
    yield f"shift {'restarts, all releases':<26}{took:8.2f} ms"
    took = median_ms(lambda: outcomes(hours, Job(2000, 2000, True, 1.0)), 3)
    yield Figure("shift: restarts, 2,000 h and 2,000 h slack", took, "ms", at_most(2_000))
    work, room = np.full(len(hours), SHARE), np.full(len(hours), CAPACITY - 1 + SHARE)
    ours = median_ms(lambda: served(hours[:, None], room[:, None], work, DELAY_H))
    theirs = median_ms(lambda: highs(hours, room, work, DELAY_H), 3)
    least, same = highs(hours, room, work, DELAY_H), served(hours[:, None], room[:, None], work, DELAY_H)[:, 0] @ hours
    apart, times = abs(same / least - 1), theirs / ours
    yield Figure("shift: a fleet", ours, "ms", at_most(5))
    yield Figure("shift: a fleet, HiGHS over ours", times, "times", at_least(50), f"HiGHS {theirs:,.0f} ms")
    yield Figure("shift: a fleet, optimum of HiGHS less ours", apart, "of it", at_most(EQUAL))
    fleet = {"flexible_share": SHARE, "delay_h": DELAY_H, "capacity_kwh": CAPACITY}
    yield f"shift {'realised, a job':<26}{median_ms(lambda: realised(hours, Job(8, 16))):8.2f} ms"
    took = median_ms(lambda: realised_fleet(hours, np.ones(len(hours)), **fleet))
    yield f"shift {'realised, a fleet':<26}{took:8.2f} ms"
    many = np.array([hourly.reference_hours(zone) for zone in list(hourly.zones())[:ZONES]]).T.copy()
    small = np.full(many.shape, 2 * SHARE / ZONES * 10)
    pool = median_ms(lambda: served(many, small, work, DELAY_H), 5)
    yield Figure(f"shift: a pool of {ZONES} regions", pool, "ms", at_most(100))
    five, given = np.full((len(hours), 5), SHARE), {"home": [0, 1, 2, 3, 4], "capacity_kwh": small}
    yield f"shift {'5 origins, 40 regions':<26}{median_ms(lambda: placed(many, five, **given), 5):8.2f} ms"
    yield sweep()


def sweep() -> str:
    """Thousands of small fleets against HiGHS."""
    cases = [one for one in (case() for _ in range(SWEEP)) if naive_shift.earliest(*one[1:])]
    worst = 0.0
    for start in range(0, len(cases), 50):
        part = cases[start : start + 50]
        for (intensity, *rest), least in zip(part, naive_shift.deferrals(part), strict=True):
            worst = max(worst, abs((served(intensity, *rest) * intensity).sum() - least) / (1 + least))
    return f"shift {'small fleets':<26}{len(cases):,} equal HiGHS within {worst:.1e}"
