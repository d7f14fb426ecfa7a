"""One job at every hour it may be released: run now, at a random time, or at the cleanest; exact.

>>> import numpy as np
>>> day = np.array([5.0, 4.0, 1.0, 1.0, 4.0, 5.0, 6.0, 7.0])
>>> found = outcomes(day, Job(hours_h=2, slack_h=2))
>>> found.starts, found.start.tolist(), round(found.saving_pct, 1)
(5, [2, 2, 2, 3, 4], 33.3)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.shift import check
from core.shift.block import run_blocks
from core.shift.check import ShiftError
from core.shift.pauses import run_one_with_restarts, run_pauses, run_restarts
from core.shift.shared import run_shared_restarts
from core.units import PERCENT

Hours = NDArray[np.float64]
Places = NDArray[np.int64]

LONGEST_H, LEAST_H = 8784.0, 0.01
MOST_RESTART_H = 1000.0
MOST_STEPS = 50_000_000  # of the search with restarts on a forecast, for one series: some tenths of a second


@dataclass(frozen=True, slots=True)
class Job:
    """A job of steady power. It must end `hours_h + slack_h` after its release.

    `restart_h` is what each resumption takes more, in hours of the job's power, at the intensity of its hour; the
    first start is free of it, as it is without shifting. Where pauses take energy, the hour in part is the last one.
    """

    hours_h: float
    slack_h: int = 0
    interruptible: bool = False
    restart_h: float = 0.0

    @property
    def whole(self) -> int:
        """Full hours it runs."""
        return math.floor(self.hours_h)

    @property
    def part_h(self) -> float:
        """What is left of an hour after the full ones [h]."""
        return self.hours_h - self.whole

    @property
    def window_h(self) -> int:
        """Hours from its release to its deadline, the last one whole."""
        return math.ceil(self.hours_h) + self.slack_h

    @property
    def restarts(self) -> bool:
        """Whether it may pause and each resumption takes energy."""
        return self.interruptible and self.restart_h > 0

    def every(self, releases: int) -> int:
        """Every how many releases forecasts with restarts are worked out; 1 where all of them take a moment.

        Windows of a forecast share no work: each release knows other hours. No divisor of a day, so that each hour of
        the day has its turn.
        """
        steps = releases * math.ceil(self.hours_h) * (self.slack_h + 1)
        every = max(-(-steps // MOST_STEPS), 1) if self.restarts else 1
        return next(step for step in range(every, every + 24) if math.gcd(step, 24) == 1)


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """A job of 1 kW for every release whose window lies in the series; arrays run over releases, in hours and grams.

    `start` is the first hour it runs, -1 where the job may pause and the hours are many. `random_g` is the mean over
    all the starts its slack allows: the same job without a plan.
    """

    job: Job
    start: Places
    now_g: Hours
    random_g: Hours
    best_g: Hours

    @property
    def starts(self) -> int:
        """How many releases."""
        return len(self.now_g)

    @property
    def saving_pct(self) -> float:
        """Carbon saved against starting at once, over all releases together [%]."""
        return saving_pct(self.now_g, self.best_g)

    @property
    def saving_random_pct(self) -> float:
        """Carbon saved against a start at random, over all releases together [%]."""
        return saving_pct(self.random_g, self.best_g)

    @property
    def each_pct(self) -> Hours:
        """Carbon saved against starting at once, release by release [%]."""
        return each_pct(self.now_g, self.best_g)

    def quantile_pct(self, share: float) -> float:
        """The saving that this share of releases does not exceed [%]."""
        return float(np.quantile(self.each_pct, share))


def saving_pct(before_g: Hours, after_g: Hours) -> float:
    """Carbon saved of a sum [%]; 0 where there is none to save."""
    before = float(before_g.sum())
    return (1.0 - float(after_g.sum()) / before) * PERCENT if before else 0.0


def each_pct(before_g: Hours, after_g: Hours) -> Hours:
    """Carbon saved of each amount [%]; 0 where there is none to save."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(before_g > 0, (1 - after_g / before_g) * PERCENT, 0.0)


def outcomes(intensity_g_per_kwh: Hours, job: Job) -> Outcomes:
    """The job on a series of hours, for every release; ShiftError where that cannot be computed."""
    hours = checked(intensity_g_per_kwh, job)
    releases = len(hours) - job.window_h + 1
    start = np.empty(releases, np.int64)
    best_g, now_g, random_g = np.empty(releases), np.empty(releases), np.empty(releases)
    run_blocks(hours, job.whole, job.part_h, job.slack_h, start, best_g, now_g, random_g)
    if job.restarts:
        run_shared_restarts(hours, job.whole, job.part_h, job.slack_h, job.restart_h, best_g)
    elif job.interruptible:
        run_pauses(hours, np.argsort(hours, kind="stable"), job.whole, job.part_h, job.window_h, best_g)
    if job.interruptible:
        start[:] = -1
    return Outcomes(job, start, now_g, random_g, best_g)


def with_restarts(
    planned_g_per_kwh: Hours,
    came_g_per_kwh: Hours,
    job: Job,
    out_g: Hours,
    restarted_h: Hours,
    *,
    foretold: bool = False,
    first: int = 0,
    every: int = 1,
) -> None:
    """A job with restarts, planned on one series and scored on another, into the arrays given."""
    planned, came = (np.require(hours, np.float64, ("C", "W")) for hours in (planned_g_per_kwh, came_g_per_kwh))
    run_restarts(
        planned, came, foretold, first, every, job.whole, job.part_h, job.slack_h, job.restart_h, out_g, restarted_h
    )


def schedule_kw(intensity_g_per_kwh: Hours, job: Job, release: int) -> Hours:
    """When a 1 kW job released in one hour runs best: its load in each hour of its window [kW]."""
    hours = checked(intensity_g_per_kwh, job)
    check.number(release, "release", 0, len(hours) - job.window_h, "h")
    window = hours[release : release + job.window_h]
    load_kw = np.zeros(job.window_h)
    if job.restarts:
        last = math.ceil(job.hours_h)
        resumed, stayed = (np.empty((job.window_h, last + 1), np.bool_) for _ in range(2))
        running, paused = np.empty(last + 1), np.empty(last + 1)
        run_one_with_restarts(
            window.copy(), job.whole, job.part_h, job.restart_h, running, paused, resumed, stayed, load_kw
        )
    elif job.interruptible:
        order = np.argsort(window, kind="stable")
        load_kw[order[: job.whole]] = 1.0
        if job.part_h:
            load_kw[order[job.whole]] = job.part_h
    else:
        one = np.empty(1, np.int64)
        run_blocks(window, job.whole, job.part_h, job.slack_h, one, np.empty(1), np.empty(1), np.empty(1))
        load_kw[one[0] : one[0] + job.whole] = 1.0
        if job.part_h:
            load_kw[one[0] + job.whole] = job.part_h
    return load_kw


def checked(intensity_g_per_kwh: Hours, job: Job) -> Hours:
    """The series as the kernels take it, when the job can run on it."""
    check.number(job.hours_h, "the job's length", LEAST_H, LONGEST_H, "h")
    check.number(job.slack_h, "slack", 0, LONGEST_H, "h")
    check.number(job.restart_h, "energy of a restart", 0, MOST_RESTART_H, "hours of the job's power")
    if job.slack_h != int(job.slack_h):
        raise ShiftError(f"slack is {job.slack_h:g}; it must be whole hours")
    check.fits(job.window_h, job.hours_h, job.slack_h, len(intensity_g_per_kwh))
    check.moving(intensity_g_per_kwh)
    return np.require(intensity_g_per_kwh, np.float64, ("C",))
