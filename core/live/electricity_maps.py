"""Electricity Maps, API v3: the average of what is consumed, imports traced; life cycle unless direct is asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.live import said
from core.live.record import Fetch, LiveError, Reading, Row
from core.live.secret import Secret

FACTORS = {False: "lifecycle", True: "direct"}
COUNTS = {"lifecycle": "life_cycle", "direct": "direct"}
COLUMNS = {False: "Carbon intensity gCO₂eq/kWh (Life cycle)", True: "Carbon intensity gCO₂eq/kWh (direct)"}


@dataclass(frozen=True, slots=True)
class ElectricityMaps:
    """The service with its user's key."""

    key: Secret
    id: str = field(default="electricity-maps", init=False)

    def latest(self, fetch: Fetch, zone: str, direct: bool) -> Reading:
        """The hour that goes on. An unknown zone would fall back on the place of who asks: that is switched off."""
        asked = {"zone": zone, "emissionFactorType": FACTORS[direct], "disableCallerLookup": "true"}
        found = fetch("/v3/carbon-intensity/latest", asked, self._headers())
        said.same(said.part(found, "zone"), zone, "its zone")
        return Reading(
            self.id,
            zone,
            said.intensity_g_per_kwh(said.part(found, "carbonIntensity"), 1.0, "its carbonIntensity"),
            said.recent(said.moment(said.part(found, "datetime"), "its datetime"), datetime.now(UTC)),
            COUNTS[_factors(found, direct)],
            found.get("isEstimated") is not False,
        )

    def past(self, fetch: Fetch, zone: str, start: datetime, end: datetime, direct: bool) -> list[Row]:
        """Hours of the past: a commercial key is needed."""
        asked = {"zone": zone, "start": _text(start), "end": _text(end), "emissionFactorType": FACTORS[direct],
                 "disableCallerLookup": "true"}  # fmt: skip
        found = fetch("/v3/carbon-intensity/past-range", asked, self._headers())
        said.same(said.part(found, "zone"), zone, "its zone")
        return [_row(each, direct) for each in said.rows(found)]

    def file(self, zone: str, rows: list[Row], direct: bool) -> str:
        """As its yearly files are."""
        out = io.StringIO()
        write = csv.writer(out, lineterminator="\n")
        write.writerow(["Datetime (UTC)", "Zone id", COLUMNS[direct], "Data estimated"])
        write.writerows(
            [f"{row.at:%Y-%m-%d %H:%M:%S}", zone, "" if row.value is None else repr(row.value), row.estimated]
            for row in rows
        )
        return out.getvalue()

    def _headers(self) -> Mapping[str, str]:
        if not self.key.value:
            raise LiveError("it needs a key: set GLIDEPATH_ELECTRICITY_MAPS_KEY")
        return {"auth-token": self.key.value}


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _factors(found: Mapping[str, object], direct: bool) -> str:
    """Which emission factors an answer says it used; those asked for where it is silent."""
    named = found.get("emissionFactorType", FACTORS[direct])
    said.same(named, FACTORS[direct], "its emissionFactorType")
    return FACTORS[direct]


def _row(each: object, direct: bool) -> Row:
    value = said.part(each, "carbonIntensity")
    if isinstance(each, Mapping):
        _factors(each, direct)
    return Row(
        said.moment(said.part(each, "datetime"), "a datetime"),
        None if value is None else said.intensity_g_per_kwh(value, 1.0, "a carbonIntensity"),
        isinstance(each, Mapping) and each.get("isEstimated") is not False,
    )
