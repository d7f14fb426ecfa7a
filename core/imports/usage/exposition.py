"""Scrapes in Prometheus' text form, streamed: of each sample its metric, the labels taken, its value and its time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import BinaryIO

from core.imports.scrapes import BadLine, lines
from core.imports.usage.delimited import Refused, note
from core.imports.usage.record import Entry

MOST_LINE_BYTES = 65_536


def samples(stream: BinaryIO, file: str, columns: Collection[str], unread: set[str]) -> Iterator[Entry | Refused]:
    """The samples of the metrics taken; of their labels those that are taken too."""
    for sample in lines(_rows(stream)):
        place = f"row {sample.row:,}"
        if sample.name not in columns:
            note(unread, [sample.name])
        elif isinstance(sample, BadLine):
            yield Refused(place, f"{sample.name}: it is no sample of a metric")
        else:
            note(unread, [name for name in sample.labels if name not in columns])
            labels = {name: value for name, value in sample.labels.items() if name in columns}
            cells = {"name": sample.name, "labels": labels, "value": sample.value, "at": sample.at, "file": file}
            yield Entry(place, cells)


def _rows(stream: BinaryIO) -> Iterator[str]:
    while raw := stream.readline(MOST_LINE_BYTES):
        yield raw.decode("utf-8", errors="replace")
