"""Sets of a workload's levers as bits, and the parts of its traffic that each leaves: every distinct part once."""

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
from core.results.draws import Floats

Sets = npt.NDArray[np.int64]  # bit k stands for the k-th lever in the order of composition
MOST_BITS = 62


@dataclass(frozen=True, slots=True)
class Use:
    """In a run of years, which part each of some sets takes: places among the sets, among the parts, and the years."""

    sets: Sets
    parts: Sets
    years: slice


@dataclass(frozen=True, slots=True)
class Parts:
    """Distinct parts of the traffic: the levers each takes and how much of the traffic it is."""

    levers: Sets
    shares: Floats
    uses: tuple[Use, ...]

    def gathered(self, values: Floats, sets: int) -> Floats:
        """Sums over the parts of each set, (sets, years), from the values of the parts, (parts, years)."""
        whole = np.zeros((sets, values.shape[1]))
        for use in self.uses:
            whole[use.sets, use.years] += values[use.parts, use.years]
        return whole

    def any_of(self, flags: npt.NDArray[np.bool_], sets: int) -> npt.NDArray[np.bool_]:
        """Whether any part of each set has the flag."""
        whole = np.zeros(sets, dtype=bool)
        for use in self.uses:
            whole[use.sets[flags[use.parts]]] = True
        return whole


def parts_of(catalog: Catalog, plan: Plan, levers: Sequence[Lever], sets: Sets) -> Parts:
    """The parts that sets of levers leave of a workload's traffic, year by year."""
    partial = bits(levers, lambda one: catalog.levers[one.key].sharing == "split" and one.share != 1.0)
    found: list[tuple[Sets, Sets, float, slice]] = []
    for first, last in runs_of_years(plan, levers):
        years = slice(first - plan.first_year, last - plan.first_year + 1)
        active = sets & bits(levers, lambda one: start_year(plan, one) <= first)  # noqa: B023
        for some in np.unique(active & partial):
            mine = np.flatnonzero((active & partial) == some)
            for share, taking in segments(catalog, chosen(levers, int(some))):
                found.append((mine, (active[mine] & ~partial) | bits(levers, lambda one: one in taking), share, years))  # noqa: B023
    widths = np.concatenate([np.full(len(taken), share) for _, taken, share, _ in found])
    taken, widths, places = distinct(np.concatenate([taken for _, taken, _, _ in found]), widths)
    split = np.split(places, np.cumsum([len(mine) for mine, _, _, _ in found])[:-1])
    uses = tuple(Use(mine, part, years) for (mine, _, _, years), part in zip(found, split, strict=True))
    return Parts(taken, widths, uses)


def distinct(sets: Sets, shares: Floats) -> tuple[Sets, Floats, Sets]:
    """Each pair of a set and a share once, and which of them every pair is."""
    some, which = np.unique(sets, return_inverse=True)
    widths, share = np.unique(shares, return_inverse=True)
    pairs, places = np.unique(which * len(widths) + share, return_inverse=True)
    return some[pairs // len(widths)], widths[pairs % len(widths)], places


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
