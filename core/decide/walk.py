"""Sets and start years in the order of the least that they can cost, until one holds: then nothing cheaper can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import inf, isfinite, isnan, nan

import numpy as np

from core.decide import told
from core.decide.chains import TIE_USD, Chains
from core.decide.chances import Chances
from core.decide.choices import best_choice
from core.decide.exact import inexact
from core.decide.found import Choice
from core.decide.space import Space
from core.decide.watch import at, ended

MOST_CHECKED = 60  # choices evaluated as whole plans
BATCH = 64
MOST_GUESSED = 8
LEAST_GUESSED = 2  # however early the search is stopped
Starts = dict[int, int]


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a search came: the cheapest choice that holds, if any, and whether nothing cheaper can hold.

    `bound_usd` is what no choice that holds can cost less than, NaN where a set's least cost is not exact; `why` says
    why the answer is not proven.
    """

    best: Choice | None
    proven: bool
    why: str
    bound_usd: float


def holds(space: Space, choice: Choice) -> bool:
    """Whether a choice meets the target as asked: central case and probability, within the budget."""
    limits = space.found.plan.search
    within = limits.budget_usd is None or isnan(choice.spent_usd) or choice.spent_usd <= limits.budget_usd + TIE_USD
    return choice.meets and choice.met_share >= limits.meet_share and within


def walked(space: Space, ways: Chains, chances: Chances) -> Walk:
    """The first choice that holds, in the order of cost.

    A set that may hold is tried with its cheapest start years, then with the next: hardware that is booked when it is
    bought hangs on them.
    """
    waiting: list[tuple[float, int, int, Starts, tuple[tuple[int, int], ...], Starts]] = []
    order = count()

    def wait(some: int, fixed: Starts, barred: tuple[tuple[int, int], ...]) -> None:
        """Keep the cheapest start years of a set with some candidates fixed and some years barred."""
        others = [(place, year) for place, when in fixed.items() for year in range(len(ways.costs)) if year != when]
        cost, starts = ways.cheapest(some, (*barred, *others))
        if isfinite(cost):
            heappush(waiting, (cost, next(order), some, starts, barred, fixed))

    checked, why = 0, ""
    sets = _likely(space, ways, chances)
    next_usd, next_set = next(sets, (inf, -1))
    while (isfinite(next_usd) or waiting) and not why:
        if next_set >= 0 and (not waiting or next_usd <= waiting[0][0]):
            wait(next_set, {}, ())
            next_usd, next_set = next(sets, (inf, -1))
            continue
        if next_set < 0 and isfinite(next_usd) and (not waiting or next_usd < waiting[0][0]):
            return Walk(None, False, told.STOPPED if ended() else told.DRAWN, next_usd)
        cost, _, some, starts, barred, fixed = heappop(waiting)
        choice = best_choice(space.found, ways.levers(some, starts))
        checked += 1
        if holds(space, choice):
            why = inexact(space.found)
            return Walk(choice, not why, why, nan if why else choice.cost_usd)
        if checked == MOST_CHECKED or ended():
            return Walk(None, False, told.STOPPED if ended() else told.CHECKED, cost)
        kept = dict(fixed)
        for place in [one for one in starts if one not in fixed]:
            wait(some, dict(kept), (*barred, (place, starts[place])))
            kept[place] = starts[place]
    why = inexact(space.found)
    return Walk(None, not why, why, nan if why else inf)


def _likely(space: Space, ways: Chains, chances: Chances) -> Iterator[tuple[float, int]]:
    """Sets that may hold, the least cost first; a last one, -1, where drawing stops before the end."""
    some = np.flatnonzero(np.isfinite(ways.least_usd))
    some = some[np.argsort(ways.least_usd[some], kind="stable")]
    wanted = space.found.plan.search.meet_share
    for start in range(0, len(some), BATCH):
        batch = [int(one) for one in some[start : start + BATCH]]
        if not at("Trying sets in the order of their cost", start, len(some)) or chances.drawn > chances.most_drawn:
            yield float(ways.least_usd[batch[0]]), -1
            return
        shares = chances.met_share(batch, wanted)
        yield from (
            (float(ways.least_usd[one]), one) for one, share in zip(batch, shares, strict=True) if share >= wanted
        )


def guessed(space: Space, ways: Chains, stopped: Walk) -> Walk:
    """Where a search stopped before it found any: the cheapest of the sets that are furthest below the target."""
    some = np.flatnonzero(np.isfinite(ways.least_usd))
    furthest = some[np.argsort(space.excess_share[some], kind="stable")][:MOST_GUESSED]
    choices = [
        best_choice(space.found, ways.levers(int(one), ways.cheapest(int(one))[1]))
        for place, one in enumerate(furthest)
        if at("Checking the likeliest sets", place, len(furthest)) or place < LEAST_GUESSED
    ]
    held = [choice for choice in choices if holds(space, choice)]
    best = min(held, key=lambda choice: choice.cost_usd, default=None)
    return Walk(best, False, stopped.why, stopped.bound_usd)
