"""What an inventory counts of a plan in many draws: few figures, worked out a block of draws at a time.

The draws are those of the other figures, by the plan's seed and the name of each factor, so that two plans live in the
same worlds and differ by what they differ in. A workload's figures are kept apart: an edit works out what it changes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import cast

import numpy as np

from core.levers import acting
from core.plan import Calibration, Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.draws import Floats, scores
from core.results.figures import NOT_IN_FIGURES, Results, gathered
from core.results.lever_work import Shared, shared_work, shares_of
from core.results.one import Figures
from core.results.sample import Sample
from core.results.under_levers import figures_under

COUNTED = ("carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg", "carbon_devices_sold_kg")
BLOCK = 1024  # draws: their columns fit a processor's cache
MOST_KEPT = 96  # workloads; of ten years and 2,048 draws each takes 0.7 MB
THREADS = min(os.cpu_count() or 1, 4)


class Block(Sample):
    """Some of a seed's draws, from one place to another."""

    def __new__(cls, seed: int, draws: int, first: int, last: int) -> Block:
        """As many draws as lie between."""
        return cast(Block, super().__new__(cls, (), np.zeros((0, last - first))))

    def __init__(self, seed: int, draws: int, first: int, last: int) -> None:
        super().__init__((), np.zeros((0, last - first)))
        self._seed, self._draws, self._mine = seed, draws, slice(1 + first, 1 + last)

    def of(self, factor: str) -> Floats:
        """Scores of a factor, (1 + draws,); the first is the central case."""
        return np.concatenate(([0.0], scores(self._seed, factor, self._draws)[self._mine]))


def counted(plan: Plan, draws: int) -> Results:
    """The figures of `COUNTED` by workload, (workloads, years, 1 + draws)."""
    inner, catalog = plan.model_copy(update=NOT_IN_FIGURES), catalog_of(plan)
    found = {}
    for workload in plan.workloads:
        levers = acting(catalog, plan, workload)
        shares = shares_of(plan, workload, levers)
        found[workload] = _counted(inner, workload, levers, shares, plan.calibration(workload.id), draws)
    return gathered(plan, draws, found, COUNTED)


@lru_cache(maxsize=MOST_KEPT)
def _counted(
    view: Plan, workload: Workload, levers: tuple[Lever, ...], shares: Shared, calibration: Calibration | None,
    draws: int,
) -> Figures:  # fmt: skip
    """One workload's, all blocks of draws one after another."""

    def block(first: int) -> Figures:
        some = Block(view.seed, draws, first, min(first + BLOCK, draws))
        one = figures_under(view, workload, levers, some, calibration)
        if one.reason:
            return one
        taken = shared_work(view, workload, shares, some)
        return Figures("", {name: one.values[name] + taken.get(name, 0.0) for name in COUNTED})

    starts = range(0, draws, BLOCK)
    if len(starts) == 1:
        return block(0)
    with ThreadPoolExecutor(THREADS) as pool:
        return _joined(list(pool.map(block, starts)))


def _joined(parts: Sequence[Figures]) -> Figures:
    """Blocks of draws one after another; the central case, which each of them has, once."""
    wrong = next((one for one in parts if one.reason), None)
    if wrong is not None:
        return wrong
    first, *more = (one.values for one in parts)
    values = {name: np.concatenate([first[name], *(one[name][:, 1:] for one in more)], axis=1) for name in COUNTED}
    return Figures("", values)
