"""One question to a service over HTTPS: short, of limited size, to that host alone; every failure is one sentence.

Standard library only. A redirect is not followed, a proxy not used, and what a service says of a failure not repeated:
it may hold what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import ip_address
from socket import SHUT_RDWR, create_connection, socket
from ssl import SSLError, SSLSocket, create_default_context
from threading import Timer
from time import monotonic
from typing import NoReturn
from urllib.parse import quote, urlencode, urlsplit

from core.live.record import Answer, LiveError

TIMEOUT_S = 3.0  # for the whole of a question, the name of the host apart
MOST_BYTES = 4_000_000  # 32 days of five-minute steps take 600,000
PIECE_BYTES = 65_536
REFUSED = {
    400: "does not understand the question: the zone may be unknown to it",
    401: "refuses the key",
    402: "asks for payment",
    403: "refuses the key for this zone or period",
    404: "does not know the zone",
    429: "asks for a pause: too many questions",
}


@dataclass(frozen=True, slots=True)
class Web:
    """Where a service is asked and within which limits."""

    address: str
    timeout_s: float = TIMEOUT_S
    most_bytes: int = MOST_BYTES

    def get(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """The JSON object that a path answers with; LiveError where it does not."""
        status, body = self._asked(quote(path, safe="/:") + (f"?{urlencode(query)}" if query else ""), headers)
        if status != 200:
            raise LiveError(_refusal(status))
        return _json(body)

    def _asked(self, target: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        until_s = monotonic() + self.timeout_s
        try:
            with closing(_socket(self.address, self.timeout_s)) as opened:
                # a server that sends a byte now and then keeps every single wait short: the whole has an end, too
                end = Timer(max(until_s - monotonic(), 0.0), _shut, (opened,))
                end.daemon = True
                end.start()
                try:
                    return self._spoken(opened, target, headers, until_s)
                finally:
                    end.cancel()
        except TimeoutError:
            self._late()
        except (OSError, HTTPException, ValueError) as error:
            if monotonic() >= until_s:
                self._late()
            raise LiveError(_fault(error)) from None

    def _spoken(self, opened: socket, target: str, headers: Mapping[str, str], until_s: float) -> tuple[int, bytes]:
        """Status and body over an open connection."""
        if isinstance(opened, SSLSocket):
            opened.do_handshake()
        connection = HTTPConnection(_host(self.address))
        connection.sock = opened
        connection.request("GET", target, headers={"Accept": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, self._read(answer, until_s)

    def _read(self, answer: HTTPResponse, until_s: float) -> bytes:
        """The body, within the limits of size and time."""
        pieces: list[bytes] = []
        size = 0
        while piece := answer.read1(PIECE_BYTES):
            size += len(piece)
            if size > self.most_bytes:
                raise LiveError(f"its answer is too long; the limit is {self.most_bytes:,} bytes")
            pieces.append(piece)
        if monotonic() >= until_s:
            self._late()
        return b"".join(pieces)

    def _late(self) -> NoReturn:
        raise LiveError(f"no answer within {self.timeout_s:g} s") from None


def safe_address(address: str) -> bool:
    """Whether an address may be asked: https, or this machine itself."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.username is None and parts.scheme in (
            ("https", "http") if _is_here(parts.hostname or "") else ("https",)
        )  # fmt: skip
    except ValueError:
        return False


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(address: str) -> str:
    parts = urlsplit(address)
    return f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""


def _socket(address: str, timeout_s: float) -> socket:
    """A connection to the host of an address, over TLS that has not begun; plain where it is this machine."""
    if not safe_address(address):
        raise LiveError("its address must begin with https://")
    parts = urlsplit(address)
    host, safe = parts.hostname or "", parts.scheme == "https"
    opened = create_connection((host, parts.port or (443 if safe else 80)), timeout_s)
    if not safe:
        return opened
    return create_default_context().wrap_socket(opened, server_hostname=host, do_handshake_on_connect=False)


def _shut(opened: socket) -> None:
    """End whatever waits for a socket."""
    with suppress(OSError):
        opened.shutdown(SHUT_RDWR)


def _refusal(status: int) -> str:
    if status in REFUSED:
        return f"it {REFUSED[status]} ({status})"
    if 300 <= status < 400:
        return f"it sends elsewhere ({status}), which is not followed"
    return f"it has a fault of its own ({status})" if status >= 500 else f"it answers with {status}"


def _fault(error: Exception) -> str:
    """What happened, without what was sent or received."""
    if isinstance(error, SSLError):
        return f"no safe connection: {(error.reason or 'TLS failed').replace('_', ' ').lower()}"
    said = error.strerror if isinstance(error, OSError) else None
    return f"no connection: {said or type(error).__name__}"


def _json(body: bytes) -> Answer:
    try:
        found = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise LiveError("its answer is no JSON") from None
    if not isinstance(found, dict):
        raise LiveError("its answer is no JSON object")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)
