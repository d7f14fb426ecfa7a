"""What a row of a usage file says, in the same words whatever tool wrote it. None is unknown, never nought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Stage = Literal["inference", "embedding", "training", "hire"]
AMOUNTS = ("requests", "input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens", "gpu_h", "machine_h")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an amount is of, in the file's own words; blank where the file does not say.

    `group` is the project, team, application or deployment; `month` is 2026-03.
    """

    service: str
    model: str = ""
    region: str = ""
    group: str = ""
    stage: Stage = "inference"
    hardware: str = ""
    month: str = ""


@dataclass(slots=True)
class Amounts:
    """Amounts of one subject. Input holds the cached tokens, output the reasoning; costs stand by currency.

    `gpu_h` are hours of accelerators, `machine_h` of machines whose accelerators the file does not count.
    """

    requests: float | None = None
    input_tokens: float | None = None
    cached_tokens: float | None = None
    output_tokens: float | None = None
    reasoning_tokens: float | None = None
    gpu_h: float | None = None
    machine_h: float | None = None
    costs: dict[str, float] = field(default_factory=dict)

    def add(self, other: Amounts) -> None:
        """Add what another says; what neither says stays unknown."""
        for name in AMOUNTS:
            more = getattr(other, name)
            if more is not None:
                setattr(self, name, (getattr(self, name) or 0.0) + more)
        for currency, cost in other.costs.items():
            self.costs[currency] = self.costs.get(currency, 0.0) + cost


@dataclass(frozen=True, slots=True)
class Taken:
    """One amount of one subject, and the time it covers in UTC where the file tells it (`end` exclusive)."""

    subject: Subject
    amounts: Amounts
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sound row that is not counted, by the reason that the reader is told; `tokens` are what it would have added."""

    why: str
    tokens: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, line or document of a file: where it stands, and what of it the format takes."""

    place: str
    cells: Mapping[str, Any]


class RowError(ValueError):
    """A row that cannot be taken, in one sentence with column, value and limit."""
