"""What a sum of the levers taken alone counts twice, draw by draw: the draws of all of them are joint."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core.levers import acting
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.draws import Floats, interval
from core.results.figures import DRAWS, NOT_IN_FIGURES, carbon_kg
from core.results.under_levers import figures_under


@lru_cache(maxsize=64)
def overlap_kg(plan: Plan) -> tuple[float, float, float]:
    """P10, central and P90 of the change of all levers together less the sum of each alone [kg], rebound aside.

    Above 0 where savings overlap. What a lever takes itself is the same alone and together: it cancels.
    """
    catalog, when = catalog_of(plan), plan.shown_year() - plan.first_year
    total = np.zeros(1 + DRAWS)
    for workload in plan.shown():
        mine = tuple(lever.but(elasticity=0.0) for lever in acting(catalog, plan, workload))
        if len(mine) > 1:
            total = total + _missed(plan, workload, mine)[when]
    return interval(total)


def _missed(plan: Plan, workload: Workload, levers: tuple[Lever, ...]) -> Floats:
    """Of one workload by year, (years, 1 + draws) [kg]; a set of levers without a figure counts as usual."""
    view, calibration = plan.model_copy(update=NOT_IN_FIGURES), plan.calibration(workload.id)
    usual = figures_under(view, workload, (), DRAWS, calibration)
    if usual.reason:
        return np.zeros((len(plan.years()), 1 + DRAWS))

    def moved(some: tuple[Lever, ...]) -> Floats:
        found = figures_under(view, workload, some, DRAWS, calibration)
        return np.asarray(carbon_kg(plan, (usual if found.reason else found).values) - carbon_kg(plan, usual.values))

    return np.asarray(moved(levers) - np.sum([moved((lever,)) for lever in levers], axis=0))
