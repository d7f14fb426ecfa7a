"""What levers cut, one after another: as usual less each lever in its turn is the plan, exactly, in every draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.levers import in_order
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.draws import DRAWS
from core.results.figures import of
from core.results.inventory_view import as_inventory
from core.targets.amounts import Amounts, Floats, scope_kg

ORDER = (
    "Levers come in the order in which they act on a workload: demand, model, number format, serving, machines, site, "
    "place; contracts last. In another order each would cut more or less; the sum stays."
)
CONTRACT = "procurement_share"  # the only term that a contract moves
CREDITS = "outside"  # what is outside every inventory cuts nothing
MOST_KEPT = 16


@dataclass(frozen=True, slots=True)
class Wedge:
    """What one lever changes on top of those before it, by scope [kgCO2e], (years, 1 + draws) each; below 0 it cuts.

    `procurement`: a contract, which moves the market-based figures alone.
    """

    lever: Lever
    name: str
    procurement: bool
    scopes: Mapping[str, Amounts]

    def on(self, basis: str, *scopes: str) -> list[float]:
        """The change by year by one method [kgCO2e], central case, over some scopes; over all where none is named."""
        return [float(kg) for kg in self.drawn_on(basis, *scopes)[:, 0]]

    def drawn_on(self, basis: str, *scopes: str) -> Floats:
        """The same in every draw, (years, 1 + draws): draws with and without the lever are those of one world."""
        return np.asarray(sum(self.scopes[scope].on(basis) for scope in scopes or self.scopes))


@lru_cache(maxsize=MOST_KEPT)
def wedges(plan: Plan, draws: int = DRAWS) -> tuple[Wedge, ...]:
    """One wedge a lever in use, in the order of `ORDER`; credits cut nothing and have none."""
    view, ordered = as_inventory(plan), order_of(plan)
    plans = [view.model_copy(update={"levers": ordered[:count]}) for count in range(len(ordered) + 1)]
    steps = [scope_kg(of(one, draws)) for one in plans]
    return tuple(
        Wedge(lever, catalog_of(plan).levers[lever.key].name, is_procurement(plan, lever), _less(after, before))
        for lever, before, after in zip(ordered, steps, steps[1:], strict=False)
    )


def order_of(plan: Plan) -> tuple[Lever, ...]:
    """The levers that can cut anything, in the order of composition, contracts after all others."""
    catalog = catalog_of(plan)
    some = [
        lever
        for lever in in_order(catalog, plan.levers)
        if any(operation.part != CREDITS for operation in catalog.lever_operations.get(lever.key, ()))
    ]
    return tuple(sorted(some, key=lambda lever: is_procurement(plan, lever)))


def is_procurement(plan: Plan, lever: Lever) -> bool:
    """Whether a lever is a contract alone: it moves what the market-based figures count, and nothing physical."""
    operations = catalog_of(plan).lever_operations.get(lever.key, ())
    return bool(operations) and all(operation.target == CONTRACT for operation in operations)


def _less(after: Mapping[str, Amounts], before: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
    return {
        scope: Amounts(kg.location_kg - before[scope].location_kg, kg.market_kg - before[scope].market_kg)
        for scope, kg in after.items()
    }
