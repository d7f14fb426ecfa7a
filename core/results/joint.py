"""All workloads placed together in time and place, under the room of each place and the limits of each workload.

One linear programme a week (HiGHS). What moves is the energy that goes where the work goes, at the level of the year;
carbon is that of a kWh at the server. Perfect foresight is an upper bound; beside it, what a plan made
each week realises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import floor

import numpy as np
from numpy.typing import NDArray

from core.plan import Plan, Workload
from core.results.draws import Floats
from core.results.figures import of
from core.results.hours import moving_share, room_over_mean
from core.results.moves import Place, places
from core.results.restarts import ENERGIES, restarts
from core.shift.aligned import aligned
from core.shift.apart import WEEK_H, placed_and_deferred
from core.shift.check import ShiftError
from core.shift.realised import DAY_H, HISTORY_H, PROFILE_DAYS, Realised
from core.shift.reference import hours_of
from core.shift.spread import beside
from core.units import G_PER_KG, H_PER_YEAR, PERCENT

MOST_PLACES = 5  # of each workload: today's and the cleanest
MONTHS = 12
LEAST_SHARE = 0.0005
MOST_KEPT = 480
WAYS = ("foresight", "yesterday", "profile")
DAYS = {"yesterday": 1, "profile": PROFILE_DAYS}
NOTHING_MOVES = "none of its energy goes where its work goes: its machines never wait"
NO_WORK = "it does no work in the year shown"
OTHER_BASIS = {
    False: "its grid counts combustion alone; those of most others count the whole life cycle",
    True: "its grid counts the whole life cycle; those of most others count combustion alone",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """A part of a workload: what may wait, or what may not; its steady work [kWh an hour], and where it may run.

    `overheads` are facility energy over that of the servers, by place allowed.
    """

    workload: Workload
    work_kwh: float
    delay_h: int
    allowed: tuple[int, ...]
    overheads: tuple[float, ...]

    @property
    def home(self) -> int:
        """Today's place."""
        return self.allowed[0]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What is placed: origins, places with their hours (hours, places) [g/kWh], and room [kWh an hour].

    `left_out` says by workload why it takes no part; `of_file` are places whose hours are of a file of one's own,
    `flat` those that stay at their mean, because no hours are known.
    """

    origins: tuple[Origin, ...]
    places: tuple[Place, ...]
    hours_g_per_kwh: Floats
    start: datetime
    room_kwh: Floats
    left_out: dict[str, str]
    of_file: tuple[str, ...]
    flat: tuple[str, ...]

    @property
    def weeks(self) -> int:
        """Whole weeks in its hours."""
        return len(self.hours_g_per_kwh) // WEEK_H


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """Weeks placed together: carbon by origin before and after [kg a year], and where its work runs, as shares."""

    problem: Problem
    weeks: tuple[int, ...]
    before_kg: Floats
    after_kg: Floats
    placed_share: Floats  # (origins, places)

    def workloads(self) -> list[Workload]:
        """Those that take part, in the order of the plan."""
        return list({origin.workload.id: origin.workload for origin in self.problem.origins}.values())

    def carbon_kg(self, key: str) -> tuple[float, float]:
        """Carbon of a workload's moving energy before and after [kg a year]."""
        mine = self._mine(key)
        return float(self.before_kg[mine].sum()), float(self.after_kg[mine].sum())

    def saved_share(self) -> float:
        """Carbon saved of all moving energy, over what it was."""
        before = float(self.before_kg.sum())
        return 1.0 - float(self.after_kg.sum()) / before if before else 0.0

    def runs_at(self, key: str, least_share: float = LEAST_SHARE) -> dict[str, float]:
        """Share of a workload's moving energy by key of the place, the largest first; only where it shows."""
        mine = self._mine(key)
        work = np.array([origin.work_kwh for origin in self.problem.origins])[mine]
        share = (self.placed_share[mine] * work[:, None]).sum(axis=0) / work.sum()
        order = [place for place in np.argsort(-share, kind="stable").tolist() if share[place] > least_share]
        return {self.problem.places[place].key: float(share[place]) for place in order}

    def _mine(self, key: str) -> NDArray[np.intp]:
        return np.flatnonzero([origin.workload.id == key for origin in self.problem.origins])


