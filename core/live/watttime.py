"""WattTime, API v3: what one more kWh emits (marginal), in pounds of CO2 per MWh; a token is fetched with the login."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from core.imports.hourly_plain import UNITS
from core.live import said
from core.live.record import Answer, Fetch, LiveError, Reading, Row
from core.live.secret import Secret

SIGNAL, UNIT = "co2_moer", "lbs_co2_per_mwh"
LB_PER_MWH = "lb/MWh"
TOKEN_S = 1_500.0  # it lasts 30 minutes


@dataclass(slots=True)
class WattTime:
    """The service with its user's account; the token is kept as long as the process lives."""

    user: Secret
    password: Secret
    id: str = field(default="watttime", init=False)
    _token: Secret = field(default=Secret(""), init=False)
    _until_s: float = field(default=0.0, init=False)

    def latest(self, fetch: Fetch, zone: str, direct: bool) -> Reading:
        """The five minutes that go on: the first point of a forecast of no length, so always an estimate."""
        asked = {"region": zone, "signal_type": SIGNAL, "horizon_hours": "0"}
        now = datetime.now(UTC)
        rows = self._rows(fetch, "/v3/forecast", asked, zone)
        begun = [row for row in rows if row.at <= now] or rows[:1]
        if not begun or begun[-1].value is None:
            raise LiveError("its answer holds no point")
        newest = begun[-1]
        assert newest.value is not None, "asked just above"
        intensity = said.intensity_g_per_kwh(newest.value, UNITS[LB_PER_MWH], "its value")
        return Reading(self.id, zone, intensity, said.recent(newest.at, now), "marginal", True)

    def past(self, fetch: Fetch, zone: str, start: datetime, end: datetime, direct: bool) -> list[Row]:
        """Five-minute steps of the past, in pounds per MWh."""
        asked = {"region": zone, "signal_type": SIGNAL, "start": start.isoformat(), "end": end.isoformat()}
        return [row for row in self._rows(fetch, "/v3/historical", asked, zone) if start <= row.at < end]

    def file(self, zone: str, rows: list[Row], direct: bool) -> str:
        """As its historical files are: they do not name their unit."""
        out = io.StringIO()
        write = csv.writer(out, lineterminator="\n")
        write.writerow(["point_time", "value"])
        write.writerows([row.at.isoformat(), "" if row.value is None else repr(row.value)] for row in rows)
        return out.getvalue()

    def _rows(self, fetch: Fetch, path: str, asked: Mapping[str, str], zone: str) -> list[Row]:
        try:
            found = fetch(path, asked, {"Authorization": f"Bearer {self._bearer(fetch).value}"})
        except LiveError:
            self._token = Secret("")  # it may be that
            raise
        said.same(said.part(found, "meta", "units"), UNIT, "its unit")
        said.same(said.part(found, "meta", "signal_type"), SIGNAL, "its signal")
        said.same(said.part(found, "meta", "region"), zone, "its region")
        return [_row(each) for each in said.rows(found)]

    def _bearer(self, fetch: Fetch) -> Secret:
        if not self.user.value or not self.password.value:
            raise LiveError("it needs an account: set GLIDEPATH_WATTTIME_USER and GLIDEPATH_WATTTIME_PASSWORD")
        if not self._token.value or monotonic() > self._until_s:
            login = b64encode(f"{self.user.value}:{self.password.value}".encode()).decode()
            self._token = _token(fetch("/login", {}, {"Authorization": f"Basic {login}"}))
            self._until_s = monotonic() + TOKEN_S
        return self._token


def _token(found: Answer) -> Secret:
    text = found.get("token")
    if not isinstance(text, str) or not text.isascii() or not text.isprintable() or " " in text or not text:
        raise LiveError("its login answers without a token")
    return Secret(text)


def _row(each: object) -> Row:
    value = said.part(each, "value")
    return Row(
        said.moment(said.part(each, "point_time"), "a point_time"),
        None if value is None else said.number(value, "a value"),
        True,
    )
