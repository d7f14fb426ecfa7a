"""The page's document with the app's own style sheet in it, so that the first thing a reader sees has its final size.

Streamlit fetches the piece that shows `st.html` late: what was drawn before, smaller and elsewhere, would jump.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STYLE = (Path(__file__).parent / "assets" / "frame.css").read_text(encoding="utf-8")
ROOT = b'<div id="root">'  # where Streamlit's document has its page
END = b"</body>"  # after the styles that Streamlit writes into the head: between equals, the later one counts
# A part, or "only if it changed", is asked of Streamlit's document; this one is another.
NOT_ASKED = (b"range", b"if-none-match", b"if-modified-since", b"accept-encoding")
OTHERS = ("etag", "last-modified", "accept-ranges")  # names of the document as it was


def pages() -> list[Middleware]:
    """What `st.App` takes for its `middleware`."""
    return [Middleware(Dressed)]


class Dressed:
    """What stands between a browser that opens a page and the server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; whatever is no page of the app passes as it is."""
        if not _asked(scope):
            await self.app(scope, receive, send)
            return
        zipped = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        plain = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in NOT_ASKED]}
        await self.app(plain, receive, _Sender(send, zipped))


class _Sender:
    """Holds an answer that is a page until it is whole."""

    def __init__(self, send: Send, zipped: bool) -> None:
        self.send, self.zipped = send, zipped
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._answer(self.start)

    async def _answer(self, start: Message) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        body = self.body
        if ROOT in body:
            body = _dressed(body, self.zipped)
            for name in OTHERS:
                del headers[name]
            if self.zipped:
                headers["content-encoding"] = "gzip"
            headers.add_vary_header("Accept-Encoding")
            headers["content-length"] = str(len(body))
        await self.send({**start, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": body})


def _asked(scope: Scope) -> bool:
    """Whether a browser opens an address that names no file."""
    if scope["type"] != "http" or scope["method"] != "GET" or "." in scope["path"].rpartition("/")[2]:
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")


def _is_page(start: Message) -> bool:
    return start["status"] == 200 and Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")


@lru_cache(maxsize=4)
def _dressed(body: bytes, zipped: bool) -> bytes:
    before, end, after = body.rpartition(END)
    dressed = before + b"<style>" + STYLE.encode() + b"</style>" + end + after
    return gzip.compress(dressed, mtime=0) if zipped else dressed
