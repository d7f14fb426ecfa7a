"""What a plan assumes of later years beside growth: quicker software, newer accelerators, cleaner grids.

All of it is relative to the plan's first year, whose intensities and machines it leaves alone. At the fields' defaults
no figure of any year moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.catalog import Catalog, Projection, Region
from core.plan import Plan, Workload
from core.plan.points import at
from core.results.demand import active_years
from core.results.draws import Floats
from core.results.purchases import OWNED, purchase_year
from core.units import PERCENT

WORLD = "Global"  # the area of a scenario that holds every other country
FASTER = ("peak_flop_per_s", "peak16_flop_per_s", "bandwidth_byte_per_s")  # what a new generation brings
# The fields of the plan that say it, as they stand where nothing is assumed of later years.
AS_TODAY: Mapping[str, Any] = {
    name: Plan.model_fields[name].default
    for name in (
        "grid_path", "grid_change_pct", "efficiency_drift_pct", "refresh_every_years", "refresh_gain_pct",
        "rebound_elasticity",
    )
}  # fmt: skip


def as_today(plan: Plan) -> Plan:
    """The plan with nothing assumed of later years but growth."""
    return plan.model_copy(update=dict(AS_TODAY))


def machines_change(plan: Plan) -> bool:
    """Whether steps get quicker over the years, by software or by newer accelerators."""
    return plan.efficiency_drift_pct != 0 or (plan.refresh_every_years is not None and plan.refresh_gain_pct != 0)


def drift_factor(drift_pct: float, years_after: int) -> float:
    """Time of a step over that of the first year: less by so many per cent every year.

    >>> drift_factor(10.0, 0), round(drift_factor(10.0, 2), 6)
    (1.0, 0.81)
    """
    return float((1.0 - drift_pct / PERCENT) ** years_after)


def gain_factor(gain_pct: float, renewals: int) -> float:
    """Arithmetic and bandwidth over those of today's accelerator, after so many renewals.

    >>> gain_factor(50.0, 0), gain_factor(50.0, 2)
    (1.0, 2.25)
    """
    return float((1.0 + gain_pct / PERCENT) ** renewals)


def renewals(every_years: int, bought_year: int, first_year: int, year: int) -> int:
    """How often machines bought in a year are renewed after the plan's first year, up to another; never before.

    >>> [renewals(3, 2025, 2026, year) for year in (2026, 2027, 2028, 2030, 2031)]
    [0, 0, 1, 1, 2]
    """
    done = [max((when - bought_year) // every_years, 0) for when in (first_year, year)]
    return max(done[1] - done[0], 0)


def renewals_by_year(catalog: Catalog, plan: Plan, workload: Workload) -> list[int]:
    """Renewals of a workload's accelerators up to each year of the plan.

    Own and colocated ones follow the year they were bought, hired and bought ones the plan's first year.
    """
    if plan.refresh_every_years is None:
        return [0 for _ in plan.years()]
    first = max(active_years(plan, workload)[0], plan.first_year) if workload.hosting in OWNED else plan.first_year
    bought = purchase_year(catalog, plan, workload) if workload.hosting in OWNED else plan.first_year
    return [renewals(plan.refresh_every_years, bought, first, year) for year in plan.years()]


def later_machines(catalog: Catalog, plan: Plan, workload: Workload) -> dict[str, Floats]:
    """By how much the columns of a workload's machines differ from today's, by column, (years, 1)."""
    if not machines_change(plan):
        return {}
    drift = [[drift_factor(plan.efficiency_drift_pct, year - plan.first_year)] for year in plan.years()]
    gain = np.array([[gain_factor(plan.refresh_gain_pct, n)] for n in renewals_by_year(catalog, plan, workload)])
    return {"kernel_time_factor": np.array(drift)} | dict.fromkeys(FASTER, gain)


def life_years(plan: Plan, workload: Workload, lifetime_years: Floats) -> Floats:
    """Years that hardware serves: no longer than until own machines are renewed; a provider lets its own stay."""
    if plan.refresh_every_years is None or workload.hosting not in OWNED:
        return lifetime_years
    return np.minimum(lifetime_years, float(plan.refresh_every_years))


def percent_index(change_pct: float, years_after: int) -> float:
    """Carbon of a kWh over that of the first year, where it changes by so many per cent every year.

    >>> percent_index(-10.0, 0), round(percent_index(-10.0, 2), 6)
    (1.0, 0.81)
    """
    return float((1.0 + change_pct / PERCENT) ** years_after)


def scenario_index(scenario: Projection, first_year: int, year: int) -> float:
    """Carbon of a kWh over that of the plan's first year, as a scenario has both.

    Straight lines between the scenario's years, level before the first and after the last: nothing is extrapolated.
    """
    points = tuple(zip(scenario.years, scenario.carbon_g_per_kwh, strict=True))
    start = at(points, first_year, 0.0)
    return at(points, year, 0.0) / start if start > 0 else 1.0


def scenario_of(catalog: Catalog, plan: Plan, region: Region) -> Projection | None:
    """The series of the plan's scenario that holds a region; None where there is none."""
    areas = (area for area, countries in catalog.projection_areas.items() if region.country_code in countries)
    names = [f"{plan.grid_path}:{area}" for area in (*areas, WORLD)]
    return next((catalog.projections[name] for name in names if name in catalog.projections), None)


@dataclass(frozen=True, slots=True)
class GridIndex:
    """Carbon of a grid's kWh over that of the plan's first year, by year; `reason` says why it stays flat."""

    by_year: tuple[float, ...]
    reason: str = ""
    scenario: Projection | None = None


def grid_index(catalog: Catalog, plan: Plan, region: Region) -> GridIndex:
    """How a grid's carbon moves over the plan's years. A grid of one's own keeps the years that were entered."""
    flat = tuple(1.0 for _ in plan.years())
    if region.id in catalog.carbon_by_year:
        return GridIndex(flat, "a grid of your own, by the years you entered")
    if plan.grid_path == "flat":
        return GridIndex(flat, "the plan keeps every grid as it is")
    if plan.grid_path == "percent":
        return GridIndex(tuple(percent_index(plan.grid_change_pct, year - plan.first_year) for year in plan.years()))
    scenario = scenario_of(catalog, plan, region)
    if scenario is None:
        return GridIndex(flat, "outside the scenario's area")
    moved = tuple(scenario_index(scenario, plan.first_year, year) for year in plan.years())
    return GridIndex(moved, "" if any(one != 1.0 for one in moved) else "the scenario has no change here", scenario)
