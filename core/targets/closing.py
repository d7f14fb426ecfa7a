"""What must be true to close the gap: how far one thing alone would have to fall, all else as in the plan.

In the central case, with the 80 % range over the joint draws, and how many of them it would meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import TypeVar

import numpy as np

from core.plan import Plan
from core.results.counted import counted
from core.results.draws import interval
from core.results.figures import Results, of
from core.results.inventory_view import as_inventory
from core.results.scopes import counts_sold_products
from core.targets.amounts import Floats, places_of
from core.targets.judged import judged
from core.targets.lens import K_TOKENS, yearly_pct
from core.targets.tracked import ALL_SCOPES, ScopeLine
from core.units import G_PER_KG, KG_PER_T, WH_PER_KWH

STRAIGHT = (
    "Each alone, on top of the plan, all else as it is there. It closes the gap of the central case; to be met in nine "
    "of ten simulations it takes the far end of its 80 % range. Straight shares: a fleet that is already bought does "
    "not shrink with demand in the year itself."
)
NOT_ALONE = "not possible alone"
DEMAND, ENERGY, GRID = "Demand", "Energy per token", "Carbon of the electricity"
MAKING, REST = "Making of the hardware", "Rest of the inventory"
# What could close a gap: the unit that its value has, and what is held as it is.
THINGS = {
    DEMAND: ("tokens a year", "Training runs and the fleet fall with it."),
    ENERGY: ("Wh per 1,000 tokens", "Hardware stays as it is."),
    GRID: ("g per kWh", "Every place alike; hardware stays as it is."),
    MAKING: ("t", "Electricity stays as it is."),
    REST: ("t", "The AI portfolio stays as it is."),
}
Amount = TypeVar("Amount", float, Floats)
LEAST_SHARE = 1e-9  # of the total: a part below it is rounding


@dataclass(frozen=True, slots=True)
class Need:
    """What one thing alone would have to come to in the target year, as a factor of what the plan has there.

    `factor` is None where even none of it would not close the gap. `yearly_pct` makes the factor in equal steps from
    the plan's first year on, on top of the plan. `now` and `needed` are in `unit`, NaN where it has no single value.
    `low_factor` and `high_factor` are the ends of the factor's 80 % range (P10, P90), from the joint draws: below 0
    the thing cannot do it alone, at 1 nothing need fall. `met_share` of draws meet every line looked at, where the
    thing comes to its factor, or to none of it where it cannot close the gap of the central case.
    """

    what: str
    factor: float | None
    yearly_pct: float
    now: float
    needed: float
    unit: str
    note: str
    low_factor: float
    high_factor: float
    met_share: float

    @property
    def possible(self) -> bool:
        """Whether it could close the gap alone."""
        return self.factor is not None


@dataclass(frozen=True, slots=True)
class Closing:
    """The gap of a line in the target year, central case [kgCO2e], and what would close it, where there is one.

    Of all lines it is the sum of the gaps of those off track: what one has to spare helps no other.
    """

    scope: str
    year: int
    gap_kg: float
    needs: tuple[Need, ...]


def closing(plan: Plan, scope: str = ALL_SCOPES) -> Closing | None:
    """What closes the gap of one line, or of all together; None where there is no target or no figure of its year."""
    found, year = judged(plan), plan.target.target_year
    at = None if year is None else found.milestone(scope, year)
    if at is None:
        return None
    lines = [line for line in found.lines if scope in (ALL_SCOPES, line.scope)]
    off = any(one is not None and one.gap_kg > 0.0 for line in lines if (one := found.milestone(line.scope, at.year)))
    gap_kg = at.over_kg if off else at.gap_kg
    return Closing(scope, at.year, gap_kg, _needs(plan, lines, at.year) if off else ())


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line in the target year, (1 + draws,) each [kgCO2e]: its emissions, and the part that each thing scales."""

    scopes: tuple[str, ...]
    total_kg: Floats
    by_thing_kg: dict[str, Floats]
    allowed_kg: float

    @property
    def off(self) -> bool:
        """Whether it is above its line, central case."""
        return bool(self.total_kg[0] > self.allowed_kg)

    def factors(self, what: str) -> Floats:
        """What the thing must come to in each draw; below 0 it cannot do it alone, 1 where nothing need fall."""
        part_kg, met = self.by_thing_kg[what], self.total_kg <= self.allowed_kg
        some = np.where(part_kg > 0.0, part_kg, 1.0)
        exact = np.where(part_kg > 0.0, needed_factor(self.total_kg, some, self.allowed_kg), -1.0)
        return np.where(met, 1.0, exact)


