"""How far a long command is, on standard error: one line on a terminal, else a line now and then."""

from __future__ import annotations

import sys
from time import monotonic

A_LINE_EVERY_S = 10.0
A_BAR_EVERY_S = 0.2
FIRST_AFTER_S = 1.0
BAR_SIGNS = 20


class RowsProgress:
    """Rows done, rows a second and the time left; nothing of short files, nothing when quiet."""

    def __init__(self, size: int | None, quiet: bool = False) -> None:
        self._size, self._quiet = size, quiet
        self._began_s = self._told_s = monotonic()
        self._width = 0
        self.rows = 0

    def add(self, rows: int, done: int) -> None:
        """Some more rows; `done` is how much of the file's size they are behind."""
        self.rows += rows
        now = monotonic()
        lasted_s, terminal = now - self._began_s, sys.stderr.isatty()
        pause_s = A_BAR_EVERY_S if terminal else A_LINE_EVERY_S
        if self._quiet or lasted_s < FIRST_AFTER_S or now - self._told_s < pause_s:
            return
        self._told_s = now
        text = told(self.rows, lasted_s, done / self._size if self._size else None)
        if not terminal:
            print(text, file=sys.stderr, flush=True)
            return
        share = done / self._size if self._size else 0.0
        line = f"[{'#' * int(BAR_SIGNS * share):<{BAR_SIGNS}}] {text}"
        print(f"\r{line:<{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(line)

    def end(self) -> None:
        """Leave the bar behind."""
        if self._width:
            print(f"\r{'':<{self._width}}\r", end="", file=sys.stderr, flush=True)
            self._width = 0


def told(rows: int, lasted_s: float, share: float | None) -> str:
    """A line of progress.

    >>> told(250_000, 2.0, 0.25), told(10, 2.0, None)
    ('250,000 rows, 25%, 125,000 rows/s, 6 s left', '10 rows, 5 rows/s')
    """
    done = f"{rows:,} rows"
    pace = f"{rows / lasted_s:,.0f} rows/s"
    return f"{done}, {pace}" if not share else f"{done}, {share:.0%}, {pace}, {lasted_s * (1 / share - 1):,.0f} s left"
