"""Shares of the variance: Sobol's first-order and total indices of every input that acts, point by point.

First-order is the share of the variance that is expected to go once that input is known; total counts its interplay
with all others too. Points are two halves, A and B, of one Sobol sequence, and A with one column of B for each input:
Saltelli's design (2010), Jansen's estimator of the total index. The first points are a result; more narrow its error.

SALib has the same estimators. It brings plotting, fonts and another way of starting processes along, a hundred
megabytes for these sixty lines, so that it stands beside them in a test and is not needed to run the app.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.decide.morris import screening
from core.decide.points import Shares, sobol_shares
from core.decide.tornado import Measure, tornado, values_at
from core.plan import Plan
from core.results.draws import Floats

RESAMPLES = 100
MOST_POINTS = 4096


@dataclass(frozen=True, slots=True)
class Index:
    """One input's share of the variance, and the standard errors of both."""

    factor: str
    first: float
    total: float
    first_error: float
    total_error: float


def acting(plan: Plan, measure: Measure, year: int) -> tuple[str, ...]:
    """The inputs that move a figure of a year: alone, or in one of the trajectories of the screening."""
    alone = [one.factor for one in tornado(plan, measure, year).bars]
    return tuple(dict.fromkeys([*alone, *(one.factor for one in screening(plan, measure, year))]))


def design(seed: int, factors: int, points: int) -> Shares:
    """All points, (points, 2 + factors, factors): A, then A with one column from B for each factor, then B."""
    both = sobol_shares(seed, 2 * factors, points)
    first, second = both[:, :factors], both[:, factors:]
    found = np.repeat(first[:, None], 2 + factors, axis=1)
    for place in range(factors):
        found[:, 1 + place, place] = second[:, place]
    found[:, -1] = second
    return found


def first_order(values: Floats) -> Floats:
    """First-order indices, (factors,), from the figure at a design's points, (points, 2 + factors) [salib-1.6.0]."""
    moved = values - values.mean()
    whole, mixed, other = moved[:, :1], moved[:, 1:-1], moved[:, -1:]
    return _over_variance((other * (mixed - whole)).mean(axis=0), values)


def total_order(values: Floats) -> Floats:
    """Total indices, (factors,), from the same."""
    whole, mixed = values[:, :1], values[:, 1:-1]
    return _over_variance(0.5 * ((whole - mixed) ** 2).mean(axis=0), values)


def _over_variance(part: Floats, values: Floats) -> Floats:
    variance = values[:, [0, -1]].var()
    return np.asarray(np.divide(part, variance, out=np.zeros_like(part), where=variance > 0))


def standard_errors(values: Floats, seed: int) -> Floats:
    """Standard errors of first-order and total indices, (2, factors), by drawing the points again with replacement."""
    rng = np.random.default_rng(seed)
    drawn = (values[rng.integers(0, len(values), len(values))] for _ in range(RESAMPLES))
    return np.asarray(np.std([(first_order(some), total_order(some)) for some in drawn], axis=0, ddof=1))


def indices(names: tuple[str, ...], values: Floats, seed: int) -> tuple[Index, ...]:
    """The indices of all inputs, the largest total first; the errors fall as points are added."""
    columns = (first_order(values), total_order(values), *standard_errors(values, seed))
    found = [Index(name, *map(float, row)) for name, *row in zip(names, *columns, strict=True)]
    return tuple(sorted(found, key=lambda one: -one.total))


def figures_at(plan: Plan, names: tuple[str, ...], points: Shares, measure: Measure, year: int) -> Floats:
    """A figure of a year at some points of a design, (points, 2 + factors)."""
    rows = points.reshape(-1, len(names))
    return values_at(plan, names, rows, measure, year)[1:].reshape(points.shape[:2])
