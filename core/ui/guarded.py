"""Headers of every answer, which tell the browser what this app's pages may load, who may frame them and what to keep.

A link's address holds the whole plan: without a policy, the browser would tell it to whatever page a link leads to.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.link import MOST_CHARACTERS

PAGE = Path(streamlit.__file__).parent / "static" / "index.html"
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def hashes(page: str) -> Iterable[str]:
    """What lets the scripts run that stand in a page itself, and no other that somebody gets into it."""
    return (f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in INLINE.findall(page))


# Scripts and styles come from this server alone. Streamlit writes styles into the page ('unsafe-inline') and loads the
# small pieces of `live.py` by way of blob addresses; no text becomes a script ('unsafe-eval' is not there).
CONTENT = {
    "default-src": "'self'",
    "script-src": " ".join(("'self' blob:", *hashes(PAGE.read_text(encoding="utf-8")))),
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
MOST_QUERY = MOST_CHARACTERS + 5_000  # what a browser asks for: the longest link, and a little beside it
TOO_LONG = f"The address is too long; the limit is {MOST_QUERY:,} characters. Send the plan as a file instead.\n"
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in CONTENT.items()),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def headers() -> list[Middleware]:
    """What `st.App` takes for its `middleware`."""
    return [Middleware(Guarded)]


class Guarded:
    """What stands before everything that answers over HTTP."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers, one that the answer brings itself stays; no address is longer than a link may be."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(raw=list(message.get("headers", [])))
                for name, value in HEADERS.items():
                    found.setdefault(name, value)
                message = {**message, "headers": found.raw}
            await send(message)

        too_long = len(scope.get("query_string", b"")) > MOST_QUERY
        await (PlainTextResponse(TOO_LONG, 414) if too_long else self.app)(scope, receive, told)
