"""A power log of `nvidia-smi --query-gpu=timestamp,index,name,power.draw --format=csv -l N`: watts by board and time.

Power is integrated between neighbouring samples of a board. A longer silence than a few intervals is a gap: it is left
out and told, never bridged. `[N/A]` is a missing sample, not 0. The clock is local and names no zone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median_low
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.imports.reading import (
    LEAST_COVERED,
    POWER_UNITS,
    Answers,
    Device,
    MeterReading,
    RefusedError,
    UnansweredError,
    in_kwh,
    one_board,
)
from core.imports.sheet import Row, header_of, rows_of, shown
from core.units import S_PER_H, WH_PER_KWH

KIND = "nvidia-smi power log"
POWER = re.compile(r"power\.draw(?:\.(?:average|instant))?(?: \[(\w+)\])?")
TIME = "%Y/%m/%d %H:%M:%S.%f"
GAP = 3.0  # intervals: a longer silence is a gap
LONGEST_S = 3600.0  # so is any longer than an hour: two readings do not tell the power of a day
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading of one board."""

    row: Row
    at: datetime
    watts: float


def recognises(text: str) -> bool:
    """Whether the first line holds a power draw."""
    return any(POWER.fullmatch(column) for column in header_of(text, ","))


def read(name: str, text: str, answers: Answers) -> MeterReading:
    """The energy of every board over the time it was sampled."""
    if answers.at not in ("", "board"):
        raise RefusedError(f"{name}: nvidia-smi reads the boards alone; the meter stands at the board")
    column = next(column for column in header_of(text, ",") if POWER.fullmatch(column))
    named = POWER.fullmatch(column)
    unit = (named[1] if named else "") or answers.unit
    factor = in_kwh(POWER_UNITS, unit, f"{name}: the column '{column}'", "W")
    zone = _zone(name, answers.zone)
    boards, models, count, missing = _samples(name, text, column, unit, factor, zone)
    one_board(name, models)
    if not any(len(samples) > 1 for samples in boards.values()):
        raise RefusedError(f"{name}: no board has two samples with a power; energy needs time between them")
    devices, gaps = [], []
    for index, samples in boards.items():
        energy_wh, covered_s, found = _integrated(samples)
        gaps += found
        devices.append(Device(f"GPU {index}", next(iter(models)), energy_wh / WH_PER_KWH, covered_s / S_PER_H))
    start = min(samples[0].at for samples in boards.values())
    end = max(samples[-1].at for samples in boards.values())
    hours = max(device.covered_h or 0.0 for device in devices)
    span_h = (end - start).total_seconds() / S_PER_H
    if hours < LEAST_COVERED * span_h:
        raise UnansweredError(
            "zone",
            f"{name}: the samples cover {hours:.2g} of {span_h:.3g} h; at least half must be"
            + ("" if zone else ", or say the clock's zone if it was moved in between"),
        )
    left = [f"{missing} of {count} samples say [N/A]: missing, not 0"] if missing else []
    left += gaps[:MOST_TOLD] + ([f"{len(gaps) - MOST_TOLD} more gaps"] if len(gaps) > MOST_TOLD else [])
    local = f"its clock is taken as {answers.zone}" if zone else "its clock names no zone; none was given"
    return MeterReading(
        kind=KIND, energy_kwh=sum(device.energy_kwh for device in devices), at="board", meter="board_sensor",
        rows_used=count - missing, start=_local(start, zone), end=_local(end, zone), covered_h=hours,
        local_clock=zone is None, devices=tuple(devices), left_out=tuple(left),
        said=(local, "power between samples is taken as the mean of both"),
    )  # fmt: skip


def _zone(name: str, key: str) -> ZoneInfo | None:
    if not key:
        return None
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RefusedError(f"{name}: '{shown(key)}' is no time zone; write it as Europe/Berlin or UTC") from None


def _local(at: datetime, zone: ZoneInfo | None) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None) if zone else at


def _samples(
    name: str, text: str, column: str, unit: str, factor: float, zone: ZoneInfo | None
) -> tuple[dict[str, list[Sample]], dict[str, int], int, int]:
    boards: dict[str, list[Sample]] = {}
    seen: dict[str, datetime] = {}
    models: dict[str, int] = {}
    count = missing = 0
    for row in rows_of(name, text, ",", ("timestamp", "index", "name", column), "nvidia-smi power"):
        count += 1
        index = row.cells["index"]
        models.setdefault(row.cells["name"], row.number)
        at = _moved_on(row, _instant(row.time("timestamp", TIME), zone, seen.get(index)), seen.get(index))
        seen[index] = at
        watts = row.maybe(column, unit)
        if watts is None:
            missing += 1
        else:
            boards.setdefault(index, []).append(Sample(row, at, watts * factor))
    return boards, models, count, missing


def _instant(local: datetime, zone: ZoneInfo | None, before: datetime | None) -> datetime:
    """The time in UTC where the zone is known; of an autumn hour that comes twice, the one that lies after `before`."""
    if zone is None:
        return local
    first = local.replace(tzinfo=zone).astimezone(UTC)
    again = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return again if before is not None and first < before <= again else first


def _moved_on(row: Row, at: datetime, before: datetime | None) -> datetime:
    board = row.cells["index"]
    if before is not None and at == before:
        raise RefusedError(f"{row.where}: GPU {board} has two samples at {row.cells['timestamp']}")
    if before is not None and at < before:
        raise UnansweredError(
            "zone",
            f"{row.where}: the time of GPU {board} goes back, to {row.cells['timestamp']}; say the clock's zone if it "
            "was moved, or give one log a file",
        )
    return at


def _integrated(samples: Sequence[Sample]) -> tuple[float, float, list[str]]:
    """Energy [Wh], seconds covered, and a sentence for each gap that was left out."""
    pairs = list(pairwise(samples))
    steps = [(after.at - before.at) / timedelta(seconds=1) for before, after in pairs]
    longest = min(GAP * median_low(steps), LONGEST_S) if steps else 0.0
    energy_ws = covered_s = 0.0
    gaps = []
    for (before, after), seconds in zip(pairs, steps, strict=True):
        if seconds > longest:
            gaps.append(f"{after.row.where}: GPU {after.row.cells['index']} was silent for {seconds:,.0f} s: left out")
            continue
        energy_ws += (before.watts + after.watts) / 2 * seconds
        covered_s += seconds
    return energy_ws / S_PER_H, covered_s, gaps
