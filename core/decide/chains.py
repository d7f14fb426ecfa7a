"""The cheapest start years of every set: sets only grow from year to year, so that each year asks for the one before.

What a year costs depends on the set that acts in it, and what a candidate takes on the year it starts in. The least
cost of all start years is then a minimum over the sets within a set, year after year, and no estimate.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from core.decide.space import Space
from core.decide.subsets import Flags, Floats, run_ahead, run_beyond, run_grown, run_within
from core.decide.watch import at
from core.plan.lever import Lever

TIE_USD = 1e-6
STEP = "Adding up the cost of every set, year by year"
Barred = Collection[tuple[int, int]]  # pairs of a candidate and the place of a year in which it must not start


@dataclass(frozen=True, slots=True)
class Chains:
    """The least cost of every set in the last year asked, (sets,): no plan with it in that year costs less.

    That is `least_usd`. `costs` are those of each year up to that one, infinite where a set must not act then; `ahead`
    hold a cost for each year after it, and `after_usd` is the least of all of them together.
    """

    space: Space
    costs: tuple[Floats, ...]
    ahead: tuple[Floats, ...]
    after_usd: Floats
    least_usd: Floats

    def cheapest(self, some: int, barred: Barred = ()) -> tuple[float, dict[int, int]]:
        """The least cost of a set in the last year asked, and the year that each of its candidates starts in.

        Infinite where there is no way but through what is `barred`.
        """
        mine = members(some)
        parts = np.zeros(1, dtype=np.int64)
        for place in mine:
            parts = np.concatenate([parts, parts | 1 << place])
        takes = self.space.takes.cost_usd[mine, : len(self.costs)].copy()
        for place, year in barred:
            takes[mine.index(place), year] = np.inf
        until: list[Floats] = []
        best = np.full(len(parts), np.inf)
        best[0] = 0.0
        for year, costs in enumerate(self.costs):
            run_grown(np.ascontiguousarray(takes[:, year]), best)
            best += costs[parts]
            until.append(best.copy())
        starts: dict[int, int] = {}
        now, year = len(parts) - 1, len(self.costs) - 1
        while now and np.isfinite(best[-1]):
            before = run_within(now, takes[:, year], until[year - 1], TIE_USD) if year else 0
            starts |= {mine[one]: year for one in members(now & ~before)}
            year, now = year - 1, before
        return float(best[-1] + self.after_usd[some]), starts

    def levers(self, some: int, starts: dict[int, int]) -> tuple[Lever, ...]:
        """A set with its start years, and the candidates that pay to start after the last year asked."""
        space, now, when = self.space, some, dict(starts)
        for year in range(len(self.costs), space.years):
            takes = np.ascontiguousarray(space.takes.cost_usd[:, year])
            after = run_beyond(now, space.everything, takes, self.ahead[year - len(self.costs)], TIE_USD)
            when |= dict.fromkeys(members(after & ~now), year)
            now = after
        first = space.found.base.first_year
        return tuple(
            lever.model_copy(update={"start_year": first + when[place]})
            for place, lever in enumerate(space.found.levers)
            if place in when
        )


def members(some: int) -> list[int]:
    """The places of a set's candidates.

    >>> members(0b1101)
    [0, 2, 3]
    """
    return [place for place in range(some.bit_length()) if some >> place & 1]


def chains(space: Space, within: Flags) -> Chains:
    """The least cost of every set that may meet the target, by the sets that may come before and after it."""
    takes = space.takes.cost_usd
    shut = np.where(within, 0.0, np.inf)
    best, costs = np.full(space.found.sets, np.inf), []
    best[0] = 0.0
    for year in range(space.last_asked + 1):
        at(STEP, year, space.years)
        cost = space.cost_usd(year)
        if year >= space.pathway.places[0]:
            cost += shut
        if year in space.pathway.places:
            cost[~space.meets(space.pathway.places.index(year))] = np.inf
        run_grown(np.ascontiguousarray(takes[:, year]), best)
        best += cost
        costs.append(cost)
    ahead: list[Floats] = []
    after = np.zeros(space.found.sets)
    for year in range(space.years - 1, space.last_asked, -1):
        at(STEP, space.years + space.last_asked - year, space.years)
        after += space.cost_usd(year) + shut
        ahead.append(after.copy())
        run_ahead(np.ascontiguousarray(takes[:, year]), after)
    return Chains(space, tuple(costs), tuple(reversed(ahead)), after, best + after)
