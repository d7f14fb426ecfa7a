"""A block of rows on its way to a worker, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a file, in one of three forms: bytes of a CSV, rows of cells, or a table of Parquet.

    `first_line` is the line of the file on which the first row begins, `first_byte` where that is. Rows of cells come
    with the line on which each ends.
    """

    first_line: int = 0
    first_byte: int = 0
    data: bytes = b""
    quoted: bool = False
    rows: tuple[tuple[int, Cells], ...] = ()
    table: Any = None

    @property
    def read(self) -> int:
        """How much of the file's size it is: bytes of a CSV, rows of Parquet."""
        return len(self.data) if self.table is None else int(self.table.num_rows)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a block came to: bytes to append or a table, its rows, how many failed, how much of the file they are."""

    rows: int
    failed: int
    read: int
    data: bytes = b""
    table: Any = None
