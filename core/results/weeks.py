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
from core.shift.realised import HISTORY_H, PROFILE_DAYS, foretold_window_g_per_kwh, replanned_kwh
from core.shift.reference import Curve
from core.units import H_PER_DAY

WEEK_H = 7 * int(H_PER_DAY)
NO_WAIT = "nothing of it waits: say above how long it can"
NO_SHARE = "nothing of it waits: the share that can wait is 0 of its work"
Pair = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Hours in a row: where they begin in the series, the grid [g/kWh], and the load: 1 at work, or the mean.

    `after` has perfect foresight; `foretold` is as planned on yesterday's hours and on the 28-day profile, and None
    where the series is too short for a history.
    """

    first: int
    intensity_g_per_kwh: Floats
    before: Floats
    after: Floats
    foretold: Pair | None

    @property
    def carried_share(self) -> float:
        """Share of the work of these hours that runs after them; negative where more runs than came."""
        return 1.0 - float(self.after.sum()) / float(self.before.sum())

    def saved_share(self, load: Floats) -> float:
        """Share of the carbon of the load before that another load of these hours saves."""
        return 1.0 - float(self.intensity_g_per_kwh @ load) / float(self.intensity_g_per_kwh @ self.before)


def job_of(workload: Workload, job_h: float) -> Job:
    """A training run as a job; ShiftError where nobody knows how long it takes."""
    if not isfinite(job_h):
        raise ShiftError("the length of a run is unknown; enter it above")
    pauses = workload.pausing == "paused"
    return Job(max(job_h, SHORTEST_RUN_H), floor(workload.deferrable_h), pauses, workload.restart_h)


def need_wait(curve: Curve, workload: Workload) -> None:
    """ShiftError where none of the work waits, hours are not known, or a fleet has too little room for its own work."""
    if curve.flat or workload.deferrable_h < 1:
        raise ShiftError((curve.note or NO_WAIT).rstrip("."))
    if workload.deferrable_share <= 0:
        raise ShiftError(NO_SHARE)
    if workload.kind == "inference":
        need_room(room_over_mean(workload))


def best_stretch(curve: Curve, workload: Workload, job_h: float) -> Stretch:
    """The week, or the run, for which perfect foresight saves most, of those with 28 days of hours before them.

    ShiftError where nothing can move.
    """
    need_wait(curve, workload)
    hours = curve.for_time()
    return _week(hours, workload) if workload.kind == "inference" else _run(hours, job_of(workload, job_h))


def _week(hours: Floats, workload: Workload) -> Stretch:
    room, delay_h, share = room_over_mean(workload), floor(workload.deferrable_h), workload.deferrable_share
    load = np.ones(len(hours))
    moved = deferred(hours, load, flexible_share=share, delay_h=delay_h, capacity_kwh=room)
    weeks = len(hours) // WEEK_H
    saved_g = (moved.before_g - moved.after_g)[: weeks * WEEK_H].reshape(weeks, WEEK_H).sum(axis=1)
    unknown = HISTORY_H // WEEK_H
    known = weeks > unknown
    first = (unknown + int(np.argmax(saved_g[unknown:])) if known else int(np.argmax(saved_g))) * WEEK_H
    here = slice(first, first + WEEK_H)
    foretold = None
    if known:
        planned = replanned_kwh(hours, load, flexible_share=share, delay_h=delay_h, capacity_kwh=room)
        yesterday, profile = (one[first - HISTORY_H :][:WEEK_H] for one in planned)
        foretold = (yesterday, profile)
    return Stretch(first, hours[here], load[here], moved.after_kwh[here], foretold)


def _run(hours: Floats, job: Job) -> Stretch:
    releases = len(hours) - job.window_h + 1
    unknown = HISTORY_H if releases > HISTORY_H else 0
    found = outcomes(hours[unknown:], job)
    release = unknown + int(np.argmax(found.now_g - found.best_g))
    before = np.zeros(job.window_h)
    before[: job.whole] = 1.0
    if job.part_h:
        before[job.whole] = job.part_h
    foretold = None
    if unknown:
        windows = (foretold_window_g_per_kwh(hours, release, job.window_h, days) for days in (1, PROFILE_DAYS))
        yesterday, profile = (schedule_kw(one, job, 0) if np.ptp(one) > 0 else before for one in windows)
        foretold = (yesterday, profile)
    return Stretch(release, hours[release : release + job.window_h], before, schedule_kw(hours, job, release), foretold)
