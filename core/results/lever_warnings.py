"""Warnings of the levers in use, from the requests at a time and the power that this plan's own figures say."""

from __future__ import annotations

import numpy as np

from core.levers import Met, acting, warnings
from core.plan import Plan
from core.plan.own_catalog import catalog_of
from core.results.figures import NOT_IN_FIGURES
from core.results.one import Figures
from core.results.under_levers import figures_under


def lever_warnings(plan: Plan) -> list[str]:
    """A sentence for each lever of a plan that is known to fail in the setting it meets, workload by workload."""
    catalog = catalog_of(plan)
    view, when = plan.as_usual().model_copy(update=NOT_IN_FIGURES), plan.shown_year() - plan.first_year
    found: list[str] = []
    for workload in plan.shown():
        mine = acting(catalog, plan, workload)
        if not mine:
            continue
        before, after = (figures_under(view, workload, levers, 0) for levers in ((), mine))
        if not before.reason and not after.reason:
            met = Met(_at(before, "batch", when), _at(after, "batch", when), _at(before, "power_accelerator_w", when))
            found += warnings(catalog, workload, mine, met)
    return found


def _at(figures: Figures, name: str, when: int) -> float:
    """A figure of the central case in the headline's year; 0 where the workload's kind has none."""
    return float(np.nan_to_num(figures.values[name][when, 0]))
