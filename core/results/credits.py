"""Carbon credits of a plan by year: recognition beside the inventory, never part of a total or a pathway."""

from __future__ import annotations

import numpy as np

from core.plan import Plan
from core.plan.own_catalog import catalog_of
from core.results.draws import Floats
from core.units import KG_PER_T


def credits_outside_kg(plan: Plan) -> Floats:
    """Credits of each year of the plan [kgCO2e], shape (years,): tonnes a year of every use, from its first year on."""
    catalog, years = catalog_of(plan), np.array(plan.years())
    found = np.zeros(len(years))
    for lever in plan.levers:
        if any(operation.part == "outside" for operation in catalog.lever_operations.get(lever.key, ())):
            start = plan.first_year if lever.start_year is None else lever.start_year
            found += np.where(years >= start, lever.amount() * lever.share * KG_PER_T, 0.0)
    return found
