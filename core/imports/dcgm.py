"""Scrapes of NVIDIA's DCGM exporter: each board's energy counter since its start, at two times or more.

The energy is what a counter gained between the first and the last scrape. Power gauges are never summed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.imports.counters import Board, reading_of
from core.imports.reading import ENERGY_UNITS, Answers, MeterReading, RefusedError, in_kwh
from core.imports.scrapes import Sample, is_count, lines
from core.imports.sheet import MOST_ROWS, shown

KIND = "DCGM exporter scrapes"
COUNTER = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"
UNIT = re.compile(rf"# HELP {COUNTER} .*\(in (\w+)\)")


def recognises(text: str) -> bool:
    """Whether it holds DCGM's names."""
    return "DCGM_FI_DEV_" in text


def read(name: str, text: str, answers: Answers) -> MeterReading:
    """What every board's counter gained between its first and its last scrape."""
    if answers.at not in ("", "board"):
        raise RefusedError(f"{name}: DCGM counts the boards alone; the meter stands at the board")
    boards: dict[str, Board] = {}
    for sample in counts(name, text, COUNTER):
        labels = sample.labels
        host = labels.get("hostname") or labels.get("Hostname") or ""
        label = f"GPU {labels.get('gpu', '?')}" + (f" of {host}" if host else "")
        key = labels.get("UUID") or f"{host}/{labels.get('gpu', '')}"
        boards.setdefault(key, Board(label, labels.get("modelName", ""))).found.append(sample)
    if not boards:
        raise RefusedError(f"{name}: no {COUNTER}; power alone tells no energy: add the counter to the exporter")
    unit = UNIT.search(text)
    factor = in_kwh(ENERGY_UNITS, unit[1] if unit else answers.unit, f"{name}: {COUNTER}", "mJ")
    return reading_of(KIND, name, tuple(boards.values()), factor)


def counts(name: str, text: str, *counters: str) -> Iterator[Sample]:
    """The samples of some counters; RefusedError for one that is no count of energy."""
    rows = text.splitlines()
    if len(rows) > MOST_ROWS:
        raise RefusedError(f"{name} has over {MOST_ROWS:,} rows; the limit is {MOST_ROWS:,}: thin out the scrapes")
    for sample in lines(rows):
        if sample.name not in counters:
            continue
        if not isinstance(sample, Sample) or not is_count(sample.value):
            text = shown(rows[sample.row - 1].rpartition("}")[2].strip())
            raise RefusedError(f"{name}, row {sample.row}: '{text}' is no count of energy")
        yield sample
