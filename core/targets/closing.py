"""What must be true to close the gap: how far one thing alone would have to fall, all else as in the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

from core.plan import Plan
from core.results.figures import of
from core.results.inventory_view import as_inventory
from core.results.scopes import by_scope
from core.targets.amounts import places_of
from core.targets.lens import K_TOKENS, yearly_pct
from core.targets.track import track
from core.targets.tracked import ALL_SCOPES, Milestone
from core.units import G_PER_KG, KG_PER_T, WH_PER_KWH

STRAIGHT = (
    "Each alone, on top of the plan, all else as it is there. Straight shares: a fleet that is already bought does not "
    "shrink with demand in the year itself."
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
LEAST_SHARE = 1e-9  # of the total: a part below it is rounding


@dataclass(frozen=True, slots=True)
class Need:
    """What one thing alone would have to come to in the target year, as a factor of what the plan has there.

    `factor` is None where even none of it would not close the gap. `yearly_pct` makes the factor in equal steps from
    the plan's first year on, on top of the plan. `now` and `needed` are in `unit`, NaN where it has no single value.
    """

    what: str
    factor: float | None
    yearly_pct: float
    now: float
    needed: float
    unit: str
    note: str

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
    found, year = track(plan), plan.target.target_year
    at = None if year is None else found.milestone(scope, year)
    if at is None:
        return None
    lines = [line.scope for line in found.lines] if scope == ALL_SCOPES else [scope]
    off = [one for name in lines if (one := found.milestone(name, at.year)) is not None and one.gap_kg > 0.0]
    gap_kg = at.over_kg if off else at.gap_kg
    return Closing(scope, at.year, gap_kg, _needs(plan, off) if off else ())


def _needs(plan: Plan, off: Sequence[Milestone]) -> tuple[Need, ...]:
    """What each thing must come to for every line that is off track: the hardest of them decides."""
    scopes = tuple(scope for one in off for scope in one.scope.split("+"))
    year, parts = off[0].year, parts_of_year(plan, off[0].year, scopes)
    by_line = [_kg_by_thing(plan, one) for one in off]
    kg = {what: sum(line[what] for line in by_line) for what in THINGS}
    g_per_kwh = _per(kg[GRID] * G_PER_KG, parts.energy_facility_kwh)
    wh_per_1000_tokens = _per(parts.energy_answering_kwh * WH_PER_KWH, parts.tokens / K_TOKENS)
    now = {
        DEMAND: parts.tokens or nan, ENERGY: wh_per_1000_tokens, GRID: g_per_kwh, MAKING: kg[MAKING] / KG_PER_T,
        REST: kg[REST] / KG_PER_T,
    }  # fmt: skip
    total_kg = sum(one.central_kg for one in off)
    needs = []
    for what, (unit, note) in THINGS.items():
        if kg[what] <= LEAST_SHARE * total_kg:
            continue
        factor = min(
            needed_factor(one.central_kg, line[what], one.allowed_kg) if line[what] > 0.0 else -1.0
            for one, line in zip(off, by_line, strict=True)
        )
        needs.append(_need(what, factor, now[what], unit, note, year - plan.first_year))
    return tuple(needs)


def _kg_by_thing(plan: Plan, at: Milestone) -> dict[str, float]:
    """The part of a line's emissions that each thing scales, all else as it is [kgCO2e]."""
    parts = parts_of_year(plan, at.year, tuple(at.scope.split("+")))
    rest_kg = at.central_kg - parts.electricity_kg - parts.hardware_kg
    return {
        DEMAND: parts.electricity_kg + parts.hardware_kg, ENERGY: parts.electricity_kg, GRID: parts.electricity_kg,
        MAKING: parts.hardware_kg, REST: rest_kg if rest_kg > LEAST_SHARE * at.central_kg else 0.0,
    }  # fmt: skip


def _per(amount: float, of: float) -> float:
    return amount / of if of > 0.0 else nan


def needed_factor(total_kg: float, part_kg: float, allowed_kg: float) -> float:
    """What a part must come to, as a factor of itself, for the total to be what is allowed; below 0 it cannot alone.

    >>> needed_factor(100.0, 80.0, 60.0), needed_factor(100.0, 20.0, 60.0)
    (0.5, -1.0)
    """
    return (allowed_kg - (total_kg - part_kg)) / part_kg


def _need(what: str, factor: float, now: float, unit: str, note: str, years: int) -> Need:
    if factor < 0.0:
        return Need(what, None, nan, now, nan, unit, NOT_ALONE)
    return Need(what, factor, yearly_pct(factor, years), now, now * factor, unit, note)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the plan has in some scopes in a year, central case: carbon by cause, and what it is of."""

    electricity_kg: float = 0.0
    hardware_kg: float = 0.0
    energy_facility_kwh: float = 0.0
    energy_answering_kwh: float = 0.0
    tokens: float = 0.0


def parts_of_year(plan: Plan, year: int, scopes: tuple[str, ...]) -> Parts:
    """Carbon of electricity and of making the hardware, electricity, and tokens read and written, in some scopes."""
    found, basis = of(as_inventory(plan)), plan.target.scope2_basis
    kg = {"electricity": 0.0, "hardware": 0.0}
    for part in by_scope(found, year):
        if str(part.scope) in scopes and part.counted:
            drawn_kg = part.market_kg if basis == "market" else part.location_kg
            kg["hardware" if part.what == "hardware" else "electricity"] += float(drawn_kg[0])
    mine = [place for scope in scopes for place in places_of(found, scope)]
    answers = [place for place in mine if found.workloads[place].kind == "inference"]

    def total(name: str, places: list[int]) -> float:
        return float(found.values[name][places, found.place(year), 0].sum())

    tokens = total("input_tokens_year", answers) + total("output_tokens_year", answers)
    energy_kwh = total("energy_facility_kwh", mine), total("energy_facility_kwh", answers)
    return Parts(kg["electricity"], kg["hardware"], *energy_kwh, tokens)
