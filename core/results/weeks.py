"""The stretch of the year in which choosing hours saves most: the grid, and the load before and after, hour by hour."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite

import numpy as np

from core.plan import Workload
from core.results.draws import Floats
from core.results.hours import SHORTEST_RUN_H, need_room, room_over_mean
from core.shift.check import ShiftError
from core.shift.fleet import deferred
from core.shift.job import Job, outcomes, schedule_kw
from core.shift.reference import Curve
from core.units import H_PER_DAY

WEEK_H = 7 * int(H_PER_DAY)
NO_WAIT = "nothing of it waits: say above how long it can"


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Hours in a row: where they begin in the series, the grid [g/kWh], and the load: 1 at work, or the mean."""

    first: int
    intensity_g_per_kwh: Floats
    before: Floats
    after: Floats

    @property
    def saved_share(self) -> float:
        """Share of the load's carbon that the chosen hours save here."""
        return 1.0 - float(self.intensity_g_per_kwh @ self.after) / float(self.intensity_g_per_kwh @ self.before)


def job_of(workload: Workload, job_h: float) -> Job:
    """A training run as a job; ShiftError where nobody knows how long it takes."""
    if not isfinite(job_h):
        raise ShiftError("the length of a run is unknown; enter it above")
    pauses = workload.pausing == "paused"
    return Job(max(job_h, SHORTEST_RUN_H), floor(workload.deferrable_h), pauses, workload.restart_h)


def best_stretch(curve: Curve, workload: Workload, job_h: float) -> Stretch:
    """The week, or the run, for which perfect foresight saves most; ShiftError where nothing can move."""
    if curve.flat or workload.deferrable_h < 1:
        raise ShiftError((curve.note or NO_WAIT).rstrip("."))
    hours = curve.for_time()
    return _week(hours, workload) if workload.kind == "inference" else _run(hours, job_of(workload, job_h))


def _week(hours: Floats, workload: Workload) -> Stretch:
    need_room(room_over_mean(workload))
    moved = deferred(
        hours,
        np.ones(len(hours)),
        flexible_share=workload.deferrable_share,
        delay_h=floor(workload.deferrable_h),
        capacity_kwh=room_over_mean(workload),
    )
    saved_g = moved.before_g - moved.after_g
    weeks = len(hours) // WEEK_H
    first = int(np.argmax(saved_g[: weeks * WEEK_H].reshape(weeks, WEEK_H).sum(axis=1))) * WEEK_H
    here = slice(first, first + WEEK_H)
    return Stretch(first, hours[here], moved.before_kwh[here], moved.after_kwh[here])


def _run(hours: Floats, job: Job) -> Stretch:
    every = job.every(len(hours) - job.window_h + 1)
    found = outcomes(hours, job, every)
    release = int(np.argmax(found.now_g - found.best_g)) * every
    after = schedule_kw(hours, job, release)
    before = np.zeros(len(after))
    before[: job.whole] = 1.0
    if job.part_h:
        before[job.whole] = job.part_h
    return Stretch(release, hours[release : release + len(after)], before, after)
