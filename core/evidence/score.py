"""How near the predicted ratios are to the published ones: by lever and in all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

from core.evidence.foretold import Foretold, foretold, published, stacks
from core.units import PERCENT

AIM_MEDIAN_SHARE, AIM_DIRECTION_SHARE = 0.12, 0.95
WORST = 5


@dataclass(frozen=True, slots=True)
class Score:
    """The errors of some predicted ratios: `right` of `judged` directions; the rest changed too little to have one."""

    lever: str
    n: int
    median_error_share: float
    right: int
    judged: int


def score(lever: str, rows: Sequence[Foretold], ratio: Callable[[Foretold], float] = lambda row: row.ratio) -> Score:
    """The errors over some rows, of which there must be one."""
    errors = [abs(ratio(row) / row.published - 1.0) for row in rows]
    judged = [row for row in rows if row.right is not None]
    right = sum((ratio(row) - 1.0) * (row.published - 1.0) > 0 for row in judged)
    return Score(lever, len(rows), median(errors), right, len(judged))


@cache
def overall() -> Score:
    """All predicted pairs."""
    return score("", foretold())


@cache
def by_lever() -> tuple[Score, ...]:
    """Each lever or set of levers, in the order of the file."""
    keys = dict.fromkeys(row.pair.lever for row in foretold())
    return tuple(score(key, [row for row in foretold() if row.pair.lever == key]) for key in keys)


@cache
def by_seen() -> tuple[Score, ...]:
    """The pairs with both sides among the rows of the fit, one side, and none."""
    found = {seen: [row for row in foretold() if row.seen == seen] for seen in (2, 1, 0)}
    return tuple(score(str(seen), rows) for seen, rows in found.items() if rows)


@cache
def unseen() -> Score:
    """The pairs with both sides measured, by fits that had left out each side's model on its accelerator."""
    rows = [row for row in foretold() if row.unseen_ratio is not None]
    return score("", rows, lambda row: row.unseen_ratio or 1.0)


def worst(most: int = WORST) -> tuple[Foretold, ...]:
    """The pairs that are furthest off, the furthest first."""
    return tuple(sorted(foretold(), key=lambda row: -abs(row.residual_share))[:most])


def lines() -> Iterator[str]:
    """All of it as text: every pair, the score by lever, and what could not be computed."""
    yield f"{'pair':<6}{'lever':<34}{'published':>10}{'predicted':>10}{'off':>9}  before -> after"
    for row in foretold():
        off, pair = f"{PERCENT * row.residual_share:+.1f}%", row.pair
        told = f"{pair.baseline} -> {pair.treatment}"
        yield f"{pair.id:<6}{pair.lever:<34}{row.published:>10.3f}{row.ratio:>10.3f}{off:>9}  {told}"
    yield ""
    yield f"{'lever':<40}{'n':>4}{'median error':>14}  direction"
    for one in (*by_lever(), overall()):
        yield _line(one.lever or "all", one)
    for one in by_seen():
        yield _line(f"all, {one.lever} of 2 sides in the fit", one)
    yield _line("all, unseen pairs of model and device", unseen())
    for stack in stacks():
        yield (
            f"{stack.together.pair.change}: measured {stack.together.published:.3f}, composed "
            f"{stack.together.ratio:.3f}, product of the levers measured alone {stack.flat:.3f}"
        )
    yield ""
    yield "not computed:"
    yield from (f"  {pair.id} {pair.kind}: {pair.not_computed}" for pair in published() if pair.not_computed)


def _line(name: str, one: Score) -> str:
    return f"{name:<40}{one.n:>4}{PERCENT * one.median_error_share:>13.1f}%  {one.right} of {one.judged} right"
