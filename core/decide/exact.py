"""Why the least cost of a set over all start years is not exact: where a year's figures hang on when a lever starts."""

from __future__ import annotations

from core.decide import told
from core.decide.candidates import Searched
from core.plan.own_catalog import catalog_of


def inexact(found: Searched) -> str:
    """The reason in words; empty where it is exact."""
    catalog, plan = catalog_of(found.base), found.plan
    for lever in found.levers:
        name = catalog.levers[lever.key].name
        if lever.elasticity or (lever.elasticity is None and plan.rebound_elasticity):
            return told.rebounds(name)
        if any(one.part == "once" for one in catalog.lever_operations.get(lever.key, ())):
            return told.single_run(name)
    return ""
