"""Savings of shifting that studies printed, beside what this app's kernels give; what could not be reproduced says why.

>>> len(published_shifts())
51
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
BASES = frozenset({"hourly_2022", "hourly_2023", "reference_year_2023"})
MEASURES = frozenset({
    "saving", "yesterday_share", "profile_share", "noise_share",
    "average_by_average", "marginal_by_average", "average_by_marginal", "marginal_by_marginal",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedShift:
    """One printed figure and ours on `ours_basis`; `reason` says why they differ.

    `measure` says what it is: a saving against starting at once, the share of it that a forecast realises, or a saving
    scored on one intensity with hours chosen by the other. A job has `job_h`, a fleet a share that may wait.
    """

    id: str
    study: str
    zone: str
    data_year: int | None
    measure: str
    flexible_share: float | None
    job_h: float | None
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
    row.one_of("measure", MEASURES, "measure")
    if row.cells["ours_pct"]:
        row.one_of("ours_basis", BASES, "basis")
    if row.cells["outcome"] == "not_reproduced":
        row.text("reason")
    elif row.cells["ours_basis"] != "hourly_2022":
        row.fail("ours_basis", "what is reproduced rests on the study's own data")
    return record(PublishedShift, row)
