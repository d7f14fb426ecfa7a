"""Savings of shifting that studies printed, beside what this app's kernels give; what could not be reproduced says why.

>>> len(published_shifts())
32
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core import catalog
from core.catalog.rows import Row, columns_of, frozen, keyed, read, record
from core.catalog.tables import by_id, checked

PUBLISHED = "shifting/published.csv"
OUTCOMES = frozenset({"reproduced", "not_reproduced"})
BASES = frozenset({"hourly_2022", "reference_year_2023"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedShift:
    """One printed saving of a job against starting at once, and ours on `ours_basis`; `reason` says why they differ."""

    id: str
    study: str
    zone: str
    data_year: int
    job_h: float
    slack_h: int
    pausing: bool
    published_pct: float
    ours_pct: float | None
    ours_basis: str = ""
    outcome: str
    reason: str = ""
    status: str
    source: str

    @property
    def reproduced(self) -> bool:
        """Whether ours is the printed figure, on the same data."""
        return self.outcome == "reproduced"


@lru_cache(maxsize=1)
def published_shifts() -> Mapping[str, PublishedShift]:
    """The project's own list, read when first asked for."""
    return read_published(catalog.FOLDER, catalog.load().sources)


def read_published(folder: Path, known: Collection[str]) -> Mapping[str, PublishedShift]:
    """The list of a folder; `known` are the keys of sources."""
    rows = keyed(checked(read(folder, PUBLISHED, columns_of(PublishedShift)), known), by_id, "id")
    return frozen({key: _shift(row) for key, row in rows.items()})


def _shift(row: Row) -> PublishedShift:
    row.one_of("outcome", OUTCOMES, "outcome")
    if row.cells["ours_pct"]:
        row.one_of("ours_basis", BASES, "basis")
    if row.cells["outcome"] == "not_reproduced":
        row.text("reason")
    elif row.cells["ours_basis"] != "hourly_2022":
        row.fail("ours_basis", "what is reproduced rests on the study's own data")
    return record(PublishedShift, row)
