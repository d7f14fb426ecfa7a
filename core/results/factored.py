"""Columns of many rows that hold few values: each distinct value once, and which of them every row has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Block = npt.NDArray[np.float64]
MOST_CODES = 1 << 22  # of which a table is made; beyond it rows are sorted


@dataclass(frozen=True, slots=True)
class Factored:
    """A column: its distinct values, (values, years, 1 + draws), and which of them each row has."""

    values: Block
    rows: Rows

    def at(self, rows: Rows | slice) -> Factored:
        """The column of some rows."""
        return Factored(self.values, self.rows[rows])

    def whole(self) -> Block:
        """Every row's values, (rows, years, 1 + draws)."""
        return self.values[self.rows]

    def central(self) -> Block:
        """The central case of the first year, (rows,)."""
        return np.asarray(self.values[:, 0, 0][self.rows])

    def moved(self, on: Flags, move: Callable[[Block], Any]) -> Factored:
        """The column after something moved it in some of its rows."""
        if not on.any():
            return self
        count = len(self.values)
        codes = self.rows + count * on
        used = np.bincount(codes, minlength=2 * count) > 0
        before = self.values[used[count:]]
        after = np.broadcast_to(move(before), before.shape)
        return Factored(np.concatenate([self.values[used[:count]], after]), (np.cumsum(used) - 1)[codes])


def factored(values: Sequence[Any], rows: Rows, shape: tuple[int, int]) -> Factored:
    """A column of which each row has one of some values: numbers, or arrays that broadcast to (years, 1 + draws)."""
    found: dict[tuple[Any, ...], int] = {}
    distinct: list[Block] = []
    which = np.empty(len(values), dtype=np.int64)
    for place, value in enumerate(values):
        array = np.asarray(value, dtype=np.float64)
        key = (array.shape, array.tobytes())
        if key not in found:
            found[key] = len(found)
            distinct.append(np.broadcast_to(array, shape))
        which[place] = found[key]
    return Factored(np.array(distinct), which[rows])


def constant(value: float, rows: int, shape: tuple[int, int]) -> Factored:
    """A column with one value everywhere."""
    return Factored(np.full((1, *shape), value), np.zeros(rows, dtype=np.int64))


def once_each(codes: Rows, count: int) -> tuple[Rows, Rows]:
    """One row of each distinct code, in their order, and which of them each row has; codes lie below the count.

    >>> firsts, kinds = once_each(np.array([7, 3, 7]), 8)
    >>> firsts.tolist(), kinds.tolist()
    ([1, 2], [1, 0, 1])
    """
    if count > MOST_CODES:
        _, firsts, kinds = np.unique(codes, return_index=True, return_inverse=True)
        return firsts, kinds
    rows = np.full(count, -1, dtype=np.int64)
    rows[codes] = np.arange(len(codes))
    used = np.flatnonzero(rows >= 0)
    firsts = rows[used]
    rows[used] = np.arange(len(used))
    return firsts, rows[codes]


def kinds_of(columns: Iterable[Factored], count: int) -> tuple[Rows, Rows]:
    """One row of each kind, and the kind of each row: rows that agree in every column are of one kind."""
    firsts, kinds, most = np.zeros(min(count, 1), dtype=np.int64), np.zeros(count, dtype=np.int64), 1
    seen: set[int] = set()
    for column in columns:
        if len(column.values) == 1 or id(column.rows) in seen:
            continue
        seen.add(id(column.rows))
        most *= len(column.values)
        firsts, kinds = once_each(kinds * len(column.values) + column.rows, most)
        most = len(firsts)
    return firsts, kinds
