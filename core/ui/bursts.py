"""What is said to a browser in one go leaves in one go, so that the browser draws it at once.

Streamlit sends a page as a hundred messages with a pause after each. A browser begins to draw at the first that comes,
and each drawing of a page takes as long as ten messages or more.
"""

from __future__ import annotations

import asyncio

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TURNS = 4  # of the server's loop in which nothing more is said: a message takes one or two


def sent() -> list[Middleware]:
    """What `st.App` takes for its `middleware`."""
    return [Middleware(Bursts)]


class Bursts:
    """What stands between a browser's socket and the server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry a conversation; all else passes as it is."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        burst = Burst(send)
        try:
            await self.app(scope, receive, burst.take)
        finally:
            if burst.leaving is not None:
                await asyncio.wait([burst.leaving])
                burst.leaving.exception()  # a browser that is gone at the end: nobody talks to it any more


class Burst:
    """What was said to one browser and has not left."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.held: list[Message] = []
        self.on_its_way = asyncio.Lock()
        self.leaving: asyncio.Task[None] | None = None

    async def take(self, message: Message) -> None:
        """Hold a message for a moment. While others are on their way it waits: a slow browser is not buried."""
        async with self.on_its_way:
            self.held.append(message)
        if self.leaving is None or self.leaving.done():
            if self.leaving is not None:
                self.leaving.result()  # a browser that is gone: whoever talks to it learns it here
            self.leaving = asyncio.create_task(self._leave())

    async def _leave(self) -> None:
        while self.held:
            heard = 0
            while heard < len(self.held):
                heard = len(self.held)
                for _ in range(TURNS):
                    await asyncio.sleep(0)
            async with self.on_its_way:
                together, self.held = self.held, []
                for message in together:
                    await self.send(message)