@lru_cache(maxsize=4)
def problem(plan: Plan) -> Problem:
    """The workloads shown, their places and the room there; ShiftError where none can take part."""
    left_out: dict[str, str] = {}
    taking = [(w, kwh) for w in plan.shown() if (kwh := _moving_kwh(plan, w, left_out)) > 0]
    near = {w.id: places(plan, w)[:MOST_PLACES] for w, _ in taking}
    basis = {w.id: near[w.id][0].region.direct for w, _ in taking}
    direct = 2 * sum(basis.values()) > len(basis)  # what most of them count
    left_out |= {key: OTHER_BASIS[direct] for key, mine in basis.items() if mine != direct}
    taking = [(w, kwh) for w, kwh in taking if w.id not in left_out]
    if not taking:
        raise ShiftError("no workload can be placed: none of their energy can move")
    every = {place.key: place for w, _ in taking for place in near[w.id]}
    at = {key: number for number, key in enumerate(every)}
    curves = aligned([hours_of(place.region) for place in every.values()])
    origins = tuple(origin for w, kwh in taking for origin in _parts(w, kwh, near[w.id], at))
    room = np.zeros(len(every))
    for w, kwh in taking:
        home, *away = [at[place.key] for place in near[w.id]]
        room[home] += room_over_mean(w) * kwh
        room[away] += w.room_away_ratio * kwh
    both = list(zip(every.values(), curves, strict=True))
    own, flat = (tuple(place.name for place, curve in both if getattr(curve, mark)) for mark in ("of_file", "flat"))
    return Problem(origins, tuple(every.values()), beside(curves), curves[0].start, room, left_out, own, flat)


def without_restarts(plan: Plan) -> Plan:
    """The plan whose runs resume for nothing: the programme counts hours of work, not how often a run resumes."""
    free = (w.but(restart_h=0.0) if restarts(w) else w for w in plan.workloads)
    return plan.but(workloads=tuple(free)) if any(map(restarts, plan.workloads)) else plan


def _moving_kwh(plan: Plan, workload: Workload, left_out: dict[str, str]) -> float:
    """Energy that goes where the work goes, at the server, an hour of the year shown [kWh]; that of restarts apart."""
    found = of(without_restarts(plan))
    place, when = found.of(workload.id), found.place(plan.shown_year())
    if place is None or not places(plan, workload):
        left_out[workload.id] = found.refused.get(workload.id, "its place is not in the catalog")
        return 0.0
    values = {name: column[place] for name, column in found.values.items()}
    total = sum(float(values[name][when, 0]) for name in ENERGIES)
    moving = total * float(moving_share(workload, values)[when, 0])
    if moving <= 0:
        left_out[workload.id] = NOTHING_MOVES if total > 0 else NO_WORK
    return moving / H_PER_YEAR


def _parts(workload: Workload, kwh: float, near: Sequence[Place], at: Mapping[str, int]) -> list[Origin]:
    """What waits and what does not. A run in one piece is no load that can be cut into hours: it waits nowhere."""
    delay = floor(workload.deferrable_h)
    whole = workload.kind != "inference" and workload.pausing == "whole"
    waits = 0.0 if delay < 1 or whole else workload.deferrable_share
    amounts = ((waits * kwh, min(delay, WEEK_H)), ((1.0 - waits) * kwh, 0))
    allowed = tuple(at[place.key] for place in near)
    overheads = tuple(place.g_per_kwh / (place.region.carbon_g_per_kwh or 1.0) for place in near)
    return [Origin(workload, amount, delay_h, allowed, overheads) for amount, delay_h in amounts if amount > 0]


