"""The Carbon Intensity API of Great Britain: combustion of its mix, half hours, no key."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.live import said
from core.live.record import Fetch, LiveError, Reading, Row

NATIONAL = "GB"


@dataclass(frozen=True, slots=True)
class GreatBritain:
    """The service; it asks for no key."""

    id: str = field(default="uk-carbon-intensity", init=False)

    def latest(self, fetch: Fetch, zone: str, direct: bool) -> Reading:
        """The half hour that goes on: what was found so far, else what was forecast for it."""
        _known(zone)
        found = said.part(said.rows(fetch("/intensity", {}, {})), 0)
        row = _row(found)
        value = said.part(found, "intensity", "forecast") if row.value is None else row.value
        at = said.recent(row.at, datetime.now(UTC))
        intensity = said.intensity_g_per_kwh(value, 1.0, "its intensity")
        return Reading(self.id, zone, intensity, at, "direct", row.value is None)

    def past(self, fetch: Fetch, zone: str, start: datetime, end: datetime, direct: bool) -> list[Row]:
        """Half hours of the past, as found; a forecast never takes their place."""
        _known(zone)
        found = fetch(f"/intensity/{start:%Y-%m-%dT%H:%MZ}/{end:%Y-%m-%dT%H:%MZ}", {}, {})
        rows = (_row(each) for each in said.rows(found))
        return [row for row in rows if start <= row.at < end]

    def file(self, zone: str, rows: list[Row], direct: bool) -> str:
        """As NESO's file of the carbon intensity is, without its forecast."""
        out = io.StringIO()
        write = csv.writer(out, lineterminator="\n")
        write.writerow(["Datetime (UTC)", "Actual Carbon Intensity (gCO2/kWh)"])
        write.writerows([f"{row.at:%Y-%m-%dT%H:%M}", "" if row.value is None else repr(row.value)] for row in rows)
        return out.getvalue()


def _known(zone: str) -> None:
    if zone != NATIONAL:
        raise LiveError(f"it knows the zone '{NATIONAL}' alone")


def _row(each: Any) -> Row:
    value = said.part(each, "intensity", "actual")
    return Row(
        said.moment(said.part(each, "from"), "its from"),
        None if value is None else said.intensity_g_per_kwh(value, 1.0, "its actual"),
    )
