"""What a first visit loads: Streamlit's scripts go out compressed, each once, and nothing else is touched."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Mapping

import pytest
from starlette.types import Message, Receive, Scope, Send

from core.ui.compressed import Compressed
from tests.pages.asked import ask

SCRIPT = b"export const answer = 42;\n" * 500
PATH = "/static/js/index.js"
BROWSER = {"accept-encoding": "gzip, deflate, br"}


class Server:
    """A server as Streamlit's: its file in two pieces, and the page itself for every path without a file."""

    def __init__(self, kind: str = "text/javascript; charset=utf-8") -> None:
        self.kind = kind
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        headers = {"content-type": self.kind, "content-length": str(len(SCRIPT)), "etag": '"a1"'}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        await send({"type": "http.response.body", "body": SCRIPT[:1000], "more_body": True})
        await send({"type": "http.response.body", "body": SCRIPT[1000:]})


@pytest.mark.parametrize("path", [PATH, "/below/a/path/static/css/index.css"])
def test_a_script_goes_out_compressed_and_is_compressed_once(path: str) -> None:
    server = Server("text/css" if path.endswith("css") else "text/javascript")
    app = Compressed(server)
    for _ in range(2):
        headers, body = ask(app, path, BROWSER)
        assert gzip.decompress(body) == SCRIPT
        assert len(body) * 50 < len(SCRIPT)
        assert headers["content-encoding"] == "gzip"
        assert headers["content-length"] == str(len(body))
        assert headers["vary"] == "Accept-Encoding"
        assert headers["etag"] == 'W/"a1"'
    assert server.asked == 1


@pytest.mark.parametrize(
    ("path", "asking", "how"),
    [
        (PATH, {}, "GET"),
        (PATH, BROWSER | {"range": "bytes=0-99"}, "GET"),
        (PATH, BROWSER | {"if-none-match": '"a1"'}, "GET"),
        (PATH, BROWSER, "HEAD"),
        ("/media/index.js", BROWSER, "GET"),
    ],
)
def test_what_a_browser_asks_for_otherwise_is_answered_by_the_server_itself(
    path: str, asking: Mapping[str, str], how: str
) -> None:
    server = Server()
    app = Compressed(server)
    for _ in range(2):
        headers, body = ask(app, path, asking, how)
        assert body == SCRIPT
        assert "content-encoding" not in headers
    assert server.asked == 2


def test_paths_without_a_file_are_not_kept() -> None:
    app = Compressed(Server("text/html"))
    for place in range(3):
        headers, body = ask(app, f"/static/js/{place}.js", BROWSER)
        assert body == SCRIPT
        assert "content-encoding" not in headers
    assert not app.kept


@pytest.mark.parametrize("sent", [0, 1, 2])
def test_a_file_that_a_browser_left_half_read_is_whole_for_the_next(sent: int) -> None:
    server = Server()
    left = True

    async def leaving(scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await server(scope, receive, keep)
        for message in messages[:sent] if left else messages:
            await send(message)

    app = Compressed(leaving)
    with contextlib.suppress(IndexError):  # nobody hears an answer that has not begun
        ask(app, PATH, BROWSER)
    left = False
    assert gzip.decompress(ask(app, PATH, BROWSER)[1]) == SCRIPT
