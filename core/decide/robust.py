"""How a choice of levers stands in other worlds: more growth, more rebound, dirtier grids, other machines.

A world is a plain change of the plan, so that every figure in it is the plan's own. Regret is how far a choice lies
from the best of those beside it in the same world; the choice whose largest regret is smallest is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan, nan

from core.decide.change import change, whole
from core.plan import Plan
from core.plan.follow import follow
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.targets.judged import judged
from core.targets.tracked import ALL_SCOPES
from core.units import KG_PER_T

MOST_KEPT = 256
SAME_SHARE = 1e-9  # of the largest figure: what differs by less is the same
DIRTIER_PCT = 1.0  # a year, where the plan keeps grids as they are; an assumption
ASSUMED = "an assumption of ours, no forecast"


@dataclass(frozen=True, slots=True)
class Stress:
    """Another world: the plan in it, and what differs, in words; `idle` says why nothing does."""

    key: str
    name: str
    plan: Plan
    said: str
    idle: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice to compare: every lever in use under it."""

    name: str
    levers: tuple[Lever, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One choice in one world: the target's year, all lines together [kg], and all years. `reason`: no figure, and why.

    `cost_usd` is the change against the plan without the candidates in the same world, undiscounted; NaN unknown.
    """

    emissions_kg: float
    allowed_kg: float
    over_kg: float
    met_share: float
    carbon_all_years_kg: float
    cost_usd: float
    left_out: tuple[tuple[str, str], ...] = ()
    reason: str = ""

    @property
    def gap_kg(self) -> float:
        """Emissions of the target's year less what is allowed [kg]; above 0 it is missed."""
        return self.emissions_kg - self.allowed_kg

    def priced_usd(self, carbon_price_usd_per_t: float) -> float:
        """Cost with the carbon of all years at a price [USD]."""
        return self.cost_usd + self.carbon_all_years_kg / KG_PER_T * carbon_price_usd_per_t


def stresses(plan: Plan) -> tuple[Stress, ...]:
    """The plan as it is, then each other world that its search is tried in."""
    asked = plan.search
    return (
        Stress("planned", "As planned", plan, "The plan's own assumptions."),
        _growth(plan),
        _rebound(plan, asked.stress_rebound_elasticity),
        _grid(plan, asked.stress_grid_change_pct),
        _machines(plan, asked.stress_hardware),
    )


def _growth(plan: Plan) -> Stress:
    grown = tuple(w.but(growth_low_pct=w.growth_high_pct, growth_central_pct=w.growth_high_pct) for w in plan.workloads)
    said = "Every workload grows at the high end of the range entered for it."
    idle = "" if grown != plan.workloads else "No workload has a growth above its central one."
    return Stress("growth", "High growth", plan.but(workloads=grown), said, idle)


def _rebound(plan: Plan, elasticity: float) -> Stress:
    more = max(plan.rebound_elasticity, elasticity)
    said = f"Use grows by {more:g} times the fall of an answer's cost; {ASSUMED}."
    idle = "" if more > plan.rebound_elasticity else "The plan already assumes as much."
    return Stress("rebound", "High rebound", plan.but(rebound_elasticity=more), said, idle)


def _grid(plan: Plan, pct: float | None) -> Stress:
    """Grids that improve less: as today where the plan lets them, and dirtier every year where it keeps them as is."""
    usual = DIRTIER_PCT if plan.grid_path == "flat" else 0.0
    yearly = usual if pct is None else pct
    changed = plan.but(grid_path="percent", grid_change_pct=yearly)
    said = f"Carbon of every grid's electricity changes by {yearly:+g} % a year; {ASSUMED}."
    if yearly == 0.0:
        said = "Every grid stays as it is in the plan's first year."
    idle = "" if (changed.grid_path, yearly) != (plan.grid_path, plan.grid_change_pct) else "The plan already does."
    return Stress("grid", "Slow grid", changed, said, idle)


def _machines(plan: Plan, hardware: str) -> Stress:
    catalog = catalog_of(plan)
    known = catalog.hardware.get(hardware)
    name = known.name if known else hardware
    moved = []
    for w in plan.workloads:
        mine = w.hosting != "api" and w.hardware != hardware
        fields, _ = follow(catalog, w, {"hardware": hardware, "accelerators": None}) if mine else ({}, [])
        moved.append(w.but(**fields))
    said = f"What runs on accelerators of one's own or hired runs on {name}, as many as before; {ASSUMED}."
    idle = "" if tuple(moved) != plan.workloads else f"No workload runs on anything but {name}, or all are bought."
    return Stress("machines", "Other hardware", plan.but(workloads=tuple(moved)), said, idle)


@lru_cache(maxsize=MOST_KEPT)
def outcome(world: Plan, levers: tuple[Lever, ...], kept: tuple[Lever, ...]) -> Outcome:
    """What levers in use come to in a world; costs are against `kept`, the levers that stay in any case."""
    found = judged(whole(world, levers))
    year = world.target.target_year
    at = None if year is None else found.milestone(ALL_SCOPES, year)
    moved = change(world, kept, levers)
    if at is None or moved.reason:
        why = moved.reason or next(iter(found.questions), "") or "there is no figure of the target's year"
        return Outcome(nan, nan, nan, nan, nan, nan, reason=why)
    kg = moved.carbon_kg(world.method)
    met_share = found.met_share(world.search.milestones == "every_year")
    return Outcome(at.central_kg, at.allowed_kg, at.over_kg, met_share, kg, moved.cost_usd, moved.left_out)


def regrets(values: Sequence[float]) -> list[float]:
    """How far each is above the least of them; NaN where its own value is unknown.

    >>> regrets([3.0, 1.0, float("nan")])
    [2.0, 0.0, nan]
    """
    least = min((value for value in values if not isnan(value)), default=nan)
    return [value - least for value in values]


def smallest_largest(by_world: Mapping[str, Sequence[float]]) -> tuple[int, ...]:
    """The choices whose largest regret is smallest, over the worlds in which all have one; none where no world has.

    >>> smallest_largest({"a": [0.0, 1.0], "b": [5.0, 0.0], "c": [float("nan"), 9.0]})
    (1,)
    """
    known = [row for row in by_world.values() if not any(map(isnan, row))]
    if not known:
        return ()
    largest = [max(column) for column in zip(*known, strict=True)]
    near = SAME_SHARE * max(largest)
    return tuple(place for place, one in enumerate(largest) if one <= min(largest) + near)
