"""What a plan made on a forecast really saves: planned on what was known at the time, scored on what came.

Two forecasts anybody can make: yesterday's hours again, and the mean of each hour of the day over the last 28 days.
Both know nothing of the hour of release or later. Perfect foresight is the upper bound beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.engine.jit import kernel
from core.shift.check import ShiftError
from core.shift.deferral import run_replanned
from core.shift.fleet import ready, served, waiting_rules
from core.shift.job import Job, checked, outcomes, saving_pct, with_restarts

Hours = NDArray[np.float64]
Places = NDArray[np.int64]
Table = NDArray[np.float64]  # (hours, places)

DAY_H = 24
PROFILE_DAYS = 28
HISTORY_H = DAY_H * PROFILE_DAYS
EVEN = 1e-12  # of a cost: below it two starts are one, and the earlier is taken


@kernel
def foretold_g_per_kwh(known_g_per_kwh: Hours, release: int, ahead: int) -> float:
    """The forecast at a release of the hour so far ahead: the last value known of the same hour of the day."""
    foretold: float = known_g_per_kwh[release - 24 + ahead % 24]
    return foretold


@kernel
def run_profile(intensity_g_per_kwh: Hours, days: int, known_g_per_kwh: Hours) -> None:
    """Mean of each hour and the same hour of the days before, so many days in all; NaN before there are as many."""
    for hour in range(intensity_g_per_kwh.shape[0]):
        known_g_per_kwh[hour] = np.nan
        if hour >= 24 * (days - 1):
            total_g = 0.0
            for day in range(days):
                total_g += intensity_g_per_kwh[hour - 24 * day]
            known_g_per_kwh[hour] = total_g / days


@kernel
def chosen_g(
    foretold: Hours, came_g_per_kwh: Hours, release: int, whole: int, part_h: float, slack: int, pausing: bool
) -> float:
    """Carbon of 1 kW at the hours that one series makes the best of a window, by the hours of another [g]."""
    carbon_g = 0.0
    if pausing:
        order = np.argsort(foretold, kind="mergesort")
        for rank in range(whole):
            carbon_g += came_g_per_kwh[release + order[rank]]
        if part_h > 0.0:
            carbon_g += part_h * came_g_per_kwh[release + order[whole]]
        return carbon_g
    best, least_g, sum_g = 0, np.inf, 0.0
    for ahead in range(whole):
        sum_g += foretold[ahead]
    for start in range(slack + 1):
        block = sum_g + (part_h * foretold[start + whole] if part_h > 0.0 else 0.0)
        if block < least_g * (1.0 - EVEN):
            best, least_g = start, block
        if start < slack:
            sum_g += foretold[start + whole] - foretold[start]
    for ahead in range(whole):
        carbon_g += came_g_per_kwh[release + best + ahead]
    if part_h > 0.0:
        carbon_g += part_h * came_g_per_kwh[release + best + whole]
    return carbon_g


@kernel
def run_planned(
    intensity_g_per_kwh: Hours,
    known_g_per_kwh: Hours,
    first: int,
    whole: int,
    part_h: float,
    slack: int,
    pausing: bool,
    out_g: Hours,
) -> None:
    """Carbon of each release from `first` on, planned on the forecast and scored on the series [g]."""
    foretold = np.empty(whole + (1 if part_h > 0.0 else 0) + slack)
    for place in range(out_g.shape[0]):
        release = first + place
        for ahead in range(foretold.shape[0]):
            foretold[ahead] = foretold_g_per_kwh(known_g_per_kwh, release, ahead)
        out_g[place] = chosen_g(foretold, intensity_g_per_kwh, release, whole, part_h, slack, pausing)


@kernel
def run_scored(
    planned_g_per_kwh: Hours,
    scored_g_per_kwh: Hours,
    whole: int,
    part_h: float,
    slack: int,
    pausing: bool,
    out_g: Hours,
) -> None:
    """Carbon of each release, planned with foresight of one series and scored on another [g]."""
    window = whole + (1 if part_h > 0.0 else 0) + slack
    for release in range(out_g.shape[0]):
        foretold = planned_g_per_kwh[release : release + window]
        out_g[release] = chosen_g(foretold, scored_g_per_kwh, release, whole, part_h, slack, pausing)


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
    hours = checked(intensity_g_per_kwh, job)
    releases = len(hours) - job.window_h + 1 - HISTORY_H
    if releases < 1:
        raise ShiftError(
            f"realised figures need {HISTORY_H:,} h of history and {job.window_h:,} h for the job; "
            f"the series holds {len(hours):,} h"
        )
    if job.restarts:
        return _realised_with_restarts(hours, job, releases)
    whole = outcomes(hours, job)
    now_g = whole.now_g[HISTORY_H:]
    found = [saving_pct(now_g, whole.best_g[HISTORY_H:])]
    for days in (1, PROFILE_DAYS):
        out_g = np.empty(releases)
        run_planned(
            hours,
            profile_g_per_kwh(hours, days),
            HISTORY_H,
            job.whole,
            job.part_h,
            job.slack_h,
            job.interruptible,
            out_g,
        )
        found.append(saving_pct(now_g, out_g))
    return Realised(releases, *found)


def _realised_with_restarts(hours: Hours, job: Job, releases: int) -> Realised:
    every = job.every(releases)
    now_g = outcomes(hours, replace(job, interruptible=False)).now_g[HISTORY_H::every]
    saved, more = [], []
    for days in (0, 1, PROFILE_DAYS):
        out_g, restarted_h = np.empty(len(now_g)), np.empty(len(now_g))
        planned = profile_g_per_kwh(hours, days) if days else hours
        with_restarts(planned, hours, job, out_g, restarted_h, foretold=days > 0, first=HISTORY_H, every=every)
        saved.append(saving_pct(now_g, out_g))
        more.append(float(restarted_h.mean()) / job.hours_h)
    return Realised(len(now_g), *saved, *more)


def scored_pct(planned_g_per_kwh: Hours, scored_g_per_kwh: Hours, job: Job) -> float:
    """Saving of a job planned with foresight of one series, by the hours of another [%]: average, say, by marginal.

    Both are of the same hours. It may be negative: what is clean on average need not be so at the margin.
    """
    planned, scored = checked(planned_g_per_kwh, job), checked(scored_g_per_kwh, job)
    if len(planned) != len(scored):
        raise ShiftError(f"one series has {len(planned):,} hours, the other {len(scored):,}: give both of one period")
    releases = len(planned) - job.window_h + 1
    every = job.every(releases)
    out_g = np.empty(-(-releases // every))
    if job.restarts:
        with_restarts(planned, scored, job, out_g, np.empty(len(out_g)), every=every)
    else:
        run_scored(planned, scored, job.whole, job.part_h, job.slack_h, job.interruptible, out_g)
    return saving_pct(outcomes(scored, replace(job, interruptible=False)).now_g[::every], out_g)


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
