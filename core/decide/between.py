"""Two plans beside each other: the difference of every figure with its range, and what each changed input does.

Both are worked out by today's data, in the view of the first (method, boundary, hardware) and in the same draws: what
they share cancels out in the difference, so that its range is not that of two strangers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from core.plan import Plan, Record, Workload, knobs
from core.plan.own import OWN
from core.results.draws import Floats, interval
from core.results.figures import Results, of

# What is compared, in order: carbon by the plans' method and boundary first.
QUANTITIES = (
    "carbon_kg", "carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg", "energy_facility_kwh", "water_l",
    "cost_usd",
)  # fmt: skip
# Fields of the plan that say what is looked at: the second plan takes those of the first.
VIEW = (
    "method", "boundary", "hardware_view", "headline_year", "seed", "points", "stack_by", "carbon_price_usd_per_t",
)  # fmt: skip
# Fields of the plan that move figures; those of one row act together.
IN_FIGURES = (
    ("first_year", "last_year"),
    ("grid_path", "grid_change_pct"),
    ("efficiency_drift_pct",),
    ("refresh_every_years", "refresh_gain_pct"),
    ("rebound_elasticity",),
    ("price_engineering_usd_per_day",),
)
PARTS = {"water_l": ("water_site_l", "water_source_l")}  # of a quantity that is shown as one
NOT_AN_INPUT = ("id", "name", "owner", "business_unit", "tags")
MOST_STEPS = 60
Ends = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Compared:
    """One quantity of one year in both plans and the difference, second less first: P10, central, P90."""

    name: str
    year: int
    first: Ends
    second: Ends
    difference: Ends

    @property
    def told_apart(self) -> bool:
        """Whether the range of the difference leaves out zero."""
        low, _, high = self.difference
        return low * high > 0


@dataclass(frozen=True, slots=True)
class Step:
    """A changed input, taken into the first plan alone: what it does to carbon in the answer's year [kgCO2e].

    `record` and `id` say whose, `fields` which: several where one cannot change without the others. No field is a
    record that was added or taken out.
    """

    record: str
    id: str
    fields: tuple[str, ...]
    low_kg: float
    central_kg: float
    high_kg: float


@dataclass(frozen=True, slots=True)
class Between:
    """Two plans, what differs in their figures, and the steps from one to the other.

    `together_kg` is what the steps do together beyond the sum of each alone. `left_out` counts further steps that were
    not worked out.
    """

    first: Results
    second: Results
    year: int
    answer: Compared
    steps: tuple[Step, ...]
    together_kg: float
    left_out: int

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
    whole = {"business_unit": "", "tag": ""}
    seen = {name: getattr(first, name) for name in VIEW}
    return first.model_copy(update=whole), second.model_copy(update=whole | seen)


@lru_cache(maxsize=4)
def between(first: Plan, second: Plan) -> Between | None:
    """Two plans beside each other; None where they share no year."""
    one, other = aligned(first, second)
    years = common_years(one, other)
    if not years:
        return None
    year = min(max(one.shown_year(), years[0]), years[-1])
    before, after = of(one), of(other)
    plans = list(_alone(_with_entries(one, other), other))
    start = of(_with_entries(one, other))
    steps = tuple(_step(start, where, plan, year) for where, plan in plans[:MOST_STEPS])
    answer = _compared(before, after, "carbon_kg", year)
    together_kg = answer.difference[1] - sum(step.central_kg for step in steps)
    return Between(before, after, year, answer, steps, together_kg, max(len(plans) - MOST_STEPS, 0))


def effects_kg(first: Plan, second: Plan) -> dict[tuple[str, str, str], float]:
    """What each changed input does to carbon in the answer's year, alone, by record, id and field [kgCO2e].

    Fields that change together have their effect at the first of them, a whole record at its id.
    """
    found = between(first, second)
    steps = found.steps if found else ()
    return {(step.record, step.id, step.fields[0] if step.fields else "id"): step.central_kg for step in steps}


def amounts(found: Results, name: str, year: int) -> Floats:
    """The sum over all workloads of one quantity in one year, (1 + draws,)."""
    whole = [found.carbon_kg()] if name == "carbon_kg" else [found.values[part] for part in PARTS.get(name, (name,))]
    return np.asarray(sum(found.total(values)[found.place(year)] for values in whole))


def _compared(first: Results, second: Results, name: str, year: int) -> Compared:
    one, other = amounts(first, name, year), amounts(second, name, year)
    return Compared(name, year, interval(one), interval(other), interval(other - one))


Where = tuple[str, str, tuple[str, ...]]  # record, id, fields


def _step(start: Results, where: Where, plan: Plan, year: int) -> Step:
    low, central, high = _compared(start, of(plan), "carbon_kg", year).difference
    return Step(*where, low, central, high)


def _with_entries(one: Plan, other: Plan) -> Plan:
    """The first plan with the second's own entries that it lacks: until a workload names them they do nothing."""
    ids = {entry.id for _, entry in one.own()}
    for _, entry in other.own():
        if entry.id not in ids:
            one = one.with_own(entry)
    return one


