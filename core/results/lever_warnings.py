"""Warnings of the levers in use, from the requests at a time and the power that this plan's own figures say."""

from __future__ import annotations

import numpy as np

from core.levers import Met, acting, change, conflicts, warnings
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.figures import NOT_IN_FIGURES
from core.results.once import PART, one_run
from core.results.one import Figures
from core.results.under_levers import figures_under
from core.units import KWH_PER_MWH


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
            found += _searches(view, workload, mine)
    return found


def _searches(view: Plan, workload: Workload, levers: tuple[Lever, ...]) -> list[str]:
    """What a search takes once: it stands in every year's figure by its share, and nowhere by itself."""
    catalog = catalog_of(view)
    found = []
    for lever in levers:
        for operation in catalog.lever_operations.get(lever.key, ()):
            run = (
                one_run(view, workload, change(catalog, workload, lever, operation), 0)
                if operation.part == PART
                else None
            )
            if run is not None and not run.reason:
                mwh = float(run.values["energy_facility_kwh"][0, 0]) / KWH_PER_MWH
                found.append(
                    f"“{catalog.levers[lever.key].name}” on {workload.name}: the search and the training after it take "
                    f"{mwh:,.0f} MWh at the meter once, counted over the tokens answered until {view.last_year}."
                )
    return found


def _at(figures: Figures, name: str, when: int) -> float:
    """A figure of the central case in the headline's year; 0 where the workload's kind has none."""
    return float(np.nan_to_num(figures.values[name][when, 0]))


def lever_conflicts(plan: Plan) -> list[str]:
    """A sentence for each pair of the plan's levers that exclude each other, and for each that nobody can take."""
    return conflicts(catalog_of(plan), plan)
