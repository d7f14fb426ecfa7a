"""One question over HTTP to an app, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message


def ask(app: ASGIApp, path: str, asking: Mapping[str, str], how: str = "GET") -> tuple[Headers, bytes]:
    """Headers and body of an answer."""
    answer: list[Message] = []
    raw = [(name.encode(), value.encode()) for name, value in asking.items()]

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        answer.append(message)

    async def answered() -> None:
        await app({"type": "http", "method": how, "path": path, "headers": raw}, receive, send)

    with ThreadPoolExecutor(1) as apart:  # a worker that drives a browser has a loop of its own running here
        apart.submit(asyncio.run, answered()).result()
    return Headers(raw=answer[0]["headers"]), b"".join(message.get("body", b"") for message in answer[1:])
