"""Sums over all sets of candidates, and the cheapest way to each of them through years in which sets only grow.

A set is a number: bit k stands for the k-th candidate. With 20 candidates there are a million, so that each loop here
touches a set once a year, or once a year and candidate.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.engine.jit import kernel

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
LOW_BITS = 10  # a set is looked up in two halves


@kernel
def run_summed(low: Places, high: Places, rows: Floats, active: int, out: Floats) -> None:
    """Add to each set's columns, (columns, sets), those of the row that every workload has under it.

    A workload's row is `low` of the set's lower bits plus `high` of the others, (workloads, halves); `rows` are those
    of all workloads one after another, (rows, columns). Only candidates in `active` act.
    """
    workloads, width = low.shape
    columns = rows.shape[1]
    for some in range(out.shape[1]):
        acting = some & active
        for workload in range(workloads):
            row = low[workload, acting % width] + high[workload, acting // width]
            for column in range(columns):
                out[column, some] += rows[row, column]


@kernel
def run_worst(low: Places, high: Places, rows: Floats, out: Floats) -> None:
    """The largest of each set's rows, (sets,); `rows` has one value a row."""
    workloads, width = low.shape
    for some in range(out.shape[0]):
        worst = 0.0
        for workload in range(workloads):
            row = low[workload, some % width] + high[workload, some // width]
            worst = max(worst, rows[row])
        out[some] = worst


@kernel
def run_added(low: Floats, high: Floats, out: Floats) -> None:
    """Add to each set what its candidates add one by one: the sums of its lower and of its other bits."""
    width = low.shape[0]
    for some in range(out.shape[0]):
        out[some] += low[some % width] + high[some // width]


@kernel
def run_grown(takes: Floats, best: Floats) -> None:
    """From the least cost of each set in one year to the least of starting the next with it, (sets,), in place.

    best(S) becomes the least, over sets S' within S, of best(S') + takes of each candidate of S that is not in S'.
    """
    for candidate in range(takes.shape[0]):
        bit, more = 1 << candidate, takes[candidate]
        for start in range(0, best.shape[0], 2 * bit):
            for some in range(start, start + bit):
                best[some + bit] = min(best[some + bit], best[some] + more)


@kernel
def run_ahead(takes: Floats, best: Floats) -> None:
    """The same backwards: best(S) becomes the least, over sets S' that hold S, of best(S') + takes of what S lacks."""
    for candidate in range(takes.shape[0]):
        bit, more = 1 << candidate, takes[candidate]
        for start in range(0, best.shape[0], 2 * bit):
            for some in range(start, start + bit):
                best[some] = min(best[some], best[some + bit] + more)


@kernel
def run_within(some: int, takes: Floats, best: Floats, tolerance: float) -> int:
    """The set within `some` from which it is cheapest to grow to it; of equally cheap ones that which starts most."""
    found, least, largest = some, np.inf, -1
    part = some
    while True:
        cost, rest, count = best[part], some & ~part, 0
        for candidate in range(takes.shape[0]):
            if rest >> candidate & 1:
                cost += takes[candidate]
            elif some >> candidate & 1:
                count += 1
        if cost < least - tolerance or (cost <= least + tolerance and count > largest):
            found, least, largest = part, min(cost, least), count
        if part == 0:
            return found
        part = (part - 1) & some


@kernel
def run_beyond(some: int, everything: int, takes: Floats, best: Floats, tolerance: float) -> int:
    """The set that holds `some` and to which it is cheapest to grow; of equally cheap ones the smallest."""
    found, least, smallest = some, np.inf, 64
    free = everything & ~some
    more = free
    while True:
        cost, count = best[some | more], 0
        for candidate in range(takes.shape[0]):
            if more >> candidate & 1:
                cost += takes[candidate]
                count += 1
        if cost < least - tolerance or (cost <= least + tolerance and count < smallest):
            found, least, smallest = some | more, min(cost, least), count
        if more == 0:
            return found
        more = (more - 1) & free


@kernel
def run_front(order: Places, carbon: Floats, rank: Places, ranks: int, kept: Flags) -> None:
    """Which sets no other betters, taken in the `order` of their cost: in carbon and in the rank of their quality."""
    least = np.full(ranks, np.inf)
    for place in range(order.shape[0]):
        some = order[place]
        kept[some] = carbon[some] < least[rank[some]]
        if kept[some]:
            for other in range(rank[some], ranks):
                least[other] = min(least[other], carbon[some])


class Rows:
    """Where each workload's rows stand among those of all, and which of them a set has."""

    def __init__(self, candidates: int, mine: Sequence[Sequence[int]]) -> None:
        self.candidates = candidates
        bits = min(candidates, LOW_BITS)
        starts = np.cumsum([0, *(1 << len(some) for some in mine)])
        self.low = np.array([_spread(some, 0, bits) + start for some, start in zip(mine, starts, strict=False)])
        self.high = np.array([_spread(some, bits, candidates - bits) for some in mine])
        if not mine:
            self.low, self.high = np.zeros((0, 1 << bits), np.int64), np.zeros((0, 1 << (candidates - bits)), np.int64)

    def summed(self, rows: Floats, active: int, out: Floats) -> None:
        """Add the columns of every set, (columns, sets)."""
        run_summed(self.low, self.high, np.ascontiguousarray(rows), active, out)

    def worst(self, rows: Floats) -> Floats:
        """The largest value of every set, (sets,)."""
        out = np.empty(1 << self.candidates)
        run_worst(self.low, self.high, np.ascontiguousarray(rows), out)
        return out

    def places(self, sets: Places) -> Places:
        """Each workload's own row under some sets, counted from its first, (sets, workloads)."""
        width = self.low.shape[1]
        return np.asarray((self.low[:, sets % width] - self.low[:, :1] + self.high[:, sets // width]).T)


def _spread(mine: Sequence[int], first: int, bits: int) -> Places:
    """For every value of some bits of a set, the bits of a workload's row that they set."""
    values = np.arange(1 << bits, dtype=np.int64)
    found = np.zeros(len(values), dtype=np.int64)
    for place, candidate in enumerate(mine):
        if first <= candidate < first + bits:
            found |= (values >> (candidate - first) & 1) << place
    return found


def added(amounts: Floats, out: Floats) -> None:
    """Add to each set, (sets,), the amounts of its candidates."""
    bits = min(len(amounts), LOW_BITS)
    run_added(_sums(amounts[:bits]), _sums(amounts[bits:]), out)


def _sums(amounts: Floats) -> Floats:
    found = np.zeros(1)
    for amount in amounts:
        found = np.concatenate([found, found + amount])
    return found
