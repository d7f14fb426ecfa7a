"""Screening by Morris: one input moved at a time, each time from another place, between its P10 and its P90.

An elementary effect is the change of the figure for a move over the whole width from P10 to P90. The mean of their
sizes (mu*) says how much an input matters, their spread (sigma) how much that depends on the others, or bends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from core.decide.points import Shares
from core.decide.tornado import ENDS, Measure, values_at
from core.decide.uncertain import as_drawn
from core.decide.worlds import factors_of
from core.plan import Plan
from core.results.draws import Floats

LEVELS = 4  # of each input, evenly spread over its range of quantiles
STEP = LEVELS / (2 * (LEVELS - 1))
TRAJECTORIES = 16
MOST_KEPT = 8

Order = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Effect:
    """What one input does: mean of its elementary effects, mean of their sizes (mu*) and their spread (sigma)."""

    factor: str
    mean: float
    mean_size: float
    spread: float


def screening(plan: Plan, measure: Measure, year: int) -> tuple[Effect, ...]:
    """The effects of all inputs on a figure of a year, the largest first; those that move nothing are left out."""
    return _screening(as_drawn(plan, points="256"), measure, year)


@lru_cache(maxsize=MOST_KEPT)
def _screening(plan: Plan, measure: Measure, year: int) -> tuple[Effect, ...]:
    names = factors_of(plan)
    if not names:
        return ()
    places, orders = trajectories(plan.seed, len(names), TRAJECTORIES)
    low, high = ENDS
    values = values_at(plan, names, low + (high - low) * places, measure, year)[1:]
    found = [
        Effect(name, *map(float, of))
        for name, of in zip(names, summed_up(elementary(places, orders, values)), strict=True)
    ]
    return tuple(sorted((one for one in found if one.mean_size > 0), key=lambda one: -one.mean_size))


def trajectories(seed: int, factors: int, count: int) -> tuple[Shares, Order]:
    """Random walks over the levels, (count x (factors + 1), factors) in [0, 1], and the factor that each step moves."""
    rng = np.random.default_rng(seed)
    walks, orders = np.empty((count, factors + 1, factors)), np.empty((count, factors), np.int64)
    for walk, order in zip(walks, orders, strict=True):
        lower = rng.integers(0, LEVELS // 2, factors) / (LEVELS - 1)
        up = rng.integers(0, 2, factors).astype(bool)
        order[:] = rng.permutation(factors)
        at = np.where(up, lower, lower + STEP)
        walk[0] = at
        for step, factor in enumerate(order):
            at[factor] += STEP if up[factor] else -STEP
            walk[step + 1] = at
    return walks.reshape(-1, factors), orders


def elementary(places: Shares, orders: Order, values: Floats) -> Floats:
    """Elementary effects, (trajectories, factors): change of the figure over change of the factor, step by step."""
    count, factors = orders.shape
    moved = np.diff(places.reshape(count, factors + 1, factors), axis=1)
    changed = np.diff(values.reshape(count, factors + 1), axis=1)
    effects = np.empty((count, factors))
    for row, order in enumerate(orders):
        effects[row, order] = changed[row] / moved[row, np.arange(factors), order]
    return effects


def summed_up(effects: Floats) -> Floats:
    """Mean, mean size and spread of each factor's elementary effects, (factors, 3)."""
    return np.stack([effects.mean(axis=0), np.abs(effects).mean(axis=0), effects.std(axis=0, ddof=1)], axis=1)
