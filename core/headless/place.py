"""`place`: all workloads of a plan placed together in time and place, a row each, and one for all."""

from __future__ import annotations

import csv
import io

from core.headless.cases import UnusableError
from core.plan import Plan
from core.plan.disarmed import disarm
from core.results.figures import of
from core.results.joint import jointly, jointly_realised, problem, spread_weeks
from core.shift.check import ShiftError
from core.units import H_PER_YEAR, PERCENT

COLUMNS = (
    "workload", "home", "energy_moving_kwh", "carbon_before_kg", "carbon_after_kg", "saving_pct", "placed", "note",
    "realised_yesterday_pct", "realised_profile_pct", "error",
)  # fmt: skip
MOST_WEEKS = 52


def answer(plan: Plan, weeks: int) -> tuple[str, int]:
    """The table as CSV, and how many workloads have no figures; UnusableError where nothing can be placed, and why."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise UnusableError(f"weeks is {weeks}; it must lie in [1, {MOST_WEEKS}]")
    try:
        found = problem(plan)
        done = jointly(found, spread_weeks(found, weeks))
    except ShiftError as error:
        raise UnusableError(str(error)) from error
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for workload in done.workloads():
        before, after = done.carbon_kg(workload.id)
        kwh = sum(origin.work_kwh for origin in found.origins if origin.workload.id == workload.id) * H_PER_YEAR
        home = next(found.places[origin.home].key for origin in found.origins if origin.workload.id == workload.id)
        runs = "; ".join(f"{key}={share!r}" for key, share in done.runs_at(workload.id, least_share=0.0).items())
        writer.writerow(
            [disarm(workload.id), disarm(home), kwh, before, after, _pct(before, after), disarm(runs), "", "", "", ""]
        )
    refused = of(plan).refused
    for key, why in found.left_out.items():
        writer.writerow([disarm(key), *[""] * 6, *(("", "", "", why) if key in refused else (why, "", "", ""))])
    before, after = float(done.before_kg.sum()), float(done.after_kg.sum())
    total = sum(origin.work_kwh for origin in found.origins) * H_PER_YEAR
    realised = jointly_realised(found, done.weeks)
    told = (realised.yesterday_pct, realised.profile_pct) if realised else ("", "")
    writer.writerow(["all", "", total, before, after, _pct(before, after), "", "", *told, ""])
    return out.getvalue(), len(refused.keys() & found.left_out.keys())


def _pct(before_kg: float, after_kg: float) -> float:
    return (1.0 - after_kg / before_kg) * PERCENT if before_kg else 0.0
