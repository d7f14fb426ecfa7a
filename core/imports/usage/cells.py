"""What stands in a cell of a row: an amount, a word, a time; RowError in one sentence where it is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.imports.reading import RefusedError
from core.imports.sheet import MISSING, shown
from core.imports.usage.record import Entry, RowError

LONGEST_TEXT = 200
MOST_AMOUNT = 1e18
SHORT = 15  # digits that are below it, whatever they are
FIRST_YEAR, LAST_YEAR = 2015, 2100
TRUE, FALSE = ("true", "1", "yes", "t"), ("false", "0", "no", "f", "", "none", "null")
# Seconds, milliseconds, microseconds and nanoseconds since 1970: each too large for the one before it.
EPOCHS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))

LONGEST_WORD = 24  # of a unit or a kind that a sentence quotes
# What a sentence may quote of a cell: a figure or a time, and no address of a machine.
FIGURES = re.compile(r"[-+]?[\d.,eE_%$€£]{1,32}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ]?[\d:.,Z+-]{0,32}", re.ASCII)
ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}(:\d+)?", re.ASCII)


def quoted(word: str, most: int = 4) -> str:
    """A cell in the sentence that refuses it, where it cannot be a name, an address or a prompt that slipped in.

    Quoted are figures, times and words of up to `most` signs; of any other text only its length is told.

    >>> quoted("ten"), quoted("2026-13-45 10:00"), quoted("jane.doe@example.com"), quoted("10.1.2.3")
    ("'ten'", "'2026-13-45 10:00'", 'a text of 20 signs', 'a text of 8 signs')
    """
    figures = FIGURES.fullmatch(word) is not None and ADDRESS.fullmatch(word) is None
    if (len(word) <= most and "@" not in word) or figures:
        return f"'{word}'"
    return f"a text of {len(word):,} signs"


def quoted_word(word: str) -> str:
    """The same of a unit or a kind, whose names are longer."""
    return quoted(word, LONGEST_WORD)


def amount(entry: Entry, column: str) -> float | None:
    """The number in a cell, 0 or more; None where the file says that it has none."""
    raw = entry.cells.get(column)
    if type(raw) is str and raw.isdecimal() and len(raw) < SHORT:
        return float(raw)
    value = signed(entry, column)
    if value is not None and value < 0:
        raise RowError(f"{column} is {value:.6g}; it must be 0 or more")
    return value


def signed(entry: Entry, column: str) -> float | None:
    """The number in a cell, which may be below 0; None where the file says that it has none."""
    raw = entry.cells.get(column)
    if raw is None or (isinstance(raw, str) and raw.strip().lower() in MISSING):
        return None
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise RowError(f"{column} is {quoted(str(raw))}, not a number")
    try:
        value = float("x" if isinstance(raw, str) and "_" in raw else raw)
    except (ValueError, OverflowError):
        raise RowError(f"{column} is {quoted(str(raw))}, not a number") from None
    if not isfinite(value) or abs(value) > MOST_AMOUNT:
        raise RowError(f"{column} is {value:.6g}; it must be at most {MOST_AMOUNT:.0e}")
    return value


def needed(entry: Entry, column: str) -> float:
    """The number in a cell that a row cannot do without."""
    value = amount(entry, column)
    if value is None:
        raise RowError(f"{column} is blank; it must be a number")
    return value


def text(entry: Entry, column: str) -> str:
    """The word in a cell; blank where there is none."""
    raw = entry.cells.get(column)
    if type(raw) is str and raw.isprintable() and len(raw) <= LONGEST_TEXT:
        return raw.strip()
    if raw is None:
        return ""
    if not isinstance(raw, str | int | float):
        raise RowError(f"{column} is a list or a group, not a word")
    word = str(raw).strip()
    if len(word) > LONGEST_TEXT:
        raise RowError(f"{column} has {len(word):,} characters; the limit is {LONGEST_TEXT}")
    if not word.isprintable():
        raise RowError(f"{column} holds a sign that cannot be printed")
    return word


def yes(entry: Entry, column: str) -> bool:
    """Whether a cell says yes; blank is no."""
    word = text(entry, column).lower()
    if word not in (*TRUE, *FALSE):
        raise RowError(f"{column} is {quoted(word)}; it must be true or false")
    return word in TRUE


def at(entry: Entry, column: str, zone: tzinfo = UTC) -> datetime | None:
    """The time in a cell, in UTC: ISO, or a count since 1970; `zone` is of a clock that names none."""
    word = text(entry, column)
    if not word:
        return None
    try:
        found = _since_1970(float(word)) if word.replace(".", "", 1).isdecimal() else _iso(word)
        moment = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise RowError(f"{column} is {quoted(word)}, not a time") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise RowError(f"{column} is in {moment.year}; it must lie in {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def month(moment: datetime | None) -> str:
    """The month of a time, as 2026-03; blank where there is none."""
    return "" if moment is None else f"{moment.year}-{moment.month:02d}"


def zone_of(answers: Mapping[str, str], usual: tzinfo = UTC) -> tzinfo:
    """The clock that the owner named for a file that names none."""
    name = answers.get("zone", "")
    if not name:
        return usual
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a part of a name is a folder of zones
        raise RefusedError(f"'{shown(name)}' is not a time zone; name one like Europe/Berlin, or UTC") from None


def inner(entry: Entry, column: str) -> Entry:
    """A group inside a row, as an entry of its own; without cells where there is none."""
    raw = entry.cells.get(column)
    return Entry(entry.place, raw if isinstance(raw, Mapping) else {})


def listed(entry: Entry, column: str) -> list[Entry]:
    """The groups in a list inside a row, each an entry of its own."""
    raw: Any = entry.cells.get(column)
    items = raw if isinstance(raw, list) else []
    return [Entry(entry.place, item) for item in items if isinstance(item, Mapping)]


def _since_1970(count: float) -> datetime:
    for most, per_s in EPOCHS:
        if count < most:
            return datetime.fromtimestamp(count / per_s, UTC)
    raise ValueError("too large for a time")


def _iso(word: str) -> datetime:
    return datetime.fromisoformat(word.removesuffix(" UTC") + ("+00:00" if word.endswith(" UTC") else ""))
