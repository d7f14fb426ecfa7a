"""The fitted coefficients: one file of answering and one of training, each with the parts that the engine reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.catalog.rows import CatalogError, text_of
from core.catalog.version import version_of

PARTS = {
    "validation/fit.json": ("inference", "interval_ln_80", "prompt_tokens"),
    "validation/fit_training.json": (
        "training",
        "training_system_W_per_chip",
        "training_interval_ln_80",
    ),
}


def coefficients(folder: Path) -> Mapping[str, Any]:
    """All that was fitted, read-only, by part; a file without one of its parts stops the load."""
    found: dict[str, Any] = {}
    for file, parts in PARTS.items():
        found |= _file(folder, file, parts)
    frozen: Mapping[str, Any] = _read_only(found)
    return frozen


def fit_version(folder: Path) -> str:
    """A version that changes with the fitted coefficients alone."""
    return version_of(folder, list(PARTS))


def _file(folder: Path, file: str, parts: tuple[str, ...]) -> dict[str, Any]:
    try:
        found = json.loads(text_of(folder, file))
    except json.JSONDecodeError as error:
        raise CatalogError(f"{file}, line {error.lineno}: cannot be read: {error.msg}") from error
    for part in parts:
        if part not in found:
            raise CatalogError(f"{file}: {part!r} is missing")
    return {part: found[part] for part in parts}


def _read_only(value: Any) -> Any:
    if isinstance(value, dict):
        return MappingProxyType({key: _read_only(part) for key, part in value.items()})
    return tuple(_read_only(part) for part in value) if isinstance(value, list) else value
