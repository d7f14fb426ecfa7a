"""Candidates to start from: what saves most alone, has a cost, and can stand beside the others."""

from __future__ import annotations

from core.decide.candidates import searched
from core.levers import rule
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.effects import ranked

MOST = 12


def suggested(plan: Plan, most: int = MOST) -> tuple[Lever, ...]:
    """Levers of the catalog to search, the greatest saving alone first, each from the year after the plan's first."""
    catalog, start = catalog_of(plan), min(plan.first_year + 1, plan.last_year)
    bare = plan.but(candidates=())
    found: list[Lever] = []
    for effect in ranked(plan):
        lever = effect.lever.but(start_year=start)
        if len(found) == most:
            break
        if effect.difference_kg < 0.0 and not any(rule(catalog, lever, other) for other in found):
            found += searched(bare.with_candidate(lever), start).levers
    return tuple(found)
