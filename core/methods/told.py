"""The room's own tables: CSV files beside the code, each row a mapping, its columns checked by whoever reads it."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def rows(name: str, folder: Path = HERE) -> tuple[dict[str, str], ...]:
    """The rows of one CSV file of this room."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def keys(text: str) -> tuple[str, ...]:
    """The keys in a cell, parted by semicolons.

    >>> keys("a;b"), keys("")
    (('a', 'b'), ())
    """
    return tuple(part for part in text.split(";") if part)
