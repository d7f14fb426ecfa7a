"""What a plan made on a forecast really saves: planned on what was known at the time, scored on what came.

Two forecasts anybody can make: yesterday's hours again, and the mean of each hour of the day over the last 28 days.
Both know nothing of the hour of release or later. Perfect foresight is the upper bound beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.shift.check import ShiftError
from core.shift.deferral import run_replanned
from core.shift.fleet import ready, served, waiting_rules
from core.shift.job import Job, checked, each_pct, outcomes, saving_pct, with_restarts
from core.shift.planned import run_planned, run_planned_pauses, run_profile, run_scored

Hours = NDArray[np.float64]
Table = NDArray[np.float64]  # (hours, places)

DAY_H = 24
PROFILE_DAYS = 28
HISTORY_H = DAY_H * PROFILE_DAYS


@dataclass(frozen=True, slots=True)
class Realised:
    """The three figures, over the same releases, or hours of a fleet: those with 28 days of history before them [%].

    `starts` is how many; `bound_pct` needs perfect foresight. A negative figure means that the plan made it worse.
    The shares are energy that restarts take, over the job's own.
    """

    starts: int
    bound_pct: float
    yesterday_pct: float
    profile_pct: float
    bound_restart_share: float = 0.0
    yesterday_restart_share: float = 0.0
    profile_restart_share: float = 0.0

    @property
    def yesterday_share(self) -> float:
        """Part of the bound that yesterday's hours realise; 0 where there is nothing to save."""
        return self.yesterday_pct / self.bound_pct if self.bound_pct > 0 else 0.0

    @property
    def profile_share(self) -> float:
        """Part of the bound that the 28-day profile realises; 0 where there is nothing to save."""
        return self.profile_pct / self.bound_pct if self.bound_pct > 0 else 0.0


def realised(intensity_g_per_kwh: Hours, job: Job) -> Realised:
    """Perfect foresight, yesterday's hours and the 28-day profile, for one job at every release with a history.

    A long job with restarts is worked out for every so many releases (`Job.every`).
    """
    found = each_realised(intensity_g_per_kwh, job)
    more = [float(restarted_h.mean()) / job.hours_h for restarted_h in found.restarted_h]
    return Realised(len(found.now_g), *found.savings_pct(), *more)


@dataclass(frozen=True, slots=True, eq=False)
class EachRealised:
    """Carbon of a job for each release with a history [g]: at once, at random, and by the three ways to choose hours.

    `planned_g` holds perfect foresight, yesterday's hours and the 28-day profile; `restarted_h` what restarts take.
    With restarts one release in `every` is worked out.
    """

    every: int
    now_g: Hours
    random_g: Hours
    planned_g: tuple[Hours, Hours, Hours]
    restarted_h: tuple[Hours, Hours, Hours]

    def savings_pct(self) -> tuple[float, float, float]:
        """Saved against starting at once, over all releases, by each way [%]."""
        bound, yesterday, profile = (saving_pct(self.now_g, planned_g) for planned_g in self.planned_g)
        return bound, yesterday, profile

    def savings_random_pct(self) -> tuple[float, float, float]:
        """Saved against a start at random, over all releases, by each way [%]."""
        bound, yesterday, profile = (saving_pct(self.random_g, planned_g) for planned_g in self.planned_g)
        return bound, yesterday, profile

    def quantiles_pct(self, shares: Sequence[float]) -> tuple[Hours, Hours, Hours]:
        """What these shares of releases save at most, release by release against starting at once, by each way [%]."""
        bound, yesterday, profile = (
            np.quantile(each_pct(self.now_g, planned_g), shares) for planned_g in self.planned_g
        )
        return bound, yesterday, profile


def each_realised(intensity_g_per_kwh: Hours, job: Job, scored_g_per_kwh: Hours | None = None) -> EachRealised:
    """Each release with 28 days before it, planned in the three ways; ShiftError where that cannot be computed.

    Scored on the series itself, or on another of the same hours.
    """
    hours = checked(intensity_g_per_kwh, job)
    came = hours if scored_g_per_kwh is None else checked(scored_g_per_kwh, job)
    if len(hours) != len(came):
        raise ShiftError(f"one series has {len(hours):,} hours, the other {len(came):,}: give both of one period")
    releases = len(hours) - job.window_h + 1 - HISTORY_H
    if releases < 1:
        raise ShiftError(
            f"realised figures need {HISTORY_H:,} h of history and {job.window_h:,} h for the job; "
            f"the series holds {len(hours):,} h"
        )
    every = job.every(releases)
    at_once = outcomes(came, replace(job, interruptible=False))
    now_g, random_g = (of[HISTORY_H::every] for of in (at_once.now_g, at_once.random_g))
    found = [_planned(hours, came, job, days, every, len(now_g)) for days in (0, 1, PROFILE_DAYS)]
    (bound, none), (yesterday, one), (profile, many) = found
    return EachRealised(every, now_g, random_g, (bound, yesterday, profile), (none, one, many))


def _planned(hours: Hours, came: Hours, job: Job, days: int, every: int, count: int) -> tuple[Hours, Hours]:
    """Carbon of each release, planned on so many days or, by 0, with foresight [g], and hours that restarts take."""
    out_g, restarted_h = np.empty(count), np.zeros(count)
    known = profile_g_per_kwh(hours, days) if days else hours
    if job.restarts:
        with_restarts(known, came, job, out_g, restarted_h, foretold=days > 0, first=HISTORY_H, every=every)
    elif days:
        run = run_planned_pauses if job.interruptible else run_planned
        run(known, came, HISTORY_H, job.whole, job.part_h, job.slack_h, out_g)
    elif came is hours:
        out_g = outcomes(hours, job).best_g[HISTORY_H:]
    else:
        whole_g = np.empty(count + HISTORY_H)
        run_scored(hours, came, job.whole, job.part_h, job.slack_h, job.interruptible, whole_g)
        out_g = whole_g[HISTORY_H:]
    return out_g, restarted_h


