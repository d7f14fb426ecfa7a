"""Scrapes of NVIDIA's DCGM exporter: each board's energy counter since its start, at two times or more.

The energy is what a counter gained between the first and the last scrape. A text holds scrapes one after another; a
counter that stands in it twice belongs to the next scrape. Power gauges are never summed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from core.imports.reading import ENERGY_UNITS, Answers, Device, MeterReading, RefusedError, in_kwh, one_board
from core.imports.sheet import MOST_ROWS, shown
from core.units import MS_PER_S, S_PER_H

KIND = "DCGM exporter scrapes"
COUNTER = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"
LINE = re.compile(rf"{COUNTER}\{{(?P<labels>.*)\}}\s+(?P<value>\S+)(?:\s+(?P<ms>-?\d+))?\s*")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
UNIT = re.compile(rf"# HELP {COUNTER} .*\(in (\w+)\)")


@dataclass(frozen=True, slots=True)
class Count:
    """One counter at one scrape."""

    row: int
    board: str
    label: str
    model: str
    value: float
    at: datetime | None


def recognises(text: str) -> bool:
    """Whether it holds DCGM's names."""
    return "DCGM_FI_DEV_" in text


def read(name: str, text: str, answers: Answers) -> MeterReading:
    """What every board's counter gained between its first and its last scrape."""
    if answers.at not in ("", "board"):
        raise RefusedError(f"{name}: DCGM counts the boards alone; the meter stands at the board")
    counts = list(_counts(name, text))
    if not counts:
        raise RefusedError(f"{name}: no {COUNTER}; power alone tells no energy: add the counter to the exporter")
    unit = UNIT.search(text)
    factor = in_kwh(ENERGY_UNITS, unit[1] if unit else answers.unit, f"{name}: {COUNTER}", "mJ")
    models: dict[str, int] = {}
    boards: dict[str, list[Count]] = {}
    for count in counts:
        models.setdefault(count.model, count.row)
        boards.setdefault(count.board, []).append(count)
    one_board(name, models)
    once = next((found[0] for found in boards.values() if len(found) == 1), None)
    if once is not None:
        raise RefusedError(
            f"{name}, row {once.row}: one scrape of {once.label}; a counter since the board's start needs two: "
            "give two scrapes, together or one after the other in a file"
        )
    for found in boards.values():
        _rises(name, found)
    start, end = _times(boards)
    hours = (end - start).total_seconds() / S_PER_H if start and end else None
    devices = tuple(
        Device(found[0].label, found[0].model, (found[-1].value - found[0].value) * factor, hours)
        for found in boards.values()
    )
    untimed = () if start else ("the scrapes carry no times: say the days and the hours between them",)
    return MeterReading(
        kind=KIND, energy_kwh=sum(device.energy_kwh for device in devices), at="board", meter="board_sensor",
        rows_used=len(counts), start=start, end=end, covered_h=hours, devices=devices, said=untimed,
    )  # fmt: skip


def _counts(name: str, text: str) -> Iterator[Count]:
    for number, line in enumerate(text.splitlines(), start=1):
        if number > MOST_ROWS:
            raise RefusedError(f"{name} has over {MOST_ROWS:,} rows; the limit is {MOST_ROWS:,}: thin out the scrapes")
        if not line.startswith(COUNTER):
            continue
        found = LINE.fullmatch(line)
        try:
            value = float(found["value"]) if found else float("nan")
        except ValueError:
            value = float("nan")
        if found is None or not 0.0 <= value < float("inf"):
            raise RefusedError(
                f"{name}, row {number}: '{shown(line.rpartition('}')[2].strip())}' is no count of energy"
            )
        labels = dict(LABEL.findall(found["labels"]))
        host = labels.get("hostname") or labels.get("Hostname") or ""
        board = labels.get("UUID") or f"{host}/{labels.get('gpu', '')}"
        at = datetime.fromtimestamp(int(found["ms"]) / MS_PER_S, UTC).replace(tzinfo=None) if found["ms"] else None
        label = f"GPU {labels.get('gpu', '?')}" + (f" of {host}" if host else "")
        yield Count(number, board, label, labels.get("modelName", ""), value, at)


def _rises(name: str, found: list[Count]) -> None:
    for before, after in pairwise(found):
        if after.value < before.value:
            raise RefusedError(
                f"{name}, row {after.row}: the counter of {after.label} fell from {before.value:,.0f} to "
                f"{after.value:,.0f}: it began anew, and what it had counted since row {before.row} is lost; give "
                "scrapes from after the restart"
            )
        if after.at is not None and before.at is not None and after.at <= before.at:
            raise RefusedError(f"{name}, row {after.row}: the time of {after.label} repeats or goes back")


def _times(boards: dict[str, list[Count]]) -> tuple[datetime | None, datetime | None]:
    firsts, lasts = ([found[place].at for found in boards.values()] for place in (0, -1))
    known = [at for at in (*firsts, *lasts) if at is not None]
    return (min(known), max(known)) if len(known) == 2 * len(boards) else (None, None)
