"""The fitted coefficients as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core import catalog as facts


def coefficients() -> Iterator[Mapping[str, Any]]:
    """Every coefficient with its range, unit and meaning."""
    found = facts.load().coefficients
    for group, part in found.items():
        if not isinstance(part, Mapping):
            continue
        for name, value in part.items():
            yield from _coefficient(group, name, value)


def _coefficient(group: str, name: str, value: Any) -> Iterator[Mapping[str, Any]]:
    blank = {"group": group, "name": name, "value": None, "low": None, "high": None, "unit": "", "meaning": ""}
    rest = {"status": "fitted", "source": "own-fit-2026"}
    if isinstance(value, Mapping) and "value" in value:
        yield blank | dict(value) | rest
    elif isinstance(value, Mapping):
        for inner, part in value.items():
            yield from _coefficient(group, f"{name} {inner}", part)
    elif isinstance(value, tuple):
        meaning = "80 % range of measured over estimated"
        yield blank | {"low": value[0], "value": value[1], "high": value[2], "unit": "ln", "meaning": meaning} | rest
    else:
        yield blank | {"value": value, "unit": "tokens", "meaning": "prompt length assumed for a series"} | rest
