"""What an inventory says of a scope in a year: of the whole company, or of the portfolio that the plan is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.plan import Plan
from core.results.scopes import CATEGORIES, SOLD_CATEGORY, counts_sold_products
from core.targets.amounts import INVENTORY_SCOPES, Amounts
from core.units import KG_PER_T

METHODS = ("location", "market")


@dataclass(frozen=True, slots=True)
class Held:
    """Emissions of a scope in a year [kgCO2e] by both methods, None unknown; `origin` is `inventory`, `plan` or ``.

    `inventory`: rows of it. `plan`: the plan's own central figure of that year. Empty: nobody said, or there is none.
    """

    location_kg: float | None
    market_kg: float | None
    origin: str

    def on(self, basis: str) -> float | None:
        """Emissions by one method, `location` or `market`."""
        return self.market_kg if basis == "market" else self.location_kg


NOTHING = Held(0.0, 0.0, "")
UNKNOWN = Held(None, None, "")


def stated(plan: Plan, covers: str, year: int, scope: str, *, carried: bool = False) -> Held:
    """The sum of an inventory's rows of a scope and year; unknown where there is none.

    `carried` sums only what no plan has. Scope 2 stands there by method. Use of sold products (category 11) counts
    where the target says so.
    """
    rows = [
        row
        for row in plan.inventory
        if (row.covers, row.year, str(row.scope)) == (covers, year, scope)
        and (row.category != SOLD_CATEGORY or counts_sold_products(plan))
        and (not carried or is_carried(scope, row.category))
    ]

    def total_kg(method: str) -> float | None:
        some = [row.emissions_t for row in rows if scope != "2" or row.method == method]
        return sum(some) * KG_PER_T if some else None

    found = Held(total_kg("location"), total_kg("market"), "inventory")
    return found if rows else UNKNOWN


def is_carried(scope: str, category: int | None) -> bool:
    """Whether a plan works out no such emissions: scope 1, and categories of scope 3 that it does not know."""
    return scope == "1" or (scope == "3" and category not in CATEGORIES)


def of_portfolio(plan: Plan, year: int, scope: str, own: Mapping[str, Amounts]) -> Held:
    """The portfolio in a year: the inventory's rows, else the plan's own figure where the year is one of its years."""
    found = stated(plan, "portfolio", year, scope)
    if found.origin:
        return found
    if scope == "1":
        return NOTHING
    if year in plan.years():
        place = year - plan.first_year
        return Held(float(own[scope].location_kg[place, 0]), float(own[scope].market_kg[place, 0]), "plan")
    return UNKNOWN


def known_scopes(plan: Plan, own: Mapping[str, Amounts]) -> tuple[str, ...]:
    """The scopes that a target is asked for: all of a company's; of a portfolio those that it has anything in."""
    if plan.target.mode == "company":
        return INVENTORY_SCOPES
    rows = {str(row.scope) for row in plan.inventory if row.covers == "portfolio"}
    return tuple(scope for scope in INVENTORY_SCOPES if scope in rows or own[scope].location_kg.any())
