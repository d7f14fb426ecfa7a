"""What a workload really did in a month or a year, as somebody measured it. Blank is unknown, never nought."""

from __future__ import annotations

from typing import ClassVar

from core.plan.record import Record

MEASURED = ("requests", "runs", "output_tokens", "energy_facility_kwh", "carbon_location_kg", "carbon_market_kg")


class Actual(Record):
    """Measured activity, energy and carbon of a workload; without a month, of the whole year."""

    record: ClassVar[str] = "actual"

    id: str
    workload: str
    year: int
    month: int | None = None
    requests: float | None = None
    runs: float | None = None
    output_tokens: float | None = None
    energy_facility_kwh: float | None = None
    carbon_location_kg: float | None = None
    carbon_market_kg: float | None = None
    source: str = ""

    @property
    def line(self) -> tuple[str, int, int | None]:
        """What it is a measurement of: two of one line would count it twice."""
        return self.workload, self.year, self.month

    @property
    def period(self) -> str:
        """The month or the year as text.

        >>> Actual(id="A1", workload="W1", year=2026, month=3, requests=5.0, source="log").period
        '2026-03'
        """
        return str(self.year) if self.month is None else f"{self.year}-{self.month:02d}"

    def impossible(self) -> str:
        """Why this measurement cannot stand, in one sentence; empty when it can."""
        if not self.id:
            return "id is blank; a measurement has a name of its own"
        if not self.workload:
            return "workload is blank; a measurement names the workload it belongs to"
        if all(getattr(self, name) is None for name in MEASURED):
            return f"nothing is measured; give one of {', '.join(MEASURED[:-1])} or {MEASURED[-1]}"
        return "" if self.source else "source is blank; say where the figures are from"
