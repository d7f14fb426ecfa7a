"""How much a workload is used, by year and draw: growth that slows, a first and a last year, a ceiling by seats."""

from __future__ import annotations

import numpy as np

from core.plan import Plan, Workload
from core.results.draws import Floats, scores, spread_linear
from core.units import PERCENT


def active_years(plan: Plan, workload: Workload) -> tuple[int, int]:
    """First and last year in which the workload runs; a blank means the plan's own."""
    return workload.first_year or plan.first_year, workload.last_year or plan.last_year


def runs_in(plan: Plan, workload: Workload) -> Floats:
    """1 in the years in which the workload runs, 0 in the others, shape (years, 1)."""
    first, last = active_years(plan, workload)
    return np.array([[float(first <= year <= last)] for year in plan.years()])


def growth_pct(first_pct: Floats, decay_pct: float, step: int) -> Floats:
    """Growth [% a year] `step` years after the first: `decay_pct` points nearer to zero each year, never past it.

    >>> growth_pct(np.array([40.0, -30.0]), 10.0, 3).tolist()
    [10.0, -0.0]
    """
    result: Floats = np.sign(first_pct) * np.maximum(np.abs(first_pct) - decay_pct * step, 0.0)
    return result


def demand_factor(plan: Plan, workload: Workload, draws: int) -> Floats:
    """Demand relative to the workload's first year, shape (years, 1 + draws); 0 in years in which it does not run."""
    z = scores(plan.seed, f"growth:{workload.id}", draws)
    first_pct = spread_linear(workload.growth_low_pct, workload.growth_central_pct, workload.growth_high_pct, z)
    first_pct = np.maximum(first_pct, -PERCENT)
    first, last = active_years(plan, workload)
    factor = np.zeros((len(plan.years()), len(z)))
    level = np.ones(len(z))
    for year in range(first, min(last, plan.last_year) + 1):
        if year > first:
            level = level * np.maximum(
                1.0 + growth_pct(first_pct, workload.growth_decay_pct, year - first - 1) / PERCENT, 0.0
            )
        if year >= plan.first_year:
            factor[year - plan.first_year] = level
    return factor


def ceiling_requests_per_day(workload: Workload) -> float:
    """Most requests a day that the seats can make; infinite where no ceiling is set."""
    if workload.seats is None or workload.requests_per_seat_day is None:
        return float("inf")
    return workload.seats * workload.requests_per_seat_day


def asked_per_day(plan: Plan, workload: Workload, year: int) -> float:
    """Requests on an operating day of a year, central case, as asked for: before a ceiling by seats."""
    return workload.requests_per_day * float(demand_factor(plan, workload, 0)[year - plan.first_year, 0])


def requests_per_year(plan: Plan, workload: Workload, draws: int) -> Floats:
    """Requests a year, shape (years, 1 + draws)."""
    per_day = workload.requests_per_day * demand_factor(plan, workload, draws)
    result: Floats = np.minimum(per_day, ceiling_requests_per_day(workload)) * workload.operating_days
    return result
