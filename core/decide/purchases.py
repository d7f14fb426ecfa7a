"""What a company must at least buy for one workload in the years a target looks at, whatever came before.

Hardware of one's own is booked when it is bought, so that it hangs on the fleets of all years before. Rows of a table
that need the same fleet are of one kind; a few kinds stand for all rows. Of every order in which those that a row holds
may have come, the one that buys least in that year counts, draw by draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

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
MOST_ORDERS = 700  # of fleets over the years, each tried
MOST_LEVERS = 6  # in a row, whose parts are all looked at
DIGITS = 6  # decimals of a kilogram: fleets that differ by less are one
MADE = ("carbon_embodied_kg", "carbon_embodied_panels_kg")
ANOTHER_FLEET = ("hardware", "lifetime_years")  # what moves these buys machines of another kind, or for another life


class Fleets:
    """Distinct fleets of one workload, (years, 1 + draws) each, and what must be bought for orders of them."""

    def __init__(self, found: Searched, workload: Workload, draws: int) -> None:
        self.found, self.workload, self.draws = found, workload, draws
        self.standing_kg: list[Floats] = []
        self._known: dict[bytes, int] = {}
        self._kind: dict[int, int] = {}
        self._least: dict[tuple[int, frozenset[int], int], Floats] = {}
        plan = found.base
        self._life_years = lifetimes(plan, workload, draws)
        first = max(active_years(plan, workload)[0], plan.first_year)
        age = float(first - purchase_year(catalog_of(plan), plan, workload))
        self._age_years = np.full(1 + draws, age)

    def kinds(self, rows: Sequence[int]) -> list[int]:
        """Which fleet each row needs; rows of the same one have the same number."""
        self.prepare(rows)
        return [self._kind[row] for row in rows]

    def prepare(self, rows: Sequence[int]) -> int:
        """Work out the fleets of some rows at once; how many of them were new."""
        missing = [row for row in dict.fromkeys(rows) if row not in self._kind]
        if missing:
            plan, levers, sets = self.found.base, *rows_of(self.found, self.workload)
            calibration = plan.calibration(self.workload.id)
            got = set_figures(view_of(plan), self.workload, levers, sets[missing], MADE, self.draws, calibration)
            made_kg = got.values[MADE[0]] - got.values[MADE[1]]
            for row, kg in zip(missing, made_kg * self._life_years, strict=True):
                self._kind[row] = self._add(kg)
        return len(missing)

    def _add(self, kg: Floats) -> int:
        key = np.round(kg, DIGITS).tobytes()
        if key not in self._known:
            self._known[key] = len(self.standing_kg)
            self.standing_kg.append(kg)
        return self._known[key]

    def least_kg(self, kind: int, within: frozenset[int], year: int) -> Floats:
        """Making of what is bought at least in a year that ends with a fleet after others, (1 + draws,)."""
        key = (kind, within, year)
        if key not in self._least:
            self._least[key] = self._bought_least_kg(kind, sorted(within), year)
        return self._least[key]

    def _bought_least_kg(self, kind: int, kinds: list[int], year: int) -> Floats:
        plan = self.found.base
        starts = [self.found.levers[place].start_year or 0 for place in self.found.mine[self.workload.id]]
        first = min(min(starts, default=plan.last_year) - plan.first_year, year)
        count = len(kinds) ** (year - first)
        if count > MOST_ORDERS:
            return np.zeros(1 + self.draws)
        (usual,) = self.kinds([0])
        orders = np.array([[usual] * first + list(some) + [kind] for some in product(kinds, repeat=year - first)])
        standing_kg = np.nan_to_num(np.array(self.standing_kg))
        needed = standing_kg[orders, np.arange(year + 1)].transpose(0, 2, 1).reshape(-1, year + 1)
        bought_kg = engine.purchases(needed, np.tile(self._life_years, count), np.tile(self._age_years, count))
        return np.asarray(bought_kg[:, year].reshape(count, -1).min(axis=0))


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
        kinds = self._of(draws).kinds(self._parts([row]))
        return self._of(draws).least_kg(kinds[0], frozenset(kinds), year)

    def prepare(self, rows: Sequence[int], draws: int) -> int:
        """Work out the fleets of some rows and their parts at once; how many that were."""
        return self._of(draws).prepare(self._parts(rows))

    def _of(self, draws: int) -> Fleets:
        if draws not in self.fleets:
            self.fleets[draws] = Fleets(self.found, self.workload, draws)
        return self.fleets[draws]

    def _parts(self, rows: Sequence[int]) -> list[int]:
        some = (row for row in rows if not self.changed[row] and row.bit_count() <= MOST_LEVERS)
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
