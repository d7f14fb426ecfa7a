"""All sets of a search's candidates: what each costs in each year, what it emits where the target looks, its limits.

Emissions on the target's lines are what an inventory must book at least: hardware of one's own is booked in the year of
purchase, which hangs on all years before. What fails here fails; what passes is checked by the plan's own evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.decide.candidates import Searched
from core.decide.pathway import Pathway
from core.decide.subsets import Flags, Floats, Rows, added
from core.decide.tables import Table, Takes, table_of, takes_of
from core.decide.watch import go_on
from core.units import PERCENT

ROUNDING = 1e-9  # sums of the same figures in another order differ by less, relative to their size


@dataclass(frozen=True)
class Space:
    """Tables of every workload under a search's candidates, and sums of them over all sets, (sets,)."""

    found: Searched
    pathway: Pathway
    tables: tuple[Table, ...]
    takes: Takes

    @cached_property
    def rows(self) -> Rows:
        """Where each set's rows are."""
        return Rows(len(self.found.levers), [table.mine for table in self.tables])

    @property
    def everything(self) -> int:
        """The set of all candidates."""
        return self.found.sets - 1

    @property
    def years(self) -> int:
        """How many years the plan has."""
        return len(self.found.base.years())

    @property
    def last_asked(self) -> int:
        """The place of the last year in which the target must be met."""
        return self.pathway.places[-1]

    def stacked(self, name: str) -> Floats:
        """One figure of all workloads, their rows one after another."""
        rows: list[Floats] = [getattr(table, name) for table in self.tables]
        return np.concatenate(rows)

    def cost_usd(self, year: int) -> Floats:
        """What each set costs in one year, after less before, without what its levers take themselves."""
        out = np.zeros(self.found.sets)
        self.rows.summed(self.stacked("cost_usd")[:, [year]], self.everything, out[None])
        return out

    @cached_property
    def fine(self) -> Flags:
        """Sets whose levers go together and under which every workload has figures."""
        short: Flags = self.rows.worst(1.0 - self.stacked("fine")) == 0.0
        return short

    @cached_property
    def booked_kg(self) -> Floats:
        """Emissions of each set on each line in each year asked, but for machines bought: (lines, years, sets)."""
        rows = self._by_row([one.booked_kg for one in self.tables])
        out = self._beside()
        self.rows.summed(rows, self.everything, out)
        return out.reshape(*self.pathway.allowed_kg.shape, -1)

    @cached_property
    def now_kg(self) -> Floats:
        """The same of each set with each candidate in its earliest year, machines bought included, central case."""
        booked = [one.bought_kg + (one.now.booked_kg if one.now else one.booked_kg) for one in self.tables]
        rows, out, years = self._by_row(booked), self._beside(), len(self.pathway.places)
        for column in range(len(out)):
            active = self.everything if self.hangs_on_start else self.active(self.pathway.places[column % years])
            self.rows.summed(rows[:, [column]], active, out[column : column + 1])
        return out.reshape(*self.pathway.allowed_kg.shape, -1)

    @property
    def hangs_on_start(self) -> bool:
        """Whether a year's figures hang on the year in which a candidate starts: then rows with that are at hand."""
        return any(one.now is not None for one in self.tables)

    def active(self, year: int) -> int:
        """The candidates that may act in the year of a place, as a set."""
        when = self.found.base.first_year + year
        return sum(1 << place for place, lever in enumerate(self.found.levers) if (lever.start_year or 0) <= when)

    def _by_row(self, parts: Sequence[Floats]) -> Floats:
        """What is (lines, rows, years) by workload, as the rows of all with a column for each line and year."""
        width = self.pathway.allowed_kg.size
        return np.concatenate([np.moveaxis(one, 1, 0).reshape(-1, width) for one in parts])

    def _beside(self) -> Floats:
        """What stands beside every workload: the rest of the company, and what the levers take themselves."""
        out = np.zeros((self.pathway.allowed_kg.size, self.found.sets)) + self.pathway.beside_kg.reshape(-1, 1)
        amounts = self.at_earliest(self.takes.booked_kg).reshape(len(out), -1)
        for column in np.flatnonzero(amounts.any(axis=1)):
            added(amounts[column], out[column])
        return out

    def at_earliest(self, takes: Floats) -> Floats:
        """What each candidate takes in its earliest year, from what it takes by the year it starts in."""
        first = self.found.base.first_year
        starts = np.array([(lever.start_year or 0) - first for lever in self.found.levers], dtype=int)
        if takes.ndim == 2:
            return np.asarray(takes[np.arange(len(starts)), starts])
        return np.moveaxis(takes[:, np.arange(len(starts)), starts], 1, 2)

    @cached_property
    def loss_pct(self) -> Floats:
        """What each set may take off the score of the worst workload; infinite where nobody has measured it."""
        return self.rows.worst(self.stacked("loss_pct"))

    @cached_property
    def latency_s(self) -> Floats:
        """The longest mean answer under each set, from the first year asked on."""
        return self.rows.worst(self.stacked("latency_s")[:, self.pathway.places[0] :].max(axis=1))

    @cached_property
    def spent_usd(self) -> Floats:
        """What each set's levers take themselves, over all years, at least."""
        out = np.zeros(self.found.sets)
        added(self.takes.spent_usd.min(axis=1, initial=np.inf), out)
        return out

    @cached_property
    def spent_now_usd(self) -> Floats:
        """The same with each candidate in its earliest year."""
        out = np.zeros(self.found.sets)
        added(self.at_earliest(self.takes.spent_usd), out)
        return out

    @cached_property
    def excess_share(self) -> Floats:
        """How far each set is over what the target allows, where it is most, relative to what is allowed."""
        allowed_kg = self.pathway.allowed_kg[..., None]
        over = (self.now_kg - allowed_kg) / np.maximum(allowed_kg, ROUNDING)
        return np.asarray(over.max(axis=(0, 1)))

    def within_limits(self) -> Flags:
        """Sets within the limits that hang on no start year: quality, time of an answer, budget."""
        limits, within = self.found.plan.search, self.fine.copy()
        if limits.quality_floor_pct is not None:
            within &= self.loss_pct <= PERCENT - limits.quality_floor_pct + ROUNDING
        if limits.latency_ceiling_s is not None:
            within &= self.latency_s <= limits.latency_ceiling_s * (1.0 + ROUNDING)
        if limits.budget_usd is not None:
            within &= self.spent_usd <= limits.budget_usd * (1.0 + ROUNDING)
        return within

    def meets(self, year: int) -> Flags:
        """Sets that may meet every line in the year of that place among those asked, central case."""
        allowed_kg = self.pathway.allowed_kg[:, year]
        return np.asarray((self.booked_kg[:, year] <= allowed_kg[:, None] * (1.0 + ROUNDING)).all(axis=0))


def space_of(found: Searched, pathway: Pathway) -> Space:
    """The tables of every workload of the plan; EndedError where whoever watches ends it before."""
    tables, many = [], len(found.base.workloads)
    for place, workload in enumerate(found.base.workloads):
        go_on("Working out each workload under its levers", place, many)
        tables.append(table_of(found, pathway, workload))
    return Space(found, pathway, tuple(tables), takes_of(found, pathway))
