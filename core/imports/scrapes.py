"""Prometheus text as samples, one line after another, and what a counter gained over several scrapes of it.

A text holds scrapes one after another; a counter that stands in it again belongs to the next scrape. A counter that
falls began anew: what it had counted since the scrape before is lost.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from core.imports.sheet import shown
from core.units import MS_PER_S

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LINE = re.compile(
    rf"\s*(?P<name>{NAME})(?:\{{(?P<labels>(?:[^\"}}]|\"(?:[^\"\\]|\\.)*\")*)\}})?"
    r"\s+(?P<value>[^\s#]+)(?:\s+(?P<at>-?[\d.]+(?:[eE][-+]?\d+)?))?\s*(?:#.*)?"
)
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
ESCAPED = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}
IN_MS = 1e11  # a time above is in milliseconds, as Prometheus writes it; below in seconds, as OpenMetrics does
LATEST_S = 4e9  # the year 2096


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of one series: its row, and its time in UTC where the line has one."""

    row: int
    name: str
    labels: dict[str, str]
    value: float
    at: datetime | None

    @property
    def series(self) -> tuple[str, ...]:
        """What tells this series from others."""
        return (self.name, *(f"{key}={self.labels[key]}" for key in sorted(self.labels)))


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no sample: its row, and the text that is at fault."""

    row: int
    name: str
    text: str


def lines(rows: Iterable[str], first: int = 1) -> Iterator[Sample | BadLine]:
    """The samples of a text in order; comments and blank lines are passed over."""
    for number, row in enumerate(rows, start=first):
        text = row.strip()
        if text and not text.startswith("#"):
            yield _sample(number, text)


def _sample(number: int, text: str) -> Sample | BadLine:
    found = LINE.fullmatch(text)
    name = re.match(NAME, text)
    bad = BadLine(number, name[0] if name else "", shown(text.rpartition("}")[2].strip()))
    if found is None:
        return bad
    try:
        value = float(found["value"])
        at = _time(found["at"])
    except (ValueError, OverflowError, OSError):
        return bad
    if "_" in found["value"]:
        return bad
    labels = {key: _plain(text) for key, text in LABEL.findall(found["labels"] or "")}
    return Sample(number, found["name"], labels, value, at)


def _plain(text: str) -> str:
    return re.sub(r"\\.", lambda found: ESCAPED.get(found[0], found[0]), text) if "\\" in text else text


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    seconds = float(text)
    seconds = seconds / MS_PER_S if abs(seconds) >= IN_MS else seconds
    if not 0 <= seconds <= LATEST_S:
        raise ValueError(text)
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def is_count(value: float) -> bool:
    """Whether a value may stand in a counter."""
    return math.isfinite(value) and value >= 0


@dataclass(frozen=True, slots=True)
class Gain:
    """What a counter gained from its first to its last scrape, and the pairs of scrapes between which it began anew.

    `lost_s` are the seconds between those, None where the scrapes carry no times.
    """

    value: float
    anew: tuple[tuple[Sample, Sample], ...]
    lost_s: float | None


def gained(found: Sequence[Sample]) -> Gain:
    """What a counter gained; of two scrapes between which it began anew, nothing is counted."""
    value, lost_s, anew = 0.0, 0.0, []
    timed = all(one.at is not None for one in found)
    for before, after in pairwise(found):
        if after.value >= before.value:
            value += after.value - before.value
            continue
        anew.append((before, after))
        if after.at is not None and before.at is not None:
            lost_s += (after.at - before.at).total_seconds()
    return Gain(value, tuple(anew), lost_s if timed else None)
