"""What a reader of one format hands on: points in the order of the file, what they count, and what to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.imports.hourly_rows import Point


@dataclass(frozen=True, slots=True)
class Parts:
    """Points [g/kWh], what they count, what was found. `unit_guessed`: no column names the unit outright.

    `bases` are what the file could count, where it has several columns; `area` is the grid it names.
    """

    points: tuple[Point, ...]
    basis: Literal["life_cycle", "direct", "marginal", "unknown"]
    said: tuple[str, ...]
    unit_guessed: bool = False
    bases: tuple[str, ...] = ()
    area: str = ""
