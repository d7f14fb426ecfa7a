"""What choosing the hours of work makes of its carbon: cleaner hours than the year's mean, for the work that moves.

A workload that answers is a load of equal hours of which a share may wait, inside the room its fleet has above the
mean. A training run is a job that starts, or pauses and resumes, inside its slack. Contracts and residual mixes are
yearly figures: the market-based line does not follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from functools import lru_cache
from math import floor, isfinite, nan

import numpy as np

from core import engine
from core.catalog import Catalog, Region
from core.engine import TrainingMemoryColumns
from core.plan import Plan, Workload
from core.results.columns import stack
from core.results.drawing import Drawing
from core.results.draws import Floats
from core.results.site import find_region
from core.results.training_memory import memory_fields
from core.shift.check import ShiftError
from core.shift.job import Job
from core.shift.realised import HISTORY_H, Realised, realised, realised_fleet
from core.shift.reference import Curve, hours_of
from core.units import PERCENT

AS_THEY_COME = "as_they_come"
LOCATION = "intensity_location_g_per_kwh"  # the column that hours move
MOST_KEPT = 512
# Fields of a workload that decide when its work may run.
FIELDS = frozenset({
    "deferrable_h", "deferrable_share", "hours_chosen", "job_h", "pausing", "region", "busy_share", "peak_to_mean",
    "model", "hardware", "installed_accelerators", "runs_per_year", "restart_h", "room_home_ratio",
})  # fmt: skip
SHORTEST_RUN_H = 0.01


@dataclass(frozen=True, slots=True)
class HourSavings:
    """What each way of choosing hours saves of the moving work's carbon [%], NaN where unknown, and what to say of it.

    `note` is a caution or why nothing moves; `job_h` is the length of a run where the work is one. The shares are
    energy that restarts take, over the run's own.
    """

    bound_pct: float
    yesterday_pct: float
    profile_pct: float
    note: str = ""
    job_h: float = nan
    bound_restart_share: float = 0.0
    yesterday_restart_share: float = 0.0
    profile_restart_share: float = 0.0

    def saving_pct(self, way: str) -> float:
        """Saving of one way [%]; 0 as work comes, and where nothing is known."""
        found = {"foresight": self.bound_pct, "yesterday": self.yesterday_pct, "profile": self.profile_pct}.get(
            way, 0.0
        )
        return found if isfinite(found) else 0.0

    def restart_share(self, way: str) -> float:
        """Energy that restarts take by one way, over the run's own; 0 as work comes, and where nothing pauses."""
        return {"foresight": self.bound_restart_share, "yesterday": self.yesterday_restart_share,
                "profile": self.profile_restart_share}.get(way, 0.0)  # fmt: skip


def shifts(workload: Workload) -> bool:
    """Whether the hours of a workload are chosen at all."""
    return workload.hours_chosen != AS_THEY_COME and workload.deferrable_h >= 1 and workload.deferrable_share > 0


def saved_share(catalog: Catalog, workload: Workload, job_h: float) -> float:
    """Share of the carbon of a workload's moving energy that its choice of hours saves."""
    return hour_savings(catalog, workload, job_h).saving_pct(workload.hours_chosen) / PERCENT


def moving_share(workload: Workload, values: Mapping[str, Floats]) -> Floats:
    """Share of a workload's energy that goes where its work goes; what machines draw while they wait stays.

    A fleet that stands there draws its waiting power in every hour: what moves is what work draws above it. A run on
    hired machines is hired later, and moves whole. A fleet that never waits has no room: nothing moves.
    """
    busy_h = values["used_h"] if workload.kind != "inference" else values["busy_h"]
    work, waiting, host = (values[f"energy_{name}_kwh"] for name in ("accelerator", "idle", "host"))
    if workload.kind != "inference" and not workload.installed_accelerators:
        return np.ones_like(work)
    idle_h, total = values["held_h"] - busy_h, work + waiting + host
    waiting_kw = np.divide(waiting, idle_h, out=np.full_like(work, np.inf), where=idle_h > 0)
    above = np.maximum(work - np.where(np.isfinite(waiting_kw), waiting_kw, 0.0) * busy_h, 0.0)
    return np.where(idle_h > 0, np.divide(above, total, out=np.zeros_like(work), where=total > 0), 0.0)


