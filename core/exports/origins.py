"""Every factor that a plan's figures rest on with its sources, and what among them is unknown or not verified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from core.catalog import Source
from core.plan import Plan, Workload
from core.plan.own_catalog import catalog_of
from core.results.factor import Factor
from core.results.factors import factors

STATUSES = (
    "verified", "entered", "fitted", "secondary", "assumption", "unverified", "undisclosed", "rumour", "unknown",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Used:
    """A factor of a workload, and the sources that it cites."""

    workload: Workload
    factor: Factor
    sources: tuple[Source, ...]

    @property
    def titles(self) -> str:
        """Publisher and title of each source."""
        told = "; ".join(f"{source.publisher}: {source.title}" for source in self.sources)
        return told or ("entered in the plan" if self.factor.source == "input" else "")

    @property
    def years(self) -> str:
        """The years of the sources, each once."""
        return "; ".join(dict.fromkeys(str(source.year) for source in self.sources))

    @property
    def licences(self) -> str:
        """The licences of the sources, each once."""
        return "; ".join(dict.fromkeys(source.licence for source in self.sources))


def used(plan: Plan) -> Iterator[Used]:
    """Every factor, workload by workload."""
    known = catalog_of(plan).sources
    for workload in plan.workloads:
        for factor in factors(plan, workload):
            cited = tuple(known[key] for key in factor.source.split(";") if key in known)
            yield Used(workload, factor, cited)


def cited(rows: list[Used]) -> list[tuple[Source, int]]:
    """Every source of some factors with how many rest on it, the most used first."""
    counts = Counter(source.key for row in rows for source in row.sources)
    by_key = {source.key: source for row in rows for source in row.sources}
    return [(by_key[key], count) for key, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]


def by_status(rows: list[Used]) -> dict[str, int]:
    """How many different factors there are of each status; workloads that share one count it once."""
    different = {(row.factor.name, row.factor.value, row.factor.source, row.factor.status) for row in rows}
    counts = Counter(status for *_, status in different)
    order = [*STATUSES, *sorted(set(counts) - set(STATUSES))]
    return {status: counts[status] for status in order if counts[status]}