def foretold_pct(intensity_g_per_kwh: Hours, job: Job, days: int) -> float:
    """Saving of one forecast alone, that of so many days, for a job whose restarts take nothing [%]."""
    hours = checked(intensity_g_per_kwh, job)
    now_g = outcomes(hours, replace(job, interruptible=False)).now_g[HISTORY_H:]
    return saving_pct(now_g, _planned(hours, hours, job, days, 1, len(now_g))[0])


def realised_fleet(
    intensity_g_per_kwh: Hours, load_kwh: Hours, *, flexible_share: float, delay_h: int, capacity_kwh: float | Hours
) -> Realised:
    """Perfect foresight, yesterday's hours and the 28-day profile, for a fleet whose work may partly wait.

    Waiting work is planned anew once a day, at midnight UTC, on what is known by then; the load itself is taken as
    known. More often would not help: yesterday's hours promise the same low hour again, and work waits for it in vain.
    Scored on the hours after the first 28 days. ShiftError where it cannot be computed.
    """
    hours, load, room = ready(intensity_g_per_kwh, load_kwh, flexible_share, delay_h, capacity_kwh)
    scored = slice(HISTORY_H, None)
    if len(hours) <= HISTORY_H:
        raise ShiftError(
            f"realised figures need more than {HISTORY_H:,} h of history; the series holds {len(hours):,} h"
        )
    work = load * flexible_share
    at_once_g = (hours * load)[scored]
    best = served(hours[scored, None], room[scored, None], work[scored], delay_h)[:, 0]
    found = [saving_pct(at_once_g, (hours * (load - work))[scored] + hours[scored] * best)]
    for days in (1, PROFILE_DAYS):
        moved = _replanned(hours[:, None], room[:, None], work, delay_h, days)[:, 0]
        found.append(saving_pct(at_once_g, (hours * (load - work + moved))[scored]))
    return Realised(len(at_once_g), *found)


def replanned_kwh(
    intensity_g_per_kwh: Hours, load_kwh: Hours, *, flexible_share: float, delay_h: int, capacity_kwh: float | Hours
) -> tuple[Hours, Hours]:
    """The fleet's load after 28 days, planned each midnight on yesterday's hours, and on the 28-day profile [kWh]."""
    hours, load, room = ready(intensity_g_per_kwh, load_kwh, flexible_share, delay_h, capacity_kwh)
    work = load * flexible_share
    yesterday, profile = (
        (load - work + _replanned(hours[:, None], room[:, None], work, delay_h, days)[:, 0])[HISTORY_H:]
        for days in (1, PROFILE_DAYS)
    )
    return yesterday, profile


def foretold_window_g_per_kwh(intensity_g_per_kwh: Hours, release: int, window_h: int, days: int) -> Hours:
    """What is foretold at a release of the hours of its window: so many days' mean of each hour of the day [g/kWh]."""
    known = profile_g_per_kwh(intensity_g_per_kwh, days)[release - DAY_H : release]
    return np.asarray(known[np.arange(window_h) % DAY_H])


def realised_pool(intensity_g_per_kwh: Table, work_kwh: Hours, *, delay_h: int, capacity_kwh: Table) -> Realised:
    """The same for work that may run in several places, (hours, places), and may wait; against the first, at once.

    Placed anew once a day on what is known by then. ShiftError where it cannot be computed.
    """
    hours = np.ascontiguousarray(intensity_g_per_kwh, np.float64)
    if len(hours) <= HISTORY_H:
        raise ShiftError(
            f"realised figures need more than {HISTORY_H:,} h of history; the series holds {len(hours):,} h"
        )
    waiting_rules(len(hours), work_kwh, 1.0, delay_h)
    scored = slice(HISTORY_H, None)
    at_once_g = (hours[:, 0] * work_kwh)[scored]
    best = served(hours[scored], capacity_kwh[scored], work_kwh[scored], delay_h)
    found = [saving_pct(at_once_g, (hours[scored] * best).sum(axis=1))]
    for days in (1, PROFILE_DAYS):
        placed = _replanned(hours, capacity_kwh, work_kwh, delay_h, days)[scored]
        found.append(saving_pct(at_once_g, (hours[scored] * placed).sum(axis=1)))
    return Realised(len(at_once_g), *found)


def _replanned(hours: Table, room_kwh: Table, work_kwh: Hours, delay_h: int, days: int) -> Table:
    """Where and when work runs that is planned once a day on the mean of so many days, (hours, places) [kWh]."""
    known = np.column_stack([profile_g_per_kwh(column.copy(), days) for column in hours.T])
    room = np.require(room_kwh, np.float64, ("C", "W"))
    moved = np.zeros(hours.shape)
    stopped = run_replanned(known, room, np.require(work_kwh, np.float64, ("C", "W")), delay_h, HISTORY_H, DAY_H, moved)
    if stopped >= 0:
        raise ShiftError(f"capacity binds in hour {stopped + 1:,}: work planned once a day finds no room there")
    return moved


def profile_g_per_kwh(intensity_g_per_kwh: Hours, days: int) -> Hours:
    """What is known of each hour of the day at each hour: its mean over so many days [g/kWh]."""
    known = np.empty(len(intensity_g_per_kwh))
    run_profile(np.require(intensity_g_per_kwh, np.float64, ("C", "W")), days, known)
    return known
