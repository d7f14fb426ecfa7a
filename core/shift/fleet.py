"""A fleet whose work may partly wait: what waiting saves, at one place or pooled over several.

>>> import numpy as np
>>> night = np.tile([100.0, 300.0], 12)
>>> waited = deferred(night, np.ones(24), flexible_share=0.5, delay_h=1, capacity_kwh=2.0)
>>> round(waited.saving_pct, 1), round(waited.mean_delay_h, 2)
(22.9, 0.46)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.shift import check
from core.shift.check import ShiftError
from core.shift.deferral import run_deferral
from core.shift.job import saving_pct

Hours = NDArray[np.float64]
Table = NDArray[np.float64]  # (hours, places)

LONGEST_DELAY_H = 8784
EVEN = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Deferral:
    """A fleet's load before and after, (hours,) or (hours, places) [kWh], and its carbon hour by hour [g]."""

    before_kwh: NDArray[np.float64]
    after_kwh: NDArray[np.float64]
    before_g: Hours
    after_g: Hours
    mean_delay_h: float

    @property
    def saving_pct(self) -> float:
        """Carbon saved against running at once [%]."""
        return saving_pct(self.before_g, self.after_g)


def deferred(
    intensity_g_per_kwh: Hours, load_kwh: Hours, *, flexible_share: float, delay_h: int, capacity_kwh: float | Hours
) -> Deferral:
    """Least carbon when a share of each hour's load may wait up to `delay_h` hours; work never moves earlier.

    `mean_delay_h` is over the share that may wait. ShiftError where it cannot be computed.
    """
    hours, load, room = ready(intensity_g_per_kwh, load_kwh, flexible_share, delay_h, capacity_kwh)
    work, fixed = load * flexible_share, load * (1 - flexible_share)
    moved = served(hours[:, None], room[:, None], work, delay_h)[:, 0]
    return Deferral(load, fixed + moved, hours * load, hours * (fixed + moved), mean_delay_h(work, moved))


def ready(
    intensity_g_per_kwh: Hours, load_kwh: Hours, flexible_share: float, delay_h: int, capacity_kwh: float | Hours
) -> tuple[Hours, Hours, Hours]:
    """Intensity, load, and the room that the work which cannot wait leaves; ShiftError where something is amiss."""
    check.moving(intensity_g_per_kwh)
    hours, load = _hours(intensity_g_per_kwh), _hours(load_kwh)
    capacity = np.broadcast_to(np.asarray(capacity_kwh, np.float64), hours.shape)
    waiting_rules(len(hours), load, flexible_share, delay_h)
    over = np.flatnonzero(load > capacity * (1 + EVEN))
    if len(over):
        hour = over[0]
        raise ShiftError(
            f"capacity is {capacity[hour]:g} kWh in hour {hour + 1:,}; the load there is {load[hour]:g} kWh"
        )
    return hours, load, capacity - load * (1 - flexible_share)


def pooled(
    intensity_g_per_kwh: Table,
    load_kwh: Table,
    *,
    flexible_share: float,
    delay_h: int,
    capacity_kwh: Table | Hours,
) -> Deferral:
    """Least carbon when a share of the load may wait and run at any of the places, (hours, places)."""
    hours, load = np.ascontiguousarray(intensity_g_per_kwh, np.float64), np.asarray(load_kwh, np.float64)
    if hours.ndim != 2 or hours.shape[1] == 0:
        raise ShiftError("no region is chosen; choose one or more")
    for place in range(hours.shape[1]):
        check.series(hours[:, place], f"the series of region {place + 1}")
    waiting_rules(len(hours), load, flexible_share, delay_h)
    capacity = np.broadcast_to(np.asarray(capacity_kwh, np.float64), hours.shape)
    fixed = load * (1 - flexible_share)
    over = np.argwhere(fixed > capacity * (1 + EVEN))
    if len(over):
        hour, place = over[0]
        raise ShiftError(
            f"capacity of region {place + 1} is {capacity[hour, place]:g} kWh in hour {hour + 1:,}; "
            f"the work that cannot move takes {fixed[hour, place]:g} kWh there"
        )
    work = load.sum(axis=1) * flexible_share
    moved = served(hours, capacity - fixed, work, delay_h)
    before_g, after_g = (hours * load).sum(axis=1), (hours * (fixed + moved)).sum(axis=1)
    return Deferral(load, fixed + moved, before_g, after_g, mean_delay_h(work, moved.sum(axis=1)))


def served(intensity_g_per_kwh: Table, capacity_kwh: Table, work_kwh: Hours, delay_h: int) -> Table:
    """Where and when work is served at the least carbon, (hours, places) [kWh]; ShiftError names what binds."""
    out = np.zeros(intensity_g_per_kwh.shape)
    stopped = run_deferral(
        np.require(intensity_g_per_kwh, np.float64, ("C", "W")),
        np.require(capacity_kwh, np.float64, ("C", "W")),
        np.require(work_kwh, np.float64, ("C", "W")),
        delay_h,
        out,
    )
    if stopped >= 0:
        raise ShiftError(binding(capacity_kwh.clip(0).sum(axis=1), work_kwh, delay_h, stopped))
    return out


def binding(capacity_kwh: Hours, work_kwh: Hours, delay_h: int, stopped: int) -> str:
    """Which hours cannot hold the work that is due in them, in a sentence."""
    due = stopped if stopped == len(work_kwh) - 1 else stopped - delay_h
    needed = np.cumsum(work_kwh[: due + 1][::-1])[::-1]
    room = np.cumsum(capacity_kwh[: stopped + 1][::-1])[::-1][: due + 1]
    first = int(np.argmax(needed - room))
    return (
        f"capacity binds: the work of hours {first + 1:,} to {due + 1:,} must be done by hour {stopped + 1:,}; "
        f"it takes {needed[first]:g} kWh, and these hours hold {room[first]:g} kWh"
    )


def mean_delay_h(work_kwh: Hours, served_kwh: Hours) -> float:
    """Mean time that a kWh of work waits, whichever goes first [h]."""
    total = float(work_kwh.sum())
    return float((np.cumsum(work_kwh) - np.cumsum(served_kwh)).sum()) / total if total else 0.0


def waiting_rules(hours: int, load_kwh: NDArray[np.float64], flexible_share: float, delay_h: int) -> None:
    """Check what every fleet must say: load for each hour, none negative, a share and a delay within bounds."""
    check.number(flexible_share, "the share that may wait", 0, 1, "of the load")
    check.number(delay_h, "delay", 0, LONGEST_DELAY_H, "h")
    if delay_h != int(delay_h):
        raise ShiftError(f"delay is {delay_h:g}; it must be whole hours")
    if len(load_kwh) != hours:
        raise ShiftError(f"the load has {len(load_kwh):,} hours; the series holds {hours:,}")
    wrong = np.flatnonzero(~(np.isfinite(load_kwh) & (load_kwh >= 0)).reshape(hours, -1).all(axis=1))
    if len(wrong):
        raise ShiftError(f"the load of hour {wrong[0] + 1:,} is not a number of kWh, 0 or more")


def _hours(values: Hours) -> Hours:
    return np.ascontiguousarray(values, np.float64)
