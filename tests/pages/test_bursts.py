"""Messages to a browser leave together and in order, and whoever talks to one that is gone learns it."""

from __future__ import annotations

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.types import Message, Receive, Scope, Send

from core.ui.bursts import Bursts

CLOSE: Message = {"type": "websocket.close", "code": 1000}


def _said(text: str) -> Message:
    return {"type": "websocket.send", "text": text}


class Server:
    """A server that says something, pauses as Streamlit does, and writes down what happens."""

    def __init__(self, *messages: Message) -> None:
        self.messages, self.log = messages, []  # type: ignore[var-annotated]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for message in self.messages:
            self.log.append("said")
            await send(message)
            await asyncio.sleep(0)

    def talk(self, kind: str = "websocket", gone: bool = False) -> list[Message]:
        """What a browser hears; `gone` is one that left."""
        heard: list[Message] = []

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def hear(message: Message) -> None:
            self.log.append("heard")
            if gone:
                raise OSError("gone")
            heard.append(message)

        async def talked() -> None:
            asyncio.get_running_loop().set_exception_handler(lambda _, told: self.log.append(told["message"]))
            await Bursts(self)({"type": kind}, receive, hear)
            gc.collect()  # what nobody heard of is told when it is thrown away

        with ThreadPoolExecutor(1) as apart:  # a worker that drives a browser has a loop of its own running here
            apart.submit(asyncio.run, talked()).result()
        return heard


def test_what_is_said_in_one_go_leaves_in_one_go_and_in_order() -> None:
    server = Server(_said("a"), _said("b"), _said("c"), CLOSE)
    assert server.talk() == [_said("a"), _said("b"), _said("c"), CLOSE]
    assert server.log == ["said"] * 4 + ["heard"] * 4


def test_what_is_no_conversation_passes_as_it_is() -> None:
    server = Server(_said("a"), _said("b"))
    assert server.talk("http") == [_said("a"), _said("b")]
    assert server.log == ["said", "heard"] * 2


def test_who_talks_to_a_browser_that_is_gone_learns_it() -> None:
    class Patient(Server):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await send(_said("a"))
            await asyncio.sleep(0.01)
            await send(_said("b"))

    with pytest.raises(OSError, match="gone"):
        Patient().talk(gone=True)


def test_a_browser_that_leaves_at_the_very_end_is_no_news() -> None:
    server = Server(_said("a"), _said("b"))
    assert server.talk(gone=True) == []
    assert server.log == ["said", "said", "heard"]
