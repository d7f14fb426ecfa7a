"""What this engine says of the published pairs: both sides as rows of the engine, one ratio each; nothing is fitted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod

from core import catalog as facts
from core.engine import from_fit, inference
from core.evidence.pairs import Pair, Setting, pairs
from core.fit.columns import steady
from core.fit.score import held_out

ENERGY_J = "energy_accelerator_j_per_output_token"
UNSEEN = "unseen_pair"
UNIT = "J/token"
CLEAR = 0.03  # a published change beyond this share has a direction


@dataclass(frozen=True, slots=True)
class Foretold:
    """A published pair with what the engine says of it: joules per output token before and after, central case.

    `unseen_ratio` is that of fits that had seen neither side's model on its accelerator; None where a side is no row of
    the measurements.
    """

    pair: Pair
    published: float
    before_j_per_output_token: float
    after_j_per_output_token: float
    unseen_ratio: float | None

    @property
    def ratio(self) -> float:
        """Treated over baseline, as predicted."""
        return self.after_j_per_output_token / self.before_j_per_output_token

    @property
    def residual_share(self) -> float:
        """Predicted over published, less one."""
        return self.ratio / self.published - 1.0

    @property
    def right(self) -> bool | None:
        """Whether it predicts the direction; None where the published change is too small to have one."""
        if abs(self.published - 1.0) <= CLEAR:
            return None
        return (self.ratio - 1.0) * (self.published - 1.0) > 0

    @property
    def factors(self) -> tuple[float, float] | None:
        """Predicted over published of each side; None where the sides are printed in another unit."""
        before, after = self.pair.baseline_value, self.pair.treated_value
        if self.pair.unit != UNIT or not before or not after:
            return None
        return self.before_j_per_output_token / before, self.after_j_per_output_token / after

    @property
    def seen(self) -> int:
        """How many of its two sides the engine's coefficients have been fitted to, each by itself."""
        return sum(bool(side.measurement) for side in sides(self.pair))


@dataclass(frozen=True, slots=True)
class Stack:
    """Levers taken together: as measured, as composed by the engine, and as the product of each measured alone."""

    together: Foretold
    parts: tuple[Pair, ...]
    flat: float


@lru_cache(maxsize=1)
def published() -> tuple[Pair, ...]:
    """Every published pair."""
    return pairs(facts.load(), facts.FOLDER)


def sides(pair: Pair) -> tuple[Setting, ...]:
    """Its settings, before and after; none where it cannot be computed."""
    return tuple(side for side in (pair.before, pair.after) if side is not None)


@lru_cache(maxsize=1)
def foretold() -> tuple[Foretold, ...]:
    """Every pair of measured energy that names enough, with its prediction, in the order of the file."""
    catalog = facts.load()
    computed = [pair for pair in published() if sides(pair) and pair.measured]
    x = steady(catalog, [side.workload() for pair in computed for side in sides(pair)])
    j = inference(x, from_fit(catalog.coefficients)).energy_accelerator_j_per_output_token
    unseen = {row.measured.id: row.predicted[ENERGY_J, UNSEEN] for row in held_out(catalog)}
    found = []
    for place, pair in enumerate(computed):
        assert pair.ratio is not None  # the reader says so
        before, after = float(j[2 * place]), float(j[2 * place + 1])
        found.append(Foretold(pair, pair.ratio, before, after, _unseen(pair, unseen)))
    return tuple(found)


def _unseen(pair: Pair, unseen: dict[str, float]) -> float | None:
    before, after = (unseen.get(side.measurement) for side in sides(pair))
    return after / before if before and after else None


def of_lever(key: str) -> tuple[Foretold, ...]:
    """The predicted pairs that are evidence on one lever."""
    return tuple(row for row in foretold() if key in row.pair.levers)


def pairs_of(key: str) -> tuple[Pair, ...]:
    """All published pairs on one lever, predicted or not."""
    return tuple(pair for pair in published() if key in pair.levers)


def stacks() -> tuple[Stack, ...]:
    """Each pair of several levers whose parts were measured alone."""
    by_stack: dict[str, list[Pair]] = {}
    for pair in published():
        if pair.part_of:
            by_stack.setdefault(pair.part_of, []).append(pair)
    whole = {row.pair.id: row for row in foretold()}
    return tuple(
        Stack(whole[key], tuple(parts), prod(part.ratio or 1.0 for part in parts)) for key, parts in by_stack.items()
    )
