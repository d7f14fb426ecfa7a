"""What bills and logs write into words: JSON inside a cell, tags that name a use, and the size of a counted unit."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core.imports.usage.cells import LONGEST_TEXT, quoted
from core.imports.usage.record import Entry, RowError
from core.units import TOKENS_PER_K, TOKENS_PER_M

# The tags that name what the tokens were for. No other tag is read: they may name people.
GROUP_TAGS = (
    "workload", "application", "app", "app_name", "project", "service", "service_name", "team", "product", "use_case",
    "usecase", "feature", "department", "cost_center", "costcenter", "cost-center",
)  # fmt: skip
# How the size of a counted unit is written: "1K tokens", "1M Tokens", "1000000 count", "per 1,000 tokens".
SIZE = re.compile(r"(?:^|[\s/(])(\d[\d,.]*)?\s*(k|m|mm|thousand|million|millions)?(?=$|[\s/)-])")
SIZES = {
    "": 1.0, "k": TOKENS_PER_K, "thousand": TOKENS_PER_K, "m": TOKENS_PER_M, "mm": TOKENS_PER_M,
    "million": TOKENS_PER_M, "millions": TOKENS_PER_M,
}  # fmt: skip
COUNTS = re.compile(r"token|count|character|request|^1?\s*[km]$")


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
        raise RowError(f"{column} is {quoted(value)}; it must be JSON") from None


def words(entry: Entry, column: str) -> str:
    """The words in a cell that may hold a whole sentence, as far as a name could reach; blank where there are none."""
    value = entry.cells.get(column)
    bare = value.strip()[:LONGEST_TEXT] if isinstance(value, str) else ""
    return bare if bare.isprintable() else "".join(letter for letter in bare if letter.isprintable())


def group_of(entry: Entry, *columns: str) -> str:
    """What the tags in these cells say that the tokens were for: the first of `GROUP_TAGS` that one of them has."""
    for column in columns:
        value = entry.cells.get(column)
        found = _use_in_text(value) if isinstance(value, str) else _use_in(value)
        if found:
            return found
    return ""


def _use_in_text(said: str) -> str:
    """The same of tags as JSON text; one that cannot be read names no use, and the row's amounts are sound."""
    try:
        return _use_in(json.loads(said)) if said.strip() else ""
    except (ValueError, RecursionError):
        return ""


def _use_in(value: Any) -> str:
    found = dict(_tags(value))
    return next((found[tag] for tag in GROUP_TAGS if found.get(tag)), "")


def tagged(entry: Entry, column: str) -> str:
    """What a list of tags says that the tokens were for, each a text as `workload:chat` or `team=ops`."""
    if not entry.cells.get(column):
        return ""
    try:
        given = parsed(entry, column)
    except RowError:
        return ""
    pairs = (
        [re.split(r"[:=]", one, maxsplit=1) for one in given if isinstance(one, str)] if isinstance(given, list) else []
    )
    return group_of(
        replace(entry, cells={column: {pair[0].strip(): pair[1] for pair in pairs if len(pair) > 1}}), column
    )


def _tags(value: Any) -> Iterator[tuple[str, str]]:
    """Tags by bare name, from `{"user_workload": "x"}`, `{"user:workload": "x"}` or `[{"key": "workload", ...}]`."""
    if isinstance(value, list):
        pairs = [(one.get("key"), one.get("value")) for one in value if isinstance(one, dict)]
    else:
        pairs = list(value.items()) if isinstance(value, dict) else []
    for key, said in pairs:
        if isinstance(key, str) and isinstance(said, str) and said.strip():
            yield re.split(r"[:/]", key.lower())[-1].removeprefix("user_"), said.strip()[:LONGEST_TEXT]


def counted_by(unit: str) -> float | None:
    """How many one unit holds: 1 of "tokens", 1,000 of "1K tokens"; None where it counts something else."""
    words = unit.strip().lower()
    if not COUNTS.search(words):
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
