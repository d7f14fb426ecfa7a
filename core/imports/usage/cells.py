"""The cells of a row as numbers, tokens, times and texts; what is none of them earns a sentence and refuses the row."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.imports.usage.record import Entry, RowError
from core.units import NS_PER_US, TOKENS_PER_K, TOKENS_PER_M

LONGEST_SHOWN = 40
LONGEST_NUMBER = 40
MOST_TOKENS = 1e15  # in one row: more than all the world's models answer in a week
MISSING = frozenset({"", "null", "none", "nan", "n/a", "\\n"})
GROUPED = re.compile(r"-?\d{1,3}(,\d{3}){2,}(\.\d+)?")  # 1,234,567: no number with a decimal comma looks so
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# How the size of a counted unit is written: "1K tokens", "1M Tokens", "1000000 count", "per 1,000 tokens".
SIZE = re.compile(r"(?:^|[\s/(])(\d[\d,.]*)?\s*(k|m|mm|thousand|million|millions)?(?=$|[\s/)-])")
SIZES = {
    "": 1.0, "k": TOKENS_PER_K, "thousand": TOKENS_PER_K, "m": TOKENS_PER_M, "mm": TOKENS_PER_M,
    "million": TOKENS_PER_M, "millions": TOKENS_PER_M,
}  # fmt: skip
# The tags that name what the tokens were for. No other tag is read: they may name people.
GROUP_TAGS = (
    "workload", "application", "app", "app_name", "project", "service", "service_name", "team", "product", "use_case",
    "usecase", "feature", "department", "cost_center", "costcenter", "cost-center",
)  # fmt: skip


def shown(value: object) -> str:
    """A value in a sentence, cut where it is long."""
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def text(entry: Entry, *columns: str) -> str:
    """The words in the first of these cells that has any; empty where none has."""
    for column in columns:
        value = entry.cells.get(column)
        if value is not None and not isinstance(value, dict | list):
            words = str(value).strip()
            if words and words.lower() != "null":
                return words
    return ""


def number(entry: Entry, column: str) -> float | None:
    """The number in a cell, None where it is blank or missing; RowError where it is none."""
    value = entry.cells.get(column)
    if value is None:
        return None
    if isinstance(value, str):
        return _number_in(value.strip(), column, entry.decimal_comma)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RowError(f"{column} is '{shown(value)}'; it must be a number")
    return _finite(value, column)


def _number_in(words: str, column: str, decimal_comma: bool) -> float | None:
    if words.lower() in MISSING:
        return None
    bare = words
    if decimal_comma and "," in words:
        bare = words.replace(".", "").replace(",", ".")
    elif GROUPED.fullmatch(words):
        bare = words.replace(",", "")
    try:
        value = float(bare) if len(bare) <= LONGEST_NUMBER and "_" not in bare else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise RowError(f"{column} is '{shown(words)}'; it must be a number")
    return value


def _finite(value: float, column: str) -> float:
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise RowError(f"{column} is '{shown(value)}'; it must be a finite number")
    return found


def tokens(entry: Entry, column: str) -> float | None:
    """Tokens, or another count, in a cell; None where it is blank or missing."""
    return counted(number(entry, column), column)


def counted(value: float | None, column: str) -> float | None:
    """A count that was worked out, between 0 and the most that one row can hold."""
    if value is not None and not 0 <= value <= MOST_TOKENS:
        raise RowError(f"{column} is {value:g}; it must lie in [0, {MOST_TOKENS:g}]")
    return value


def moment(entry: Entry, column: str) -> datetime | None:
    """The time in a cell, in UTC; one that names no zone is UTC already. None where the cell is blank."""
    words = text(entry, column)
    if not words:
        return None
    try:
        found = datetime.fromisoformat(f"{words[:-4]}+00:00" if words.endswith(" UTC") else words)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RowError(f"{column} is '{shown(words)}'; it must be a time such as 2026-03-02T08:00:00Z") from None


def unix_ns(entry: Entry, column: str) -> datetime | None:
    """The time in a cell that counts nanoseconds from 1970."""
    value = number(entry, column)
    if not value:
        return None
    try:
        return EPOCH + timedelta(microseconds=value / NS_PER_US)
    except OverflowError:
        raise RowError(f"{column} is {shown(entry.cells[column])}; it must be a time in ns from 1970 to 9999") from None


def month_of(at: datetime | None) -> str:
    """The month of a time, as 2026-03; blank where there is none."""
    return "" if at is None else f"{at.year:04d}-{at.month:02d}"


def inner(entry: Entry, *columns: str) -> Entry:
    """The object in a cell as an entry of its own; empty where there is none."""
    value: Any = entry.cells
    for column in columns:
        value = value.get(column) if isinstance(value, dict) else None
    return replace(entry, cells=value if isinstance(value, dict) else {})


def each(entry: Entry, column: str) -> Iterator[Entry]:
    """The objects in a cell's list, each as an entry with its place in it; RowError where the cell holds no list."""
    value = entry.cells.get(column)
    if value is None:
        return
    if not isinstance(value, list):
        raise RowError(f"{column} is '{shown(value)}'; it must be a list")
    for place, item in enumerate(value, 1):
        if isinstance(item, dict):
            yield replace(entry, place=f"{entry.place}, {column} {place}", cells=item)


def parsed(entry: Entry, column: str) -> Any:
    """What a cell holds as JSON text, or as it stands where it is no text; None where it is blank."""
    value = entry.cells.get(column)
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise RowError(f"{column} is '{shown(value)}'; it must be JSON") from None


def group_of(entry: Entry, *columns: str) -> str:
    """What the tags in these cells say that the tokens were for: the first of `GROUP_TAGS` that one of them has."""
    for column in columns:
        try:
            found = dict(_tags(parsed(entry, column)))
        except RowError:  # a tag that cannot be read names no workload; the row's amounts are sound
            continue
        for tag in GROUP_TAGS:
            if found.get(tag):
                return found[tag]
    return ""


def _tags(value: Any) -> Iterator[tuple[str, str]]:
    """Tags by bare name, from `{"user_workload": "x"}`, `{"user:workload": "x"}` or `[{"key": "workload", ...}]`."""
    if isinstance(value, list):
        pairs = [(one.get("key"), one.get("value")) for one in value if isinstance(one, dict)]
    else:
        pairs = list(value.items()) if isinstance(value, dict) else []
    for key, said in pairs:
        if isinstance(key, str) and isinstance(said, str) and said.strip():
            bare = re.split(r"[:/]", key.lower())[-1].removeprefix("user_")
            yield bare, said.strip()


def counted_by(unit: str) -> float | None:
    """How many one unit holds: 1 of "tokens", 1,000 of "1K tokens"; None where it counts something else."""
    words = unit.strip().lower()
    if not re.search(r"token|count|character|request|^1?\s*[km]$", words):
        return None
    sizes = [
        float((figure or "1").replace(",", "")) * SIZES[scale or ""]
        for figure, scale in SIZE.findall(words)
        if figure or scale
    ]
    return math.prod(sizes)


def added(*parts: float | None) -> float | None:
    """The sum of what is known; None where nothing is."""
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def by_name(pairs: Mapping[str, str], name: str) -> str:
    """How a name is written in words, or the name as it stands."""
    return pairs.get(name.strip().lower(), name.strip())
