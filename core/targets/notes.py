"""What is to be known of a track's figures: which view they take, where inventories are from, what stands beside."""

from __future__ import annotations

from collections.abc import Sequence

from core.plan import Plan
from core.results.inventory_view import WHY
from core.targets.asked import Asked
from core.targets.beside import Beside
from core.units import KG_PER_T

FILTERED = "Every workload counts here, whatever the filter: a target is never met by leaving some out."
PROVIDERS = "What runs at providers (scope 3) is counted on the basis of scope 2: {basis}-based."
NO_SCOPE1 = "The portfolio has no scope 1: scopes 1 and 2 together must fall as fast as scope 2 alone."
OWN_FIGURE = "Scope {scope} in {year} is the plan's own central figure: the inventory has no row of it."
CARRIED = "Scope {scope}: {t:,.4g} t of the inventory of {year} that no plan works out stay as they are."
REST = "The rest of the company is its inventory of {year} less the AI portfolio, and changes by {pct:g} % a year."
TOO_SHORT = "The plan ends in {last}, before the target year, {target}: nothing is known of the target year itself."
SOLD = "Use of sold products (category 11) is left out, in the plan and in the inventory."


def notes_of(plan: Plan, asked: Sequence[Asked] = (), more: Beside | None = None) -> tuple[str, ...]:
    """One sentence each."""
    notes, target = [WHY], plan.target
    if plan.business_unit or plan.tag:
        notes.append(FILTERED)
    if target.sold_products != "counted":
        notes.append(SOLD)
    if any(line.scope == "3" for line in asked):
        notes.append(PROVIDERS.format(basis=target.scope2_basis))
    if any(line.scope == "1+2" and "1" not in line.scopes for line in asked):
        notes.append(NO_SCOPE1)
    notes += dict.fromkeys(_own_figures(plan, asked))
    if more is not None:
        notes += _beside(plan, more)
    if asked and target.target_year is not None and target.target_year > plan.last_year:
        notes.append(TOO_SHORT.format(last=plan.last_year, target=target.target_year))
    return tuple(notes)


def _own_figures(plan: Plan, asked: Sequence[Asked]) -> list[str]:
    target = plan.target
    return [
        OWN_FIGURE.format(scope=scope, year=year)
        for line in asked
        for year, held in ((target.base_year, line.base), (target.recent_year, line.recent))
        for scope, one in held.items()
        if one.origin == "plan"
    ]


def _beside(plan: Plan, more: Beside) -> list[str]:
    target = plan.target
    if target.mode == "company":
        return [REST.format(year=target.recent_year, pct=target.rest_change_pct)]
    kept = [(scope, held.on(target.scope2_basis)) for scope, held in more.held.items()]
    return [CARRIED.format(scope=s, t=kg / KG_PER_T, year=target.recent_year) for s, kg in kept if kg]