def runs_h(catalog: Catalog, workload: Workload, values: Mapping[str, Floats]) -> list[float]:
    """Hours that one training run takes in each year, central case; NaN for answering, and in years without a run."""
    years = len(values["held_h"])
    if workload.kind == "inference":
        return [nan] * years
    if workload.job_h is not None:
        return [workload.job_h] * years
    used = values["used_h"][:, 0]
    first = next((float(hours) for hours in used if hours > 0), nan)
    runs = workload.runs_per_year
    if not (isfinite(first) and runs > 0):
        return [nan] * years
    return [first / runs / run_accelerators(catalog, workload)] * years


def run_accelerators(catalog: Catalog, workload: Workload) -> float:
    """Accelerators that a training run is spread over: those installed, else the fewest that hold it; NaN for none."""
    if workload.installed_accelerators:
        return float(workload.installed_accelerators)
    fields = memory_fields(catalog, workload, Drawing(Plan(), 0))
    return float(engine.training_memory(stack(TrainingMemoryColumns, [fields], 1, 0)).training_accelerators[0])


def room_over_mean(workload: Workload) -> float:
    """Most load a fleet takes in an hour, over the mean: as entered, else the busy share's inverse, else the peak."""
    if workload.room_home_ratio is not None:
        return workload.room_home_ratio
    return max(1.0 / workload.busy_share if workload.busy_share else workload.peak_to_mean, 1.0)


def need_room(room_home_ratio: float) -> None:
    """ShiftError where a fleet has less room than its own work takes."""
    if room_home_ratio < 1.0:
        raise ShiftError(f"room at home is {room_home_ratio:g} times the mean; the work of an hour takes 1")


def hour_savings(catalog: Catalog, workload: Workload, job_h: float = nan) -> HourSavings:
    """What each way of choosing hours would save on a workload's grid."""
    region, _ = find_region(catalog, workload.region)
    if region is None or workload.deferrable_h < 1:
        return HourSavings(0.0, 0.0, 0.0, job_h=job_h)
    pauses = workload.pausing == "paused"
    job = Job(max(job_h, SHORTEST_RUN_H), floor(workload.deferrable_h), pauses, workload.restart_h if pauses else 0.0)
    return _savings(region, workload.kind == "inference", workload.deferrable_share, room_over_mean(workload), job)


@lru_cache(maxsize=MOST_KEPT)
def _savings(region: Region, answers: bool, share: float, room: float, job: Job) -> HourSavings:
    curve, job_h = hours_of(region), nan if answers else job.hours_h
    if curve.flat:
        return HourSavings(0.0, 0.0, 0.0, curve.refused or curve.note, job_h)
    try:
        found = _fleet(curve, job.slack_h, share, room) if answers else _job(curve, share, job)
    except ShiftError as error:
        return HourSavings(0.0, 0.0, 0.0, f"Hours are not chosen: {error}.", job_h)
    every = 1 if answers else job.every(len(curve.intensity_g_per_kwh) - HISTORY_H - job.window_h + 1)
    notes = [curve.note] if curve.note else []
    notes += [f"Restarts are worked out for one release in {every}."] if every > 1 else []
    return HourSavings(
        found.bound_pct, found.yesterday_pct, found.profile_pct, " ".join(notes), job_h,
        found.bound_restart_share, found.yesterday_restart_share, found.profile_restart_share,
    )  # fmt: skip


def _fleet(curve: Curve, delay_h: int, share: float, room: float) -> Realised:
    hours = curve.for_time()
    need_room(room)
    return realised_fleet(hours, np.ones(len(hours)), flexible_share=share, delay_h=delay_h, capacity_kwh=room)


def _job(curve: Curve, share: float, job: Job) -> Realised:
    if not isfinite(job.hours_h):
        raise ShiftError("the length of a run is unknown; enter it")
    found = realised(curve.for_time(), job)
    return Realised(found.starts, *(share * amount for amount in astuple(found)[1:]))
