"""The rows of an hourly file as moments and values: separators, clocks, numbers, each refused with its row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.imports.reading import RefusedError, UnansweredError
from core.imports.sheet import Row, header_of, shown

SEPARATORS = (",", ";", "\t")
FORMS = ("%Y-%m-%dT%H:%MZ", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S")
MISSING = frozenset({"", "-", "n/a", "na", "nan", "null"})
FIRST_YEAR, LAST_YEAR = 1990, 2100
ZONES = ("UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles")


@dataclass(frozen=True, slots=True)
class Said:
    """What the owner of the file says beside it. Blank: not said.

    `zone` is of a clock that names none, `unit` of values that name none, `gaps` and `twice` what to do about hours
    that are missing or stand there twice, `basis` which of two columns to take.
    """

    zone: str = ""
    unit: str = ""
    gaps: str = ""
    twice: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One row: where it stands, when it begins (UTC), and its value; None where the file has none.

    `lasts_min` is how long it holds, where the file says; 0: as long as rows lie apart.
    """

    row: Row
    at: datetime
    value: float | None
    lasts_min: int = 0


def separator_of(text: str) -> str:
    """The sign that parts the cells of the first line most often."""
    return max(SEPARATORS, key=lambda sign: len(header_of(text, sign)))


def value_of(row: Row, column: str, separator: str) -> float | None:
    """The number in a cell, None where it is missing; a decimal comma counts where commas part no cells."""
    text = row.cells[column]
    if text.lower() in MISSING:
        return None
    bare = text.replace(",", ".") if separator != "," and text.count(",") == 1 and "." not in text else text
    try:
        value = float(bare)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in bare:
        raise RefusedError(f"{row.where}, column {shown(column)}: '{shown(text)}' is not a number")
    return value


def zone_named(name: str, zone: str) -> ZoneInfo | None:
    """The clock that was named, None where none was; RefusedError where there is no such clock."""
    if not zone:
        return None
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a part of a name is a folder of zones
        raise RefusedError(f"{name}: '{shown(zone)}' is not a time zone; name one like Europe/Berlin, or UTC") from None


def moments(name: str, rows: Sequence[Row], column: str, said: Said, known: str) -> list[datetime]:
    """When each row begins, in UTC. `known` is the zone that the format itself names; blank where it names none."""
    zone = zone_named(name, known or said.zone)
    found: list[datetime] = []
    for row in rows:
        moment = _time(row, column)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise RefusedError(
                f"{row.where}, column {shown(column)}: the year is {moment.year}; "
                f"it must lie in [{FIRST_YEAR}, {LAST_YEAR}]"
            )
        if moment.tzinfo is None:
            if zone is None:
                raise UnansweredError(
                    "zone",
                    f"{name}: the column '{shown(column)}' names no time zone; say which clock it is",
                    ZONES,
                )
            moment = _in_zone(row, moment, zone, found[-1] if found else None)
        found.append(moment.astimezone(UTC))
    return found


def _time(row: Row, column: str) -> datetime:
    text = row.cells[column].split(" - ")[0].strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise RefusedError(f"{row.where}, column {shown(column)}: '{shown(row.cells[column])}' is not a time")


def _in_zone(row: Row, local: datetime, zone: ZoneInfo, before: datetime | None) -> datetime:
    """A local time as a moment: the second of an autumn hour that comes twice follows the first."""
    first = local.replace(tzinfo=zone).astimezone(UTC)
    again = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if again < first:
        raise RefusedError(
            f"{row.where}: {local:%Y-%m-%d %H:%M} does not exist in {zone.key}: its clock skips that hour"
        )
    return again if before is not None and first <= before < again else first


def columns_like(header: Sequence[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Columns of the header by what they are, compared without case and double spaces; absent ones are left out."""
    plain = {" ".join(column.lower().split()): column for column in header}
    return {key: plain[name] for name, key in wanted.items() if name in plain}