def _alone(one: Plan, other: Plan) -> Iterator[tuple[Where, Plan]]:
    """The first plan with each change of the second alone; what changes no figure of it stays out."""
    yield from _of_plan(one, other)
    yield from _of_workloads(one, other)
    theirs = {entry.id: entry for _, entry in other.own()}
    for field, entry in one.own():
        if entry.id in theirs and theirs[entry.id] != entry:
            yield (OWN[field].record, entry.id, _changed(entry, theirs[entry.id])), one.with_own(theirs[entry.id])
    yield from _of_list(one, other, "calibrations", Plan.calibrating, Plan.without_calibration)
    yield from _of_list(one, other, "levers", Plan.with_lever, Plan.without_lever)
    yield from _of_list(one, other, "hours_files", Plan.with_hours_file, Plan.without_hours_file)


def _of_plan(one: Plan, other: Plan) -> Iterator[tuple[Where, Plan]]:
    for names in IN_FIGURES:
        theirs = {name: getattr(other, name) for name in names if getattr(one, name) != getattr(other, name)}
        if theirs:
            yield (Plan.record, "", tuple(theirs)), one.but(**theirs)


def _of_workloads(one: Plan, other: Plan) -> Iterator[tuple[Where, Plan]]:
    ours, theirs = ({w.id: w for w in plan.workloads} for plan in (one, other))
    for key, workload in ours.items():
        if key not in theirs:
            yield (Workload.record, key, ()), one.without(key)
            continue
        changed = [name for name in _changed(workload, theirs[key]) if name not in NOT_AN_INPUT]
        yield from _of_fields(theirs[key], changed, Workload.record, key, _of_workload(one, key))
    for key, workload in theirs.items():
        if key not in ours:
            yield (Workload.record, key, ()), one.adding(workload)


def _of_workload(plan: Plan, key: str) -> Callable[[dict[str, Any]], Plan]:
    return lambda fields: plan.with_workload(key, **fields)


def _of_fields(
    new: Record, names: list[str], record: str, key: str, take: Callable[[dict[str, Any]], Plan]
) -> Iterator[tuple[Where, Plan]]:
    """Each changed field alone; where some cannot change without others, those together, or all of them."""

    def taken(some: Iterable[str]) -> Plan | None:
        try:
            return take({name: getattr(new, name) for name in some})
        except ValueError:
            return None

    alone = {(name,): taken((name,)) for name in names}
    refused = tuple(name for (name,), plan in alone.items() if plan is None)
    steps: dict[tuple[str, ...], Plan | None] = {fields: plan for fields, plan in alone.items() if plan is not None}
    if refused:
        steps[refused] = taken(refused)
        if steps[refused] is None:
            steps = {tuple(names): take({name: getattr(new, name) for name in names})}
    for fields, plan in steps.items():
        if plan is not None:
            yield (record, key, fields), plan


def _of_list(
    one: Plan, other: Plan, field: str, take: Callable[[Plan, Any], Plan], leave: Callable[[Plan, str], Plan]
) -> Iterator[tuple[Where, Plan]]:
    """Each record of a list that was changed, added or taken out, alone."""
    ours, theirs = ({entry.id: entry for entry in getattr(plan, field)} for plan in (one, other))
    for key, entry in (ours | theirs).items():
        if ours.get(key) == theirs.get(key):
            continue
        fields = _changed(ours[key], theirs[key]) if key in ours and key in theirs else ()
        try:
            yield (entry.record, key, fields), take(one, theirs[key]) if key in theirs else leave(one, key)
        except ValueError:
            continue  # a calibration of a workload that only the second has: it comes with the workload


def _changed(old: Record, new: Record) -> tuple[str, ...]:
    return tuple(name for name in knobs(type(old)) if getattr(old, name) != getattr(new, name))
