"""What the answer hangs on, one input at a time: each at its P10 and its P90, all else at the central case."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from core.decide.points import Shares
from core.decide.uncertain import Uncertain, as_drawn, beside_target
from core.decide.worlds import factors_of, worlds
from core.plan import Plan
from core.results.draws import Floats

Measure = Literal["emissions", "saving", "cost"]
MOST_KEPT = 16
MIDDLE = 0.5  # the share of probability whose score is 0: the central case
ENDS = (0.1, 0.9)


@dataclass(frozen=True, slots=True)
class Reach:
    """The figure with one input at its P10 and at its P90."""

    factor: str
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """How far apart the two figures are."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True)
class Tornado:
    """The central figure, and a bar for every input that moves it, the widest first; the others are `still`."""

    central: float
    bars: tuple[Reach, ...]
    still: tuple[str, ...]


def figure_of(found: Uncertain, measure: Measure, place: int) -> Floats:
    """A figure of one year by draw, (1 + draws,): emissions, what they lie under business as usual, or cost."""
    if measure == "cost":
        return np.asarray(found.worlds.plan.cost_usd[place])
    if measure == "saving":
        return np.asarray(found.usual_kg[place] - found.plan_kg[place])
    return np.asarray(found.plan_kg[place])


def values_at(plan: Plan, names: tuple[str, ...], shares: Shares, measure: Measure, year: int) -> Floats:
    """A figure of a year in each of these points, (1 + points,); the central case first."""
    found = beside_target(plan, names, worlds(plan, names, shares))
    return figure_of(found, measure, year - plan.first_year)


def tornado(plan: Plan, measure: Measure, year: int) -> Tornado:
    """How far each input alone moves a figure of a year."""
    return _tornado(as_drawn(plan, points="256", seed=0), measure, year)


@lru_cache(maxsize=MOST_KEPT)
def _tornado(plan: Plan, measure: Measure, year: int) -> Tornado:
    names = factors_of(plan)
    if not names:
        return Tornado(float(values_at(plan, names, np.empty((1, 0)), measure, year)[0]), (), ())
    central, *ends = values_at(plan, names, one_at_a_time(len(names)), measure, year).tolist()
    pairs = zip(ends[::2], ends[1::2], strict=True)
    bars = [Reach(name, low, high) for name, (low, high) in zip(names, pairs, strict=True)]
    moving = [bar for bar in bars if (bar.at_low, bar.at_high) != (central, central)]
    still = tuple(bar.factor for bar in bars if bar not in moving)
    return Tornado(central, tuple(sorted(moving, key=lambda bar: -bar.width)), still)


def one_at_a_time(factors: int) -> Shares:
    """Two points for each factor, (2 x factors, factors): it at its P10, then at its P90, the others in the middle."""
    shares = np.full((2 * factors, factors), MIDDLE)
    for place in range(factors):
        shares[2 * place : 2 * place + 2, place] = ENDS
    return shares