def spread_weeks(found: Problem, count: int) -> list[int]:
    """So many weeks, evenly over the hours there are; all of them where there are no more."""
    return sorted({int(week) for week in np.linspace(0, found.weeks - 1, min(count, found.weeks)).round()})


def known_week(found: Problem, number: int, way: str) -> Floats:
    """The hours that a week is planned on, (hours, places) [g/kWh]: as they come, or as known when it begins.

    Yesterday's hours again, or the mean of each hour of the day over the last 28 days.
    """
    first = number * WEEK_H
    if way == "foresight":
        return found.hours_g_per_kwh[first : first + WEEK_H]
    days = DAYS[way]
    past = found.hours_g_per_kwh[first - days * DAY_H : first].reshape(days, DAY_H, -1)
    return np.tile(past.mean(axis=0), (WEEK_H // DAY_H, 1))


@lru_cache(maxsize=MOST_KEPT)
def week(found: Problem, number: int, way: str = "foresight") -> tuple[Floats, Floats, Floats]:
    """One week: carbon by origin before and after [g], work by origin and place [kWh]; ShiftError names what binds."""
    span = slice(number * WEEK_H, (number + 1) * WEEK_H)
    hours, work = found.hours_g_per_kwh[span], np.array([o.work_kwh for o in found.origins])
    shape, home = (len(found.origins), len(found.places)), [o.home for o in found.origins]
    may, over = np.zeros(shape, np.bool_), np.ones(shape)
    for row, origin in enumerate(found.origins):
        may[row, origin.allowed], over[row, origin.allowed] = True, origin.overheads
    share = np.repeat([[o.workload.moving_share] for o in found.origins], len(found.places), axis=1)
    try:
        done = placed_and_deferred(
            known_week(found, number, way),
            np.tile(work, (WEEK_H, 1)),
            home=home,
            delay_h=[o.delay_h for o in found.origins],
            capacity_kwh=np.tile(found.room_kwh, (WEEK_H, 1)),
            allowed=may,
            moving_share=share,
            overhead_ratio=over,
            names=[place.name for place in found.places],
            origins=[o.workload.name for o in found.origins],
        )
    except ShiftError as error:
        begins = found.start + timedelta(hours=number * WEEK_H)
        raise ShiftError(f"in the week from {begins:%d %B}, {error}") from error
    share[np.arange(len(home)), home] = 0.0
    there = hours[:, None, :] * over
    here = there[:, np.arange(len(home)), home]
    after = (done.flow_kwh * (there + share * (here[:, :, None] + there) / 2)).sum(axis=(0, 2))
    return here.sum(axis=0) * work, after, done.flow_kwh.sum(axis=0)


def jointly(found: Problem, weeks: Iterable[int]) -> Joint:
    """Weeks that are worked out, put together: carbon at the level of a year."""
    numbers = tuple(weeks)
    before, after, flow = (np.sum(part, axis=0) for part in zip(*(week(found, n) for n in numbers), strict=True))
    years = H_PER_YEAR / (len(numbers) * WEEK_H) / G_PER_KG
    return Joint(found, numbers, before * years, after * years, flow / flow.sum(axis=1, keepdims=True))


def foretellable(weeks: Iterable[int]) -> list[int]:
    """The weeks with 28 days of hours before them."""
    return [number for number in weeks if number * WEEK_H >= HISTORY_H]


def jointly_realised(found: Problem, weeks: Iterable[int], key: str = "") -> Realised | None:
    """What a plan made at the start of each week realises, of the weeks with a history; None where there is none.

    Of all workloads together, or of one by its key.
    """
    known = foretellable(weeks)
    if not known:
        return None
    mine = [row for row, origin in enumerate(found.origins) if key in ("", origin.workload.id)]
    saved = []
    for way in WAYS:
        before, after = (sum(float(week(found, n, way)[part][mine].sum()) for n in known) for part in (0, 1))
        saved.append((1.0 - after / before) * PERCENT if before else 0.0)
    return Realised(len(known) * WEEK_H, *saved)
