"""Sets of a workload's levers as bits, and the parts of its traffic that each leaves, by run of years."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.catalog import Catalog
from core.levers import runs as runs_of_years
from core.levers import segments, start_year
from core.plan import Plan
from core.plan.lever import Lever
from core.results.factored import once_each

Sets = npt.NDArray[np.int64]  # bit k stands for the k-th lever in the order of composition
MOST_BITS = 62


@dataclass(frozen=True, slots=True)
class Use:
    """A part of the traffic in a run of years: places among the sets, the levers each takes, its share, the years."""

    sets: Sets
    levers: Sets
    share: float
    years: slice


def uses_of(catalog: Catalog, plan: Plan, levers: Sequence[Lever], sets: Sets) -> list[Use]:
    """The parts that sets of levers leave of a workload's traffic; of each set in order of years, then of traffic."""
    partial = bits(levers, lambda one: catalog.levers[one.key].sharing == "split" and one.share != 1.0)
    found: list[Use] = []
    for first, last in runs_of_years(plan, levers):
        years = slice(first - plan.first_year, last - plan.first_year + 1)
        active = sets & bits(levers, lambda one: start_year(plan, one) <= first)  # noqa: B023
        firsts, kinds = once_each(packed(active, partial), 1 << partial.bit_count())
        for kind, some in enumerate(active[firsts] & partial):
            mine = np.flatnonzero(kinds == kind)
            for share, taking in segments(catalog, chosen(levers, int(some))):
                taken = (active[mine] & ~partial) | bits(levers, lambda one: one in taking)  # noqa: B023
                found.append(Use(mine, taken, share, years))
    return found


def packed(sets: Sets, mask: int) -> Sets:
    """The bits of a mask alone, moved together.

    >>> packed(np.array([0b1011, 0b0100]), 0b1010).tolist()
    [3, 0]
    """
    found, done = np.zeros(len(sets), dtype=np.int64), 0
    while mask:
        low = (mask & -mask).bit_length() - 1
        width = (~(mask >> low) & (mask >> low) + 1).bit_length() - 1
        found |= (sets >> low & ((1 << width) - 1)) << done
        mask, done = mask & ~(((1 << width) - 1) << low), done + width
    return found


def distinct(sets: Sets, mask: int) -> tuple[Sets, Sets]:
    """The distinct sets of the levers of a mask, and which of them each set has."""
    firsts, kinds = once_each(packed(sets, mask), 1 << mask.bit_count())
    return sets[firsts] & mask, kinds


def bits(levers: Sequence[Lever], is_in: Callable[[Lever], bool]) -> int:
    """The set of the levers that something is true of."""
    return sum(1 << place for place, lever in enumerate(levers) if is_in(lever))


def chosen(levers: Sequence[Lever], some: int) -> list[Lever]:
    """The levers of a set, in order."""
    return [lever for place, lever in enumerate(levers) if some >> place & 1]


def every(count: int) -> Sets:
    """All sets of so many levers, the empty one first."""
    return np.arange(1 << count, dtype=np.int64)


def none_and_all(count: int) -> Sets:
    """The empty set, then the set of so many levers."""
    return np.array([0, (1 << count) - 1], dtype=np.int64)


def each_alone(count: int) -> Sets:
    """The empty set, then each of so many levers by itself."""
    return np.array([0, *(1 << place for place in range(count))], dtype=np.int64)
