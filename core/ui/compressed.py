"""The scripts and style sheets that Streamlit brings, compressed: they are three quarters of a first visit.

Streamlit sends them as they are, because a server that compresses them for every reader works for nothing. Here each is
compressed once a process and kept: all of them together take 6 MB at most.
"""

from __future__ import annotations

import asyncio
import gzip

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEVEL = 6  # the next ones take twice as long for half a per cent
FOLDERS = ("/static/js/", "/static/css/")
TYPES = ("text/javascript", "application/javascript", "text/css")
PARTIAL = ("range", "if-none-match", "if-modified-since")  # asks for a part, or whether what it has is still good


def first_visits() -> list[Middleware]:
    """What `st.App` takes for its `middleware`."""
    return [Middleware(Compressed)]


class Compressed:
    """What stands between a browser and the server: it keeps the compressed files."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept: dict[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser's question."""
        if not _asked(scope):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        answer = self.kept.get(path)
        if answer is None:
            answer = await self._plain(scope, receive)
            if _is_whole_file(answer):  # not the page that is sent for a path without a file: such paths have no end
                answer = self.kept[path] = await asyncio.to_thread(_compress, answer)
        for message in answer:
            await send({**message})

    async def _plain(self, scope: Scope, receive: Receive) -> list[Message]:
        """What the server answers by itself."""
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self.app(scope, receive, keep)
        return answer


def _asked(scope: Scope) -> bool:
    """Whether a whole file of Streamlit's is asked for by a browser that can unpack it."""
    if scope["type"] != "http" or scope["method"] != "GET" or not any(one in scope["path"] for one in FOLDERS):
        return False
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and not any(name in headers for name in PARTIAL)


def _is_whole_file(answer: list[Message]) -> bool:
    """Whether it may be kept: when a browser leaves, the server stops in the middle of a file."""
    if not answer:
        return False
    start, *rest = answer
    headers = Headers(raw=start["headers"])
    kind = headers.get("content-type", "").partition(";")[0]
    length = sum(len(message.get("body", b"")) for message in rest)
    return start["status"] == 200 and kind in TYPES and headers.get("content-length") == str(length)


def _compress(answer: list[Message]) -> list[Message]:
    start, *rest = answer
    body = gzip.compress(b"".join(message.get("body", b"") for message in rest), LEVEL, mtime=0)
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(body))
    headers["etag"] = f"W/{headers.get('etag', '')}"  # the same file, in other bytes
    headers.add_vary_header("Accept-Encoding")
    return [{**start, "headers": headers.raw}, {"type": "http.response.body", "body": body}]
