"""Sets in the order of the least that they can cost, until one holds: with it, nothing cheaper can."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isnan

import numpy as np

from core.decide import told
from core.decide.chances import Chances
from core.decide.choices import best_choice
from core.decide.found import Choice
from core.decide.space import TIE_USD, Chains, Space
from core.plan.own_catalog import catalog_of

MOST_DRAWN = 6_000  # rows of workloads drawn, in one search
MOST_CHECKED = 40  # choices evaluated as whole plans
BATCH = 64


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a search came: the cheapest choice that holds, if any, and whether nothing cheaper can hold.

    `bound_usd` is what no choice that holds can cost less than; `why` says why the answer is not proven.
    """

    best: Choice | None
    proven: bool
    why: str
    bound_usd: float


def holds(space: Space, choice: Choice) -> bool:
    """Whether a choice meets the target as asked: central case and probability, within the budget."""
    limits = space.found.plan.search
    within = limits.budget_usd is None or isnan(choice.spent_usd) or choice.spent_usd <= limits.budget_usd + TIE_USD
    return choice.meets and choice.met_share >= limits.meet_share and within


def walked(space: Space, ways: Chains, chances: Chances) -> Walk:
    """The first set that holds in the order of the least it can cost."""
    some = np.flatnonzero(np.isfinite(ways.least_usd))
    some = some[np.argsort(ways.least_usd[some], kind="stable")]
    wanted = space.found.plan.search.meet_share
    open_usd, checked = inf, 0
    for start in range(0, len(some), BATCH):
        batch = some[start : start + BATCH]
        likely = batch[chances.met_share([int(one) for one in batch]) >= wanted]
        for one in likely:
            choice = best_choice(space.found, ways.starts(int(one)))
            checked += 1
            if holds(space, choice):
                return _ended(space, choice, open_usd)
            open_usd = min(open_usd, float(ways.least_usd[one]))
            if checked == MOST_CHECKED:
                return Walk(None, False, told.CHECKED, open_usd)
        if chances.drawn > MOST_DRAWN:
            return Walk(None, False, told.DRAWN, min(open_usd, float(ways.least_usd[batch[-1]])))
    return Walk(None, open_usd == inf, "" if open_usd == inf else told.OPEN, open_usd)


def _ended(space: Space, choice: Choice, open_usd: float) -> Walk:
    """The walk's answer; it is proven unless figures of a year hang on others, or a cheaper set was left open."""
    why = inexact(space) or (told.OPEN if choice.cost_usd > open_usd + TIE_USD else "")
    return Walk(choice, not why, why, min(open_usd, choice.cost_usd))


def inexact(space: Space) -> str:
    """Why the least cost of a set is not exact, in words; empty where it is."""
    catalog, plan = catalog_of(space.found.base), space.found.plan
    for lever in space.found.levers:
        name = catalog.levers[lever.key].name
        if lever.elasticity or (lever.elasticity is None and plan.rebound_elasticity):
            return told.rebounds(name)
        if any(one.part == "once" for one in catalog.lever_operations.get(lever.key, ())):
            return told.single_run(name)
    return ""
