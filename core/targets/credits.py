"""Credits beside a target: shown for information, never part of a comparison."""

from __future__ import annotations

from core.plan import Plan
from core.results.credits import credits_outside_kg
from core.units import KG_PER_T


def credits_kg(plan: Plan) -> float:
    """Credits shown beside the target year, or the plan's last [kgCO2e]: what the target says and what levers buy."""
    year = min(plan.target.target_year or plan.last_year, plan.last_year)
    bought_kg = credits_outside_kg(plan)[max(year - plan.first_year, 0)]
    return (plan.target.credits_t or 0.0) * KG_PER_T + float(bought_kg)
