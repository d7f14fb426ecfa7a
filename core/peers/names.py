"""Which service of EcoLogits' list each closed model of the catalog is, from `data/models/ecologits_names.csv`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core import catalog as facts
from core.catalog.rows import columns_of, frozen, read, record

FILE = "models/ecologits_names.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One closed service by EcoLogits' own name, and the model of the catalog that stands for it.

    Several names may be one model: dated editions, moving names, variants of the same size. The `main` one lends its
    speed. A name without a model says in `left_out` why it has none.
    """

    provider: str
    name: str
    model: str = ""
    main: bool
    left_out: str = ""
    source: str


def names(folder: Path = facts.FOLDER) -> list[Name]:
    """Every closed service of the list, strictly read."""
    known = facts.load()
    rows = read(folder, FILE, columns_of(Name))
    for row in rows:
        row.one_of("source", known.sources, "source")
        if row.cells["model"]:
            row.one_of("model", known.models, "model")
        if bool(row.cells["model"]) == bool(row.cells["left_out"]):
            row.fail("left_out", "a name has a model, or a reason why it has none")
    return [record(Name, row) for row in rows]


@lru_cache(maxsize=1)
def main_names() -> Mapping[str, Name]:
    """The service that each model is, by the model's id."""
    return frozen({name.model: name for name in names() if name.main})
