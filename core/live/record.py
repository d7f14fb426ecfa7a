"""What a service says of a zone: one reading with its moment and meaning, or the hours of the past as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Answer = Mapping[str, Any]
Fetch = Callable[[str, Mapping[str, str], Mapping[str, str]], Answer]  # path, query, headers


class LiveError(Exception):
    """Why there is no live figure, in one sentence that holds no secret."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Carbon intensity of a zone at a moment [g/kWh]. `counts`: life_cycle or direct (both averages), or marginal.

    `estimated`: by a model or forecast of the service, not from measured generation.
    """

    service: str
    zone: str
    intensity_g_per_kwh: float
    at: datetime
    counts: str
    estimated: bool

    @property
    def marginal(self) -> bool:
        """Whether it says what one more kWh emits: no figure for an inventory."""
        return self.counts == "marginal"


@dataclass(frozen=True, slots=True)
class Past:
    """Hours of the past as a file that the Shift page reads, in the service's own layout; `unit` of its values."""

    name: str
    raw: bytes
    rows: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the past as a service tells it; the value is in the service's unit, None where it has none."""

    at: datetime
    value: float | None
    estimated: bool = False


class Service(Protocol):
    """The one interface of all services."""

    @property
    def id(self) -> str:
        """Its key among the services."""
        ...

    def latest(self, fetch: Fetch, zone: str, direct: bool) -> Reading:
        """The newest reading of a zone; LiveError where there is none. `direct` asks for what leaves the stack."""
        ...

    def past(self, fetch: Fetch, zone: str, start: datetime, end: datetime, direct: bool) -> list[Row]:
        """The steps from start to before the end, a period no longer than the service takes."""
        ...

    def file(self, zone: str, rows: list[Row], direct: bool) -> str:
        """These steps as CSV, as the service's own exports have them."""
        ...
