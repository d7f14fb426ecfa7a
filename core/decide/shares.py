"""What each changed input does to the difference of two plans, all together making the whole of it.

A plan's figures are the sum of its workloads', and each rests on few of the changes: the mean over all orders of
changes is taken workload by workload, and summed. So few sets are tried where a plan of many changes has very many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.decide.between import aligned, quantity_of, year_of
from core.decide.changed import Changed, changed_inputs, with_some
from core.decide.orders import parts_of, tries
from core.decide.watch import go_on
from core.levers import acting, at_rest
from core.plan import Plan, Workload
from core.plan.own import OWN
from core.plan.own_catalog import catalog_of
from core.results.draws import DRAWS, Floats, interval
from core.results.figures import NOT_IN_FIGURES, figures

STEP = "Sharing out the difference"
OWN_RECORDS = frozenset(cls.record for cls in OWN.values())
NOTHING = np.zeros(1 + DRAWS)


@dataclass(frozen=True, slots=True)
class Step:
    """Changed inputs and their part of the difference [the quantity's unit]; several where they stand only together."""

    inputs: tuple[Changed, ...]
    low: float
    central: float
    high: float
    error: float  # standard error of the central part; 0 where it is exact


@dataclass(frozen=True, slots=True)
class Shared:
    """The difference of one quantity in one year, shared out; the parts add up to it. The largest come first."""

    name: str
    year: int
    first: float
    second: float
    steps: tuple[Step, ...]

    @property
    def error(self) -> float:
        """The largest standard error of a part; 0 where all are exact."""
        return max((step.error for step in self.steps), default=0.0)

    @property
    def moving(self) -> tuple[Step, ...]:
        """The steps that move the figure at all."""
        return tuple(step for step in self.steps if (step.low, step.central, step.high) != (0.0, 0.0, 0.0))


@lru_cache(maxsize=16)
def shared(first: Plan, second: Plan, name: str = "carbon_kg") -> Shared | None:
    """What each changed input does to one quantity of the answer's year; None where the plans share no year."""
    one, other = aligned(first, second)
    year = year_of(one, other)
    if year is None:
        return None
    game = _Game(one, other, name, year)
    found: dict[tuple[Changed, ...], Floats] = {(change,): np.zeros(1 + DRAWS) for change in game.changes}
    squares: dict[tuple[Changed, ...], float] = {}
    first_kg, second_kg = 0.0, 0.0
    for key, mine in game.behind.items():
        before, after = game.total(key)
        first_kg, second_kg = first_kg + float(before[0]), second_kg + float(after[0])
        for inputs, values, error in game.parts(key, mine):
            found[inputs] = found.get(inputs, np.zeros(1 + DRAWS)) + values
            squares[inputs] = squares.get(inputs, 0.0) + error**2
    grouped = {change for inputs in found if len(inputs) > 1 for change in inputs}
    kept = {
        inputs: values
        for inputs, values in found.items()
        if len(inputs) > 1 or values.any() or inputs[0] not in grouped
    }
    steps = [Step(inputs, *interval(values), squares.get(inputs, 0.0) ** 0.5) for inputs, values in kept.items()]
    return Shared(name, year, first_kg, second_kg, tuple(sorted(steps, key=lambda step: -abs(step.central))))


def effects_kg(first: Plan, second: Plan) -> dict[tuple[str, str, str], float]:
    """The part of each changed input in the difference of carbon, by record, id and field [kgCO2e].

    Fields that change together have their part at the first of them, a whole record at its id.
    """
    found = shared(first, second)
    if found is None:
        return {}
    heads = [(step.inputs[0], step.central) for step in found.steps]
    return {(one.record, one.id, one.fields[0] if one.fields else "id"): kg for one, kg in heads}


class _Game:
    """The changes between two plans, and what any of them make of a workload's figure, (1 + draws,)."""

    def __init__(self, one: Plan, other: Plan, name: str, year: int) -> None:
        self.sides, self.name, self.year = (one, other), name, year
        self.changes = changed_inputs(one, other)
        self.keys = list(dict.fromkeys(w.id for plan in self.sides for w in plan.workloads))
        self.leveled = any(plan.levers for plan in self.sides)
        self._acting = {key: self._acts_somewhere(key) for key in self.keys} if self.leveled else {}
        self._flips = {key: _acts(one, key) ^ _acts(other, key) for key in self.keys} if self.leveled else {}
        self.behind = {key: self._behind(key) for key in self.keys}
        self._done, self._total = 0, sum(tries(len(mine)) for mine in self.behind.values())

    def _behind(self, key: str) -> list[Changed]:
        """The changes that a workload's figure may rest on."""
        entries = self._entries(key)
        return [change for change in self.changes if self._matters(change, key, entries)]

    def _matters(self, change: Changed, key: str, entries: frozenset[str]) -> bool:
        levers = self._acting.get(key, frozenset())
        if change.record in ("workload", "calibration"):  # what a lever takes is shared out among all on which it acts
            return change.id == key or bool(self._flips.get(change.id, frozenset()) & levers)
        if change.record == "lever":
            return change.id in levers
        if change.record in OWN_RECORDS:
            return change.id in entries
        return "price_engineering_usd_per_day" not in change.fields or bool(levers)

    def _acts_somewhere(self, key: str) -> frozenset[str]:
        """Ids of the levers of either plan that act on either's workload when they stand alone."""
        found = set()
        for workload in (w for plan in self.sides if (w := plan.workload(key))):
            for plan in self.sides:
                alone = (plan.model_copy(update={"levers": (lever,)}) for lever in plan.levers)
                found |= {lever.id for one in alone for lever in acting(catalog_of(plan), one, workload)}
        return frozenset(found)

    def _entries(self, key: str) -> frozenset[str]:
        """Ids of own entries that a workload may rest on, in either plan."""
        named = {lever.choice for plan in self.sides for lever in plan.levers}
        for workload in (w for plan in self.sides if (w := plan.workload(key))):
            named |= {workload.model, workload.hardware, workload.region, workload.supplier}
        named |= {site.region for plan in self.sides for site in plan.sites if site.id in named}
        return frozenset(named | {price.id for plan in self.sides for price in plan.prices if price.model in named})

    def total(self, key: str) -> tuple[Floats, Floats]:
        """What a workload adds to the sum of either plan; one without a figure adds nothing."""
        before, after = (self._figure(plan, key) for plan in self.sides)
        return NOTHING if before is None else before, NOTHING if after is None else after

    def parts(self, key: str, mine: list[Changed]) -> Iterator[tuple[tuple[Changed, ...], Floats, float]]:
        """The changes behind a workload's figure, each with its part and the part's standard error."""
        if not mine:
            return
        before, after = self.total(key)
        if any(self._figure(plan, key) is None for plan in self.sides):  # nothing can be told apart
            yield tuple(mine), after - before, 0.0
            return
        whole = (1 << len(mine)) - 1
        apart = [place for place, change in enumerate(mine) if (change.record, change.id) == (Workload.record, key)]

        def worth(some: int) -> Floats | None:
            self._done = min(self._done + 1, self._total)
            go_on(STEP, self._done, self._total)
            if some in (0, whole):
                return after if some else before
            return self._with_some(key, [change for place, change in enumerate(mine) if some >> place & 1])

        found = parts_of(len(mine), worth, apart, self.sides[0].seed)
        for group, values, error in zip(found.groups, found.values, found.errors, strict=True):
            yield tuple(mine[place] for place in group), values, float(error)

    def _with_some(self, key: str, taken: list[Changed]) -> Floats | None:
        """A workload's figure once some changes are taken; None where they cannot stand."""
        plan = with_some(*self.sides, taken, self.keys if self.leveled else (key,))
        return None if plan is None else self._figure(plan, key)

    def _figure(self, plan: Plan, key: str) -> Floats | None:
        workload = plan.workload(key)
        if workload is None:
            return NOTHING
        found = figures(plan, plan.model_copy(update=NOT_IN_FIGURES), workload, DRAWS)
        if found.reason:
            return None
        return np.asarray(quantity_of(plan, found.values, self.name)[self.year - plan.first_year])


def _acts(plan: Plan, key: str) -> frozenset[str]:
    """Ids of the levers of a plan that act on a workload and move something."""
    workload, catalog = plan.workload(key), catalog_of(plan)
    if workload is None:
        return frozenset()
    return frozenset(one.id for one in acting(catalog, plan, workload) if not at_rest(catalog, workload, one))