def _needs(plan: Plan, lines: Sequence[ScopeLine], year: int) -> tuple[Need, ...]:
    """What each thing must come to for every line: the hardest of those off track decides, in every draw."""
    drawn = [_drawn(plan, line, year) for line in lines]
    off = [one for one in drawn if one.off]
    parts = parts_of_year(plan, year, tuple(scope for one in off for scope in one.scopes))
    kg = {what: sum(float(one.by_thing_kg[what][0]) for one in off) for what in THINGS}
    g_per_kwh = _per(kg[GRID] * G_PER_KG, parts.energy_facility_kwh)
    wh_per_1000_tokens = _per(parts.energy_answering_kwh * WH_PER_KWH, parts.tokens / K_TOKENS)
    now = {
        DEMAND: parts.tokens or nan, ENERGY: wh_per_1000_tokens, GRID: g_per_kwh, MAKING: kg[MAKING] / KG_PER_T,
        REST: kg[REST] / KG_PER_T,
    }  # fmt: skip
    total_kg = sum(float(one.total_kg[0]) for one in off)
    return tuple(
        _need(what, np.min([one.factors(what) for one in drawn], axis=0), now[what], year - plan.first_year)
        for what in THINGS
        if kg[what] > LEAST_SHARE * total_kg
    )


def _drawn(plan: Plan, line: ScopeLine, year: int) -> Drawn:
    """A line with the part of its emissions that each thing scales, all else as it is."""
    scopes, when = tuple(line.scope.split("+")), year - plan.first_year
    total_kg, parts = line.plan.on(plan.target.scope2_basis)[when], parts_of_year(plan, year, scopes)
    ours_kg = parts.electricity_kg + parts.hardware_kg
    rest_kg = total_kg - ours_kg
    rounding = abs(float(rest_kg[0])) <= LEAST_SHARE * float(total_kg[0])
    by_thing = {
        DEMAND: ours_kg, ENERGY: parts.electricity_kg, GRID: parts.electricity_kg, MAKING: parts.hardware_kg,
        REST: np.zeros_like(rest_kg) if rounding else rest_kg,
    }  # fmt: skip
    return Drawn(scopes, total_kg, by_thing, float(line.allowed_kg[when]))


def _per(amount: float, of: float) -> float:
    return amount / of if of > 0.0 else nan


def needed_factor(total_kg: Amount, part_kg: Amount, allowed_kg: float) -> Amount:
    """What a part must come to, as a factor of itself, for the total to be what is allowed; below 0 it cannot alone.

    >>> needed_factor(100.0, 80.0, 60.0), needed_factor(100.0, 20.0, 60.0)
    (0.5, -1.0)
    """
    return (allowed_kg - (total_kg - part_kg)) / part_kg


def met_by_share(factors: Floats, factor: float) -> float:
    """Share of draws that a thing's factor would meet: those that allow it at least as much.

    >>> met_by_share(np.array([0.5, 0.4, 0.5, 0.7, 1.0]), 0.5)
    0.75
    """
    drawn = factors[1:] if len(factors) > 1 else factors
    return float(np.mean(drawn >= factor))


def _need(what: str, factors: Floats, now: float, years: int) -> Need:
    """`factors` are what the thing must come to, (1 + draws,), the central case first."""
    (unit, note), (low, factor, high) = THINGS[what], interval(factors)
    if factor < 0.0:
        return Need(what, None, nan, now, nan, unit, NOT_ALONE, low, high, met_by_share(factors, 0.0))
    yearly, met = yearly_pct(factor, years), met_by_share(factors, factor)
    return Need(what, factor, yearly, now, now * factor, unit, note, low, high, met)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the plan has in some scopes in a year: carbon by cause, (1 + draws,), and what it is of, central case."""

    electricity_kg: Floats
    hardware_kg: Floats
    energy_facility_kwh: float
    energy_answering_kwh: float
    tokens: float


def parts_of_year(plan: Plan, year: int, scopes: tuple[str, ...]) -> Parts:
    """Carbon of electricity and of making the hardware, electricity, and tokens read and written, in some scopes."""
    view = as_inventory(plan)
    found, electricity_kg, hardware_kg = of(view, 0), *_by_cause(counted(view, int(plan.points)), year, scopes)
    mine = [place for scope in scopes for place in places_of(found, scope)]
    answers = [place for place in mine if found.workloads[place].kind == "inference"]

    def total(name: str, places: list[int]) -> float:
        return float(found.values[name][places, found.place(year), 0].sum())

    tokens = total("input_tokens_year", answers) + total("output_tokens_year", answers)
    energy_kwh = total("energy_facility_kwh", mine), total("energy_facility_kwh", answers)
    return Parts(electricity_kg, hardware_kg, *energy_kwh, tokens)


def _by_cause(found: Results, year: int, scopes: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Carbon of electricity, sold devices included where they count, and of making, in some scopes, (1 + draws,)."""
    plan, values, when = found.plan, found.values, found.place(year)
    drawn_kg = values[f"carbon_{plan.target.scope2_basis}_kg"][:, when] - values["carbon_devices_sold_kg"][:, when]
    electricity_kg = np.asarray(sum(drawn_kg[places_of(found, scope)].sum(axis=0) for scope in scopes))
    if "3" not in scopes:
        return electricity_kg, np.zeros_like(electricity_kg)
    if counts_sold_products(plan):
        electricity_kg = electricity_kg + values["carbon_devices_sold_kg"][:, when].sum(axis=0)
    return electricity_kg, np.asarray(values["carbon_embodied_kg"][:, when].sum(axis=0))
