"""Where rows come from: titles, licences and age of the sources they cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from core import catalog as facts
from core.catalog import Source


@dataclass(frozen=True, slots=True)
class Origin:
    """What the sources of one row say together. `read_on` is the day the oldest of them was read."""

    titles: str
    licences: str
    read_on: date | None

    def age_days(self, today: date) -> int | None:
        """Days since the oldest source was read; None where nothing is cited."""
        return None if self.read_on is None else (today - self.read_on).days


@cache
def origin(keys: tuple[str, ...]) -> Origin:
    """The origin of a row that cites these keys; unknown keys are told as such."""
    known = facts.load().sources
    found = [known[key] for key in keys if key in known]
    strange = [f"unknown source: {key}" for key in keys if key not in known]
    titles = [f"{source.publisher}: {source.title} ({source.year})" for source in found]
    licences = dict.fromkeys(source.licence for source in found)
    days = [read_on(source) for source in found]
    return Origin("; ".join([*titles, *strange]), "; ".join(licences), min(days, default=None))


def read_on(source: Source) -> date:
    """The day a source was read."""
    return date.fromisoformat(source.retrieved)


def sources_of(keys: Iterable[str], known: Mapping[str, Source]) -> list[Source]:
    """The sources behind these keys, each once, own assumptions last."""
    found = [known[key] for key in dict.fromkeys(keys) if key in known]
    return sorted(found, key=lambda source: source.url.startswith("about:"))


@cache
def data_date() -> date:
    """The day the oldest source of the catalog was read: no fact is older than that."""
    return min(read_on(source) for source in facts.load().sources.values())
