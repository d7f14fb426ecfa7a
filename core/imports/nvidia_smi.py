"""A power log of `nvidia-smi --query-gpu=timestamp,index,name,power.draw --format=csv -l N`: watts by board and time.

`[N/A]` is a missing sample, not 0. The clock is local and names no zone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.imports.power import Sample, reading_of
from core.imports.reading import POWER_UNITS, Answers, MeterReading, RefusedError, UnansweredError, in_kwh, one_board
from core.imports.sheet import FIRST_YEAR, LAST_YEAR, Row, header_of, rows_of, shown

KIND = "nvidia-smi power log"
POWER = re.compile(r"power\.draw(?:\.(?:average|instant))?(?: \[(\w+)\])?")
TIME = "%Y/%m/%d %H:%M:%S.%f"


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
    factor = in_kwh(POWER_UNITS, unit, f"{name}: the column '{shown(column)}'", "W")
    zone = _zone(name, answers.zone)
    boards, models, count, missing = _samples(name, text, column, unit, factor, zone)
    one_board(name, models)
    may_help = "" if zone else ", or say the clock's zone if it was moved in between"
    reading = reading_of(KIND, name, boards, next(iter(models)), may_help)
    start, end = reading.start, reading.end
    missed = (f"{missing} of {count} samples say [N/A]: missing, not 0",) if missing else ()
    local = f"its clock is taken as {answers.zone}" if zone else "its clock names no zone; none was given"
    told = reading.also(missed, (local,))
    return replace(told, start=start and _local(start, zone), end=end and _local(end, zone), local_clock=zone is None)


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
        at = _moved_on(row, _instant(_clock(row), zone, seen.get(index)), seen.get(index))
        seen[index] = at
        watts = row.maybe(column, unit)
        if watts is None:
            missing += 1
        else:
            boards.setdefault(f"GPU {index}", []).append(Sample(row, at, watts * factor))
    return boards, models, count, missing


def _clock(row: Row) -> datetime:
    """The time in a cell, by the quick reader where it can: a log of a week has millions of them."""
    text = row.cells["timestamp"]
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return row.time("timestamp", TIME)
    sound = FIRST_YEAR <= found.year <= LAST_YEAR and found.tzinfo is None
    return found if sound else row.time("timestamp", TIME)


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
