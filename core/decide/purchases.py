"""What a company must at least buy for one workload in the years a target looks at, whatever came before.

Hardware of one's own is booked when it is bought, so that it hangs on the fleets of all years before. Machines bought
since candidates may act stand there only as far as some year needed more than stood already: never more than the most
that any part of a set needs. What a year needs beyond that must be bought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core import engine
from core.decide.candidates import Searched
from core.decide.rows import rows_of, view_of
from core.plan import Plan, Workload
from core.plan.own_catalog import catalog_of
from core.results.demand import active_years
from core.results.one import figures_of
from core.results.purchases import OWNED, purchase_year
from core.results.set_figures import set_figures

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
MOST_LEVERS = 7  # in a row, whose parts are all looked at
MADE = ("carbon_embodied_kg", "carbon_embodied_panels_kg")
ANOTHER_FLEET = ("hardware", "lifetime_years")  # what moves these buys machines of another kind, or for another life


class Fleets:
    """Making of all that stands there under each row, (years, 1 + draws) [kgCO2e], and what stood there before."""

    def __init__(self, found: Searched, workload: Workload, draws: int) -> None:
        self.found, self.workload, self.draws = found, workload, draws
        plan = found.base
        self._kg: dict[int, Floats] = {}
        self._life_years = lifetimes(plan, workload, draws)
        starts = [found.levers[place].start_year or 0 for place in found.mine[workload.id]]
        self.free = min(min(starts, default=plan.last_year) - plan.first_year, len(plan.years()) - 1)
        self.prepare([0])
        self.before_kg = self._stood_kg(self._kg[0])

    def prepare(self, rows: Sequence[int]) -> int:
        """Work out the fleets of some rows at once; how many of them were new."""
        missing = [row for row in dict.fromkeys(rows) if row not in self._kg]
        if missing:
            plan, levers, sets = self.found.base, *rows_of(self.found, self.workload)
            calibration = plan.calibration(self.workload.id)
            got = set_figures(view_of(plan), self.workload, levers, sets[missing], MADE, self.draws, calibration)
            made_kg = np.nan_to_num(got.values[MADE[0]] - got.values[MADE[1]])
            self._kg |= dict(zip(missing, made_kg * self._life_years, strict=True))
        return len(missing)

    def least_kg(self, row: int, parts: Sequence[int], year: int) -> Floats:
        """Making of what is bought at least in a year under a row whose parts came before, (1 + draws,)."""
        if self.before_kg is None:
            return np.zeros(1 + self.draws)
        most_kg = np.max([self._kg[part] for part in parts], axis=0)
        stands_kg = np.zeros(1 + self.draws)
        for earlier in range(self.free, year):
            serves = earlier + whole_life_years(self._life_years) > year
            stands_kg = np.maximum(stands_kg, np.where(serves, most_kg[earlier] - self.before_kg[earlier], 0.0))
        short_kg: Floats = np.maximum(self._kg[row][year] - self.before_kg[year] - stands_kg, 0.0)
        return short_kg

    def _stood_kg(self, usual_kg: Floats) -> Floats | None:
        """What was bought before candidates may act and stands there still, by year; None where that hangs on them."""
        plan, catalog = self.found.base, catalog_of(self.found.base)
        first = max(active_years(plan, self.workload)[0], plan.first_year)
        age_years = np.full(1 + self.draws, float(first - purchase_year(catalog, plan, self.workload)))
        life = whole_life_years(self._life_years)
        old = np.floor(age_years).astype(int) % life
        start = first - plan.first_year
        if start >= self.free and old.any():
            return None
        bought_kg = engine.purchases(np.ascontiguousarray(usual_kg.T), self._life_years, age_years).T
        stood_kg = np.zeros_like(usual_kg)
        for year in range(len(stood_kg)):
            for earlier in range(min(self.free, year + 1)):
                stood_kg[year] += np.where(earlier + life > year, bought_kg[earlier], 0.0)
            stood_kg[year] += np.where((old > 0) & (start <= year) & (year < start + life - old), usual_kg[start], 0.0)
        return stood_kg


def whole_life_years(life_years: Floats) -> Places:
    """Years in which one purchase serves: whole calendar years, at least one."""
    return np.maximum(np.floor(life_years + 0.5), 1.0).astype(int)


@dataclass(frozen=True)
class Bought:
    """One owned workload: what each of its rows must at least buy, central case and in draws.

    `fine` says which rows can be; `changed` under which the machines are of another kind: then nothing is sure.
    """

    found: Searched
    workload: Workload
    fine: Flags
    changed: Flags
    fleets: dict[int, Fleets] = field(default_factory=dict)

    def least_kg(self, row: int, year: int, draws: int) -> Floats:
        """Making of what is bought at least in a year, (1 + draws,), under a row, whatever part of it came before."""
        if self.changed[row] or row.bit_count() > MOST_LEVERS:
            return np.zeros(1 + draws)
        parts = self._parts([row])
        self._of(draws).prepare(parts)
        return self._of(draws).least_kg(row, parts, year)

    def prepare(self, rows: Sequence[int], draws: int) -> int:
        """Work out the fleets of some rows and their parts at once; how many that were."""
        return self._of(draws).prepare(self._parts(rows))

    def _of(self, draws: int) -> Fleets:
        if draws not in self.fleets:
            self.fleets[draws] = Fleets(self.found, self.workload, draws)
        return self.fleets[draws]

    def _parts(self, rows: Sequence[int]) -> list[int]:
        some = (row for row in rows if not self.changed[row] and int(row).bit_count() <= MOST_LEVERS)
        return list(dict.fromkeys(part for row in some for part in within(row) if self.fine[part]))


def within(row: int) -> list[int]:
    """A row and all rows that are a part of it.

    >>> within(0b101)
    [5, 4, 1, 0]
    """
    found, part = [row], row
    while part:
        part = (part - 1) & row
        found.append(part)
    return found


def lifetimes(plan: Plan, workload: Workload, draws: int) -> Floats:
    """The years that a workload's machines serve, (1 + draws,)."""
    view = view_of(plan).model_copy(update={"hardware_view": "purchase_year"})
    return np.asarray(figures_of(view, workload, draws, plan.calibration(workload.id)).values["lifetime_years"][0])


def bought_of(found: Searched, workload: Workload, fine: Flags) -> Bought | None:
    """What the rows of a workload must buy; None where the company buys no machines for it."""
    if workload.hosting not in OWNED:
        return None
    return Bought(found, workload, fine, _changes_machines(found, workload, len(fine)))


def _changes_machines(found: Searched, workload: Workload, rows: int) -> Flags:
    catalog, flags = catalog_of(found.base), np.zeros(rows, dtype=bool)
    for place, lever in enumerate(found.mine[workload.id]):
        operations = catalog.lever_operations.get(found.levers[lever].key, ())
        if any(one.target in ANOTHER_FLEET for one in operations):
            flags |= (np.arange(rows) >> place & 1).astype(bool)
    return flags
