"""Plans beside each other: every figure of the ladder by year, and its difference with the range of the difference.

All are worked out by today's data, in the view of the first (method, boundary, hardware) and in the same draws: what
two plans share cancels out in their difference, so that its range is not that of two strangers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

import numpy as np

from core.decide.watch import go_on
from core.plan import Plan
from core.results.draws import Floats, interval
from core.results.figures import Results, carbon_kg, of

# What is compared, in the order of the ladder; carbon by the plans' method and boundary comes first.
QUANTITIES = (
    "carbon_kg", "energy_accelerator_kwh", "energy_it_kwh", "energy_facility_kwh", "carbon_location_kg",
    "carbon_market_kg", "carbon_embodied_kg", "water_l", "cost_usd",
)  # fmt: skip
# Fields of the plan that say what is looked at: every other plan takes those of the first.
VIEW = (
    "method", "boundary", "hardware_view", "headline_year", "seed", "points", "stack_by", "carbon_price_usd_per_t",
)  # fmt: skip
WHOLE = {"business_unit": "", "tag": ""}  # no filter
STEP = "Working out the plans"
PARTS = {"water_l": ("water_site_l", "water_source_l")}  # of a quantity that is shown as one
MOST_PLANS = 6
Ends = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Compared:
    """One quantity of one year in both plans and the difference, second less first: P10, central, P90.

    `share` is the difference over the first, draw by draw; NaN where the first may be nothing.
    """

    name: str
    year: int
    first: Ends
    second: Ends
    difference: Ends
    share: Ends

    @property
    def known(self) -> bool:
        """Whether both plans have the figure."""
        return all(map(isfinite, self.difference))

    @property
    def same(self) -> bool:
        """Whether nothing differs in any draw that counts."""
        return self.difference == (0.0, 0.0, 0.0)

    @property
    def told_apart(self) -> bool:
        """Whether the range of the difference leaves out zero."""
        low, _, high = self.difference
        return low * high > 0


@dataclass(frozen=True, slots=True)
class Side:
    """A plan's totals by quantity, (years, 1 + draws). Figures of 500 workloads take 0.8 GB: these alone are kept."""

    plan: Plan
    refused: Mapping[str, str]
    totals: Mapping[str, Floats]

    def place(self, year: int) -> int:
        """Index of a calendar year."""
        return year - self.plan.first_year


@dataclass(frozen=True, slots=True)
class Between:
    """Two plans, and the difference of the answer: carbon in the year that the first shows, or the nearest of both."""

    first: Side
    second: Side
    year: int
    answer: Compared

    def compared(self, name: str, year: int) -> Compared:
        """One quantity of one year that both plans have."""
        return _compared(self.first, self.second, name, year)

    @property
    def years(self) -> range:
        """The years that both plans have."""
        return common_years(self.first.plan, self.second.plan)


def common_years(first: Plan, second: Plan) -> range:
    """The calendar years of both plans; empty where they share none."""
    return range(max(first.first_year, second.first_year), min(first.last_year, second.last_year) + 1)


def aligned(first: Plan, second: Plan) -> tuple[Plan, Plan]:
    """Both plans whole, without a filter, and the second in the view and the draws of the first."""
    seen = {name: getattr(first, name) for name in VIEW}
    return first.model_copy(update=WHOLE), second.model_copy(update=WHOLE | seen)


def year_of(first: Plan, second: Plan) -> int | None:
    """The year of the answer; None where the plans share no year."""
    years = common_years(first, second)
    return min(max(first.shown_year(), years[0]), years[-1]) if years else None


@lru_cache(maxsize=16)
def between(first: Plan, second: Plan) -> Between | None:
    """Two plans beside each other; None where they share no year."""
    one, other = aligned(first, second)
    year = year_of(one, other)
    if year is None:
        return None
    before, after = _side(of(one)), _side(of(other))
    return Between(before, after, year, _compared(before, after, "carbon_kg", year))


def beside(plans: Sequence[Plan]) -> list[Between | None]:
    """Every plan after the first, each beside the first; told plan by plan to whoever watches."""
    if len(plans) < 2:
        return []
    go_on(STEP, 0, len(plans))
    of(aligned(plans[0], plans[0])[0])
    found = []
    for number, plan in enumerate(plans[1:], 1):
        go_on(STEP, number, len(plans))
        found.append(between(plans[0], plan))
    return found


def _side(found: Results) -> Side:
    totals = {name: found.total(quantity_of(found.plan, found.values, name)) for name in QUANTITIES}
    return Side(found.plan, found.refused, totals)


def amounts(found: Results, name: str, year: int) -> Floats:
    """The sum over all workloads of one quantity in one year, (1 + draws,)."""
    return np.asarray(found.total(quantity_of(found.plan, found.values, name))[found.place(year)])


def quantity_of(plan: Plan, values: Mapping[str, Floats], name: str) -> Floats:
    """One compared quantity in the shape of the figures."""
    if name == "carbon_kg":
        return carbon_kg(plan, values)
    return np.asarray(sum(values[part] for part in PARTS.get(name, (name,))))


def _compared(first: Side, second: Side, name: str, year: int) -> Compared:
    one, other = (side.totals[name][side.place(year)] for side in (first, second))
    share = (other - one) / one if (one > 0.0).all() else np.full_like(one, np.nan)
    return Compared(name, year, interval(one), interval(other), interval(other - one), interval(share))
