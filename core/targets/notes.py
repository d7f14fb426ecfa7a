"""What is to be known of a track's figures: which view they take, where inventories are from, what stands beside."""

from __future__ import annotations

from collections.abc import Sequence

from core.plan import Plan
from core.results.figures import Results
from core.results.inventory_view import WHY
from core.results.scopes import by_scope, categories, counts_sold_products
from core.targets.asked import Asked
from core.targets.beside import Beside
from core.targets.told import tonnes

SCOPE2, UPSTREAM_CATEGORY = 2, 3
FILTERED = "Every workload counts here, whatever the filter: a target is never met by leaving some out."
PROVIDERS = "What runs at providers (scope 3) is counted on the basis of scope 2: {basis}-based."
NO_SCOPE1 = "The portfolio has no scope 1: scopes 1 and 2 together must fall as fast as scope 2 alone."
OWN_FIGURE = "Scope {scope} in {year} is the plan's own central figure: the inventory has no row of it."
CARRIED = "Scope {scope}: {t} t of the inventory of {year} that no plan works out stay as they are."
REST = (
    "The rest of the company is its inventory of {year} less the AI portfolio, and changes by {pct:g} % a year. It has "
    "no range: ranges and probabilities are those of the AI portfolio."
)
TOO_SHORT = "The plan ends in {last}, before the target year, {target}: nothing is known of the target year itself."
LIFE_CYCLE = (
    "Scope 2 of the plan counts life-cycle factors, which hold upstream emissions too; an inventory's scope 2 wants "
    "direct ones. Nothing of category 3 is added on top."
)
NOT_ALIKE = (
    "Scope 2 of the inventory counts {theirs} factors, the plan {ours} ones: part of the difference between the two is "
    "what they count."
)
NO_CATEGORY = (
    "Scope 3 of the inventory of {year} has no row of category {categories}, which the plan counts: the plan holds "
    "more than its base does."
)
UPSTREAM_TWICE = (
    "Category 3 of the inventory and the plan's life-cycle factors of scope 2 can hold the same upstream tonnes twice."
)
PATH = (
    "Grids follow a path that has no range of its own: ranges and probabilities of later years hold none of how else "
    "grids may go."
)
TOO_LATE = "The plan starts in {first}, after the target year, {target}: nothing is known of the target year itself."
WORDS = {"life_cycle": "life-cycle", "direct": "direct", "mixed": "direct and life-cycle"}
SOLD = "Use of sold products (category 11) is left out, in the plan and in the inventory."


def notes_of(
    plan: Plan, asked: Sequence[Asked] = (), more: Beside | None = None, found: Results | None = None
) -> tuple[str, ...]:
    """One sentence each; `found` are the plan's figures, where a target is compared with them."""
    notes, target = [WHY], plan.target
    if plan.business_unit or plan.tag:
        notes.append(FILTERED)
    if plan.grid_path != "flat":
        notes.append(PATH)
    if not counts_sold_products(plan):
        notes.append(SOLD)
    if any(line.scope == "3" for line in asked):
        notes.append(PROVIDERS.format(basis=target.scope2_basis))
    if any(line.scope == "1+2" and "1" not in line.scopes for line in asked):
        notes.append(NO_SCOPE1)
    notes += dict.fromkeys(_own_figures(plan, asked))
    if asked and found is not None:
        notes += _factors(plan, factors) if (factors := factors_of(found)) else []
        notes += _categories(plan, asked, found)
    if more is not None:
        notes += _beside(plan, more)
    if asked and (unknown := outside_the_plan(plan)):
        notes.append(unknown)
    return tuple(notes)


def outside_the_plan(plan: Plan) -> str:
    """That the target year is none of the plan's years, so that nobody knows whether it is met; empty where it is."""
    year = plan.target.target_year
    if year is None or year in plan.years():
        return ""
    if year > plan.last_year:
        return TOO_SHORT.format(last=plan.last_year, target=year)
    return TOO_LATE.format(first=plan.first_year, target=year)


def factors_of(found: Results) -> str:
    """What the grid factors of the plan's scope 2 count in its first year; empty where it has none."""
    counted = {part.basis for part in by_scope(found, found.plan.first_year) if part.scope == SCOPE2}
    return counted.pop() if len(counted) == 1 else "mixed" if counted else ""


def _factors(plan: Plan, ours: str) -> list[str]:
    target = plan.target
    years = (target.base_year, target.recent_year)
    rows = [row for row in plan.inventory if row.covers == target.mode and row.year in years]
    theirs = {row.basis for row in rows if row.scope == "2" and row.method == target.scope2_basis} - {"unknown"}
    notes = [LIFE_CYCLE] if ours == "life_cycle" else []
    notes += [NOT_ALIKE.format(theirs=WORDS[one], ours=WORDS[ours]) for one in sorted(theirs) if one != ours]
    if ours != "direct" and any(row.category == UPSTREAM_CATEGORY for row in rows):
        notes.append(UPSTREAM_TWICE)
    return notes


def _categories(plan: Plan, asked: Sequence[Asked], found: Results) -> list[str]:
    """Categories of scope 3 that the plan counts in some year, and an inventory of the target has no row of."""
    counted, target, notes = categories(found), plan.target, []
    third = next((line for line in asked if "3" in line.scopes), None)
    if third is None:
        return []
    for year, held in dict.fromkeys(((target.base_year, third.base["3"]), (target.recent_year, third.recent["3"]))):
        rows = [row for row in plan.inventory if (row.covers, row.year, row.scope) == (target.mode, year, "3")]
        missing = sorted(str(one) for one in counted - {row.category for row in rows})
        if held.origin == "inventory" and missing:
            notes.append(NO_CATEGORY.format(year=year, categories=" and ".join(missing)))
    return notes


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
    return [CARRIED.format(scope=s, t=tonnes(kg), year=target.recent_year) for s, kg in kept if kg]
