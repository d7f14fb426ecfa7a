"""Scrapes in Prometheus' text form, streamed: of each sample its metric, the labels taken, its value and its time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from core.imports.usage.delimited import Refused
from core.imports.usage.record import Entry
from core.units import MS_PER_S

MOST_LINE_BYTES = 1_048_576
SAMPLE = re.compile(r"([a-zA-Z_:][\w:]*)\s*(?:\{(.*)\})?\s+(\S+)(?:\s+(-?\d+))?\s*")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def samples(
    stream: BinaryIO, columns: Collection[str], unread: set[str], first_scrape: int = 0
) -> Iterator[Entry | Refused]:
    """The samples of the metrics taken; one that stands there again, with the same labels, opens the next scrape."""
    scrape, seen, number = first_scrape, set[str](), 0
    while raw := stream.readline(MOST_LINE_BYTES):
        number += 1
        place = f"line {number:,}"
        try:
            line = raw.decode().strip()
        except UnicodeDecodeError:
            yield Refused(place, "it is no UTF-8 text")
            continue
        if not line or line.startswith("#"):
            continue
        metric = re.split(r"[\s{]", line, maxsplit=1)[0]
        if metric not in columns:
            unread.add(metric)
            continue
        found = SAMPLE.fullmatch(line)
        if found is None:
            yield Refused(place, f"{metric}: it is no sample of a metric")
            continue
        _, labels, value, ms = found.groups()
        identity = f"{metric}{{{labels or ''}}}"
        if identity in seen:
            scrape, seen = scrape + 1, set()
        seen.add(identity)
        pairs = dict(LABEL.findall(labels or ""))
        unread.update(name for name in pairs if name not in columns)
        yield _entry(place, metric, {k: v for k, v in pairs.items() if k in columns}, value, ms, scrape)


def _entry(place: str, metric: str, labels: dict[str, str], value: str, ms: str | None, scrape: int) -> Entry | Refused:
    try:
        at = datetime.fromtimestamp(int(ms) / MS_PER_S, UTC) if ms else None
        number = float(value)
    except (ValueError, OverflowError, OSError):
        return Refused(place, f"{metric}: its value or time is no number")
    return Entry(place, {"metric": metric, "labels": labels, "value": number, "at": at, "scrape": scrape})
