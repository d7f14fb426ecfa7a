"""A service on this machine that speaks the documented formats, and each way to fail."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY, USER, PASSWORD, TOKEN = "k3y-of-mine", "me", "pa55:word", "t0ken"
Asked = tuple[str, dict[str, str], dict[str, str]]


class Service:
    """What was asked, and how to answer: `answer` may be replaced."""

    def __init__(self) -> None:
        """It answers as documented."""
        self.asked: list[Asked] = []
        self.answer: Callable[[Handler, str, dict[str, str]], None] = documented
        self.address = ""
        self.over = Event()


class Handler(BaseHTTPRequestHandler):
    """One question."""

    service: Service

    def do_GET(self) -> None:
        """Note it, and answer it."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.service.asked.append((parts.path, query, dict(self.headers.items())))
        self.service.answer(self, parts.path, query)

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def say(self, body: object, status: int = 200) -> None:
        """Answer with JSON, or with bytes as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


class Quiet(ThreadingHTTPServer):
    """A server that says nothing of callers who hang up."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@contextmanager
def serving(context: SSLContext | None = None) -> Iterator[Service]:
    """A service on a free port of this machine, over TLS where a context is given."""
    service = Service()
    kind = type("Bound", (Handler,), {"service": service})
    server = Quiet(("127.0.0.1", 0), kind)
    server.block_on_close = False
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    service.address = f"http{'s' if context else ''}://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield service
    finally:
        service.over.set()
        server.shutdown()
        server.server_close()


def hour(ago: float = 0.0) -> datetime:
    """The beginning of an hour that is so many hours ago."""
    return (datetime.now(UTC) - timedelta(hours=ago)).replace(minute=0, second=0, microsecond=0)


def documented(handler: Handler, path: str, query: dict[str, str]) -> None:
    """Answer as the documentation of the three services says."""
    if path.startswith("/v3/carbon-intensity/"):
        _electricity_maps(handler, path, query)
    elif path == "/login":
        kind, _, login = handler.headers.get("Authorization", "").partition(" ")
        good = kind == "Basic" and b64decode(login).decode() == f"{USER}:{PASSWORD}"
        handler.say({"token": TOKEN}) if good else handler.say({"error": "denied"}, 403)
    elif path in ("/v3/forecast", "/v3/historical"):
        _watttime(handler, query, path)
    elif path.startswith("/intensity"):
        _great_britain(handler, path)
    else:
        handler.say({"error": "not found"}, 404)


def electricity_maps(at: datetime, value: Any, zone: str = "DE", **more: Any) -> dict[str, Any]:
    """One reading as Electricity Maps has it."""
    stamp = f"{at:%Y-%m-%dT%H:%M:%S.000Z}"
    return {"zone": zone, "carbonIntensity": value, "datetime": stamp, "updatedAt": stamp, "createdAt": stamp,
            "emissionFactorType": "lifecycle", "isEstimated": True, "estimationMethod": "TIME_SLICER_AVERAGE",
            "temporalGranularity": "hourly"} | more  # fmt: skip


def value_of(at: datetime) -> int:
    """What the grids of this service emit in an hour."""
    return 100 + 10 * at.hour


def _electricity_maps(handler: Handler, path: str, query: dict[str, str]) -> None:
    if handler.headers.get("auth-token") != KEY:
        handler.say({"error": "invalid auth-token"}, 401)
        return
    factors = {"emissionFactorType": query["emissionFactorType"]}
    if path.endswith("/latest"):
        handler.say(electricity_maps(hour(), 302, query["zone"], **factors))
        return
    start, end = (datetime.fromisoformat(query[name]) for name in ("start", "end"))
    hours = [start + timedelta(hours=n) for n in range(int((end - start) / timedelta(hours=1)))]
    assert len(hours) <= 240, "10 days of hours at most"
    data = [electricity_maps(at, value_of(at), query["zone"], isEstimated=False, **factors) for at in hours]
    handler.say({"zone": query["zone"], "temporalGranularity": "hourly", "data": data})


def watttime(rows: list[tuple[datetime, Any]], region: str = "CAISO_NORTH", **more: Any) -> dict[str, Any]:
    """An answer as WattTime has it."""
    meta = {"data_point_period_seconds": 300, "region": region, "warnings": [], "signal_type": "co2_moer",
            "model": {"date": "2023-03-01"}, "units": "lbs_co2_per_mwh"}  # fmt: skip
    return {"data": [{"point_time": at.isoformat(), "value": value} for at, value in rows], "meta": meta | more}


def _watttime(handler: Handler, query: dict[str, str], path: str) -> None:
    if handler.headers.get("Authorization") != f"Bearer {TOKEN}":
        handler.say({"error": "unauthorized"}, 401)
    elif path == "/v3/forecast":
        assert query["horizon_hours"] == "0"
        handler.say(watttime([(hour(), 1_000.0)], query["region"]))
    else:
        start, end = (datetime.fromisoformat(query[name]) for name in ("start", "end"))
        assert end - start <= timedelta(days=32)
        count = int((end - start) / timedelta(hours=1))
        hours = [start + timedelta(hours=n) for n in range(count + 1)]
        handler.say(watttime([(at, float(value_of(at))) for at in hours], query["region"]))


def great_britain(at: datetime, forecast: Any, actual: Any) -> dict[str, Any]:
    """A half hour as the Carbon Intensity API has it."""
    return {"from": f"{at:%Y-%m-%dT%H:%MZ}", "to": f"{at + timedelta(minutes=30):%Y-%m-%dT%H:%MZ}",
            "intensity": {"forecast": forecast, "actual": actual, "index": "moderate"}}  # fmt: skip


def _great_britain(handler: Handler, path: str) -> None:
    if path == "/intensity":
        handler.say({"data": [great_britain(hour(), 266, 263)]})
        return
    start, end = (datetime.fromisoformat(text) for text in path.split("/")[2:4])
    assert end - start <= timedelta(days=14)
    halves = [start + timedelta(minutes=30 * n) for n in range(-1, int((end - start) / timedelta(minutes=30)))]
    handler.say({"data": [great_britain(at, 9_999, value_of(at)) for at in halves]})
