"""The rows of a workload's table: the levers in use, and each set of the candidates that act on it."""

from __future__ import annotations

import numpy as np

from core.decide.candidates import Searched, with_its_rebound
from core.levers import acting, in_order, with_rebound
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.figures import NOT_IN_FIGURES
from core.results.lever_sets import Sets, bits


def view_of(plan: Plan) -> Plan:
    """The plan as its figures depend on it, hardware spread over its life: then no year hangs on another."""
    return plan.model_copy(update=NOT_IN_FIGURES | {"hardware_view": "amortised"})


def rows_of(found: Searched, workload: Workload, *, from_earliest: bool = False) -> tuple[tuple[Lever, ...], Sets]:
    """The levers of a workload in the order of composition, and which of them each row takes: those in use, always.

    The candidates act in all years, or each from its earliest.
    """
    catalog = catalog_of(found.base)
    used = acting(catalog, found.base, workload)
    chosen = [found.levers[place] for place in found.mine[workload.id]]
    mine = [with_rebound(found.plan, one) if from_earliest else with_its_rebound(found.plan, one) for one in chosen]
    levers = in_order(catalog, [*used, *mine])
    always = bits(levers, lambda one: any(one is other for other in used))
    sets = np.full(1 << len(mine), always, dtype=np.int64)
    for place, lever in enumerate(mine):
        rows = np.arange(len(sets)) >> place & 1
        sets |= rows << next(k for k, one in enumerate(levers) if one is lever)
    return levers, sets
