"""Marginal abatement cost: what a tonne avoided costs, lever by lever, each given those before it, and each alone.

The next lever is always the one that costs least a tonne on top of those already taken. Levers whose cost nobody knows
come after them, in the order in which they act on a workload, and make no cost claim; what avoids nothing comes last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from math import fsum, inf, isfinite, nan
from typing import Literal

from core.decide.change import Change, change
from core.levers import in_order
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.lever_work import is_priced
from core.units import KG_PER_T

ORDER = (
    "Cheapest next: each bar is the lever that costs least a tonne on top of those to its left, so that the widths add "
    "up to what all of them avoid together. Levers of unknown cost come after those with one."
)
NAIVE = (
    "Each alone, as such curves are often drawn: each lever starts from the plan without any of them, so that what two "
    "of them both avoid is counted twice. The last bar takes the difference off."
)
BELOW_ZERO = "Below 0 a lever saves money; how far below is no ranking, as fewer tonnes make it deeper."
LEAST_SHARE = 1e-9  # of the largest change: what moves less avoids nothing
MOST_KEPT = 32
Kind = Literal["priced", "unknown", "adds", "nothing"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One lever: what it changes on top of those before it, and alone, over all years.

    `kind`: `priced` avoids carbon at a known cost, `unknown` avoids at an unknown one, `adds` adds carbon, `nothing`
    moves none by this method.
    """

    lever: Lever
    name: str
    kind: Kind
    given: Change
    alone: Change
    method: str

    @property
    def carbon_kg(self) -> float:
        """Its change of carbon given those before it [kg]; below 0 it avoids."""
        return self.given.carbon_kg(self.method)

    @property
    def interaction_kg(self) -> float:
        """Its change given those before it less its change alone [kg]; above 0 they avoid some of the same."""
        return self.carbon_kg - self.alone.carbon_kg(self.method)

    def usd_per_t(self, alone: bool = False) -> float:
        """Cost over carbon avoided, given those before it or alone; NaN where it has no cost or avoids nothing."""
        if self.kind in ("unknown", "nothing"):
            return nan
        return usd_per_t(self.alone if alone else self.given, self.method)


def usd_per_t(one: Change, method: str) -> float:
    """Cost over carbon avoided, both over all years, undiscounted; NaN where unknown or nothing is avoided.

    >>> usd_per_t(Change(-2000.0, 0.0, 50.0), "location"), usd_per_t(Change(5.0, 0.0, 50.0), "location")
    (25.0, nan)
    """
    avoided_kg = -one.carbon_kg(method)
    return one.cost_usd / (avoided_kg / KG_PER_T) if avoided_kg > 0 and isfinite(one.cost_usd) else nan


@dataclass(frozen=True, slots=True)
class Curve:
    """The bars in their order, and what all levers together change; `reason` says why there is no curve."""

    method: str
    bars: tuple[Bar, ...]
    together: Change
    reason: str = ""
    years: tuple[int, int] = field(default=(0, 0))

    @property
    def interaction_kg(self) -> float:
        """What all change together less the sum of each alone [kg]; above 0 a naive sum counts tonnes twice."""
        return fsum(bar.interaction_kg for bar in self.bars)

    @property
    def alone_kg(self) -> float:
        """The sum of what each changes alone [kg]."""
        return fsum(bar.alone.carbon_kg(self.method) for bar in self.bars)


@lru_cache(maxsize=MOST_KEPT)
def curve(plan: Plan, levers: tuple[Lever, ...], method: str) -> Curve:
    """The curve of these levers on a plan, whose other levers in use stay, by one method of counting electricity."""
    mine = {lever.id for lever in levers}
    kept = tuple(lever for lever in plan.levers if lever.id not in mine)
    together = change(plan, kept, (*kept, *levers))
    if together.reason:
        return Curve(method, (), together, together.reason)
    alone = {lever.id: change(plan, kept, (*kept, lever)) for lever in levers}
    refused = next((one.reason for one in alone.values() if one.reason), "")
    if refused:
        return Curve(method, (), together, refused)
    bars = []
    largest_kg = max((abs(one.carbon_kg(method)) for one in alone.values()), default=0.0)
    for lever, given in _sequence(plan, kept, levers, method, LEAST_SHARE * largest_kg):
        if given.reason:
            return Curve(method, (), together, given.reason)
        kind = _kind(plan, lever, given, method, LEAST_SHARE * largest_kg)
        bars.append(Bar(lever, _name(lever), kind, given, alone[lever.id], method))
    return Curve(method, tuple(bars), together, years=(plan.first_year, plan.last_year))


def _sequence(
    plan: Plan, kept: tuple[Lever, ...], levers: tuple[Lever, ...], method: str, least_kg: float
) -> list[tuple[Lever, Change]]:
    """The levers as they are taken, each with what it changes then: the cheapest, those of unknown cost, the others."""
    catalog, taken, order = catalog_of(plan), kept, []
    rest = list(in_order(catalog, levers))
    while rest:
        steps = {lever.id: change(plan, taken, (*taken, lever)) for lever in rest}
        ranks = {
            lever.id: (
                _RANKS[_kind(plan, lever, steps[lever.id], method, least_kg)],
                usd_per_t(steps[lever.id], method) if is_priced(catalog, lever) else inf,
            )
            for lever in rest
        }
        first = min(rest, key=lambda lever: tuple(inf if value != value else value for value in ranks[lever.id]))
        order.append((first, steps[first.id]))
        rest.remove(first)
        taken = (*taken, first)
    return order


_RANKS: dict[Kind, int] = {"priced": 0, "unknown": 1, "nothing": 2, "adds": 3}


def _kind(plan: Plan, lever: Lever, one: Change, method: str, least_kg: float) -> Kind:
    kg = one.carbon_kg(method)
    if abs(kg) <= least_kg:
        return "nothing"
    if kg > 0:
        return "adds"
    return "priced" if is_priced(catalog_of(plan), lever) and isfinite(one.cost_usd) else "unknown"


def _name(lever: Lever) -> str:
    """What the lever is called; a second use of it says so."""
    number = lever.id.partition(".")[2]
    return lever.kind().name + (f" ({number})" if number else "")
