"""From a board's name, as its driver gives it, to an accelerator of the catalog."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from core.catalog import Catalog

BOARDS = Path(__file__).with_name("boards.csv")


class UnknownBoardError(Exception):
    """A board that no accelerator of the catalog is known for, with what to do in a sentence."""


@lru_cache(maxsize=1)
def names() -> Mapping[str, str]:
    """Accelerator by board name. One name, one accelerator: a board sold with two memories has two names.

    >>> names()["NVIDIA H100 80GB HBM3"]
    'H100-SXM'
    """
    with BOARDS.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["hardware"] for row in csv.DictReader(file)}


def hardware_of(name: str, given: str, catalog: Catalog) -> str:
    """The accelerator's id: the one given, else the one of this board name."""
    if given:
        if given not in catalog.hardware:
            raise UnknownBoardError(f"hardware is {given!r}; it is not in the catalog")
        return given
    known = names()
    found = known.get(name) or known.get(f"NVIDIA {name}")
    if found is None:
        raise UnknownBoardError(
            f"the board calls itself {name!r}, which is not known here; say which accelerator of the catalog it is "
            "with --hardware ID (ids: data/hardware/hardware.csv)"
        )
    return found
