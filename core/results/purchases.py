"""The fleet that workloads need and when it is bought, by workload, year and draw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core import engine
from core.catalog import Catalog
from core.plan import Plan, Workload
from core.results.demand import active_years
from core.results.draws import Floats
from core.units import H_PER_YEAR

OWNED = ("own", "colocation")  # hosting whose hardware the company buys


def accelerators_needed(workload: Workload, values: Mapping[str, Floats]) -> Floats:
    """Accelerators that must stand there, (years, 1 + draws); a share of one where training shares a fleet."""
    if workload.kind == "inference":
        return np.asarray(values["accelerators_installed"])
    return np.asarray(values["held_h"] / H_PER_YEAR)


def stated_purchase_year(catalog: Catalog, workload: Workload) -> int | None:
    """Year in which the first fleet was bought, as the workload or its site says it; None where neither does."""
    premises = catalog.premises.get(workload.region)
    return premises.purchase_year if workload.purchase_year is None and premises else workload.purchase_year


def purchase_year(catalog: Catalog, plan: Plan, workload: Workload) -> int:
    """Year in which the first fleet was bought: the workload's, else its site's, else the first in which it runs."""
    stated = stated_purchase_year(catalog, workload)
    return max(active_years(plan, workload)[0], plan.first_year) if stated is None else stated


def accelerators_bought(
    catalog: Catalog, plan: Plan, workload: Workload, values: Mapping[str, Floats], lifetime_years: Floats
) -> Floats:
    """Accelerators bought in each year, (years, 1 + draws); 0 where the hosting buys none."""
    if workload.hosting not in OWNED:
        return np.zeros_like(lifetime_years)
    needed = np.ascontiguousarray(np.nan_to_num(accelerators_needed(workload, values)).T)  # (1 + draws, years)
    first = max(active_years(plan, workload)[0], plan.first_year)
    age_years = np.full(len(needed), float(first - purchase_year(catalog, plan, workload)))
    return engine.purchases(needed, lifetime_years[0], age_years).T
