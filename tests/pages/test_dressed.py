"""The page's document holds the style sheet from the start; whatever else is asked for passes as it is."""

from __future__ import annotations

import gzip
import re

import pytest
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from core.ui.dressed import STYLE, Dressed
from core.ui.guarded import PAGE, hashes
from tests.pages.asked import ask

DOCUMENT = PAGE.read_bytes()
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-encoding": "gzip, br"}
REPORT = b"<!doctype html><html><body>A report.</body></html>"


class Server:
    """A server as Streamlit's: a document in two pieces, or the word that it is still good, or a part of it."""

    def __init__(self, body: bytes = DOCUMENT, kind: str = "text/html; charset=utf-8") -> None:
        self.body, self.kind = body, kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope)
        known = "if-none-match" in asked or "range" in asked
        headers = {"content-type": self.kind, "content-length": str(len(self.body)), "etag": '"a1"'}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 304 if known else 200, "headers": raw})
        await send({"type": "http.response.body", "body": b"" if known else self.body[:500], "more_body": True})
        await send({"type": "http.response.body", "body": b"" if known else self.body[500:]})


@pytest.mark.parametrize("more", [{}, {"if-none-match": '"a1"'}, {"range": "bytes=0-9"}])
@pytest.mark.parametrize("path", ["/", "/what-if", "/below/a/path/estimate"])
def test_a_page_comes_whole_with_the_style_after_all_that_streamlit_writes_into_its_head(
    path: str, more: dict[str, str]
) -> None:
    headers, body = ask(Dressed(Server()), path, BROWSER | more)
    page = gzip.decompress(body)
    assert headers["content-encoding"] == "gzip"
    assert headers["content-length"] == str(len(body))
    assert headers["vary"] == "Accept-Encoding"
    assert "etag" not in headers
    assert page.replace(f"<style>{STYLE}</style>".encode(), b"") == DOCUMENT
    assert page.index(b"<style>" + STYLE[:40].encode()) > page.index(b"</head>")
    assert page.endswith(b"</style>" + DOCUMENT[DOCUMENT.rindex(b"</body>") :])


def test_a_browser_that_unpacks_nothing_gets_it_plain_and_the_policy_still_knows_the_page_s_own_scripts() -> None:
    headers, body = ask(Dressed(Server()), "/", {"accept": "text/html"})
    assert "content-encoding" not in headers
    assert headers["content-length"] == str(len(body))
    assert list(hashes(body.decode())) == list(hashes(DOCUMENT.decode()))


@pytest.mark.parametrize(
    ("server", "path", "asking", "how"),
    [
        (Server(REPORT), "/media/report", BROWSER, "GET"),
        (Server(b"year;t", "text/csv"), "/data/results", BROWSER, "GET"),
        (Server(), "/index.html", BROWSER, "GET"),
        (Server(), "/", {"accept": "*/*"}, "GET"),
        (Server(), "/", BROWSER, "HEAD"),
    ],
    ids=["another document", "a table", "a file", "a script's question", "without a body"],
)
def test_what_is_no_page_of_the_app_passes_as_it_is(
    server: Server, path: str, asking: dict[str, str], how: str
) -> None:
    headers, body = ask(Dressed(server), path, asking, how)
    assert body == server.body
    assert headers["etag"] == '"a1"'
    assert "content-encoding" not in headers


def test_the_style_cannot_end_before_its_end() -> None:
    assert "</" not in STYLE


def test_no_rule_leads_from_the_text_of_a_class_to_everything_within() -> None:
    """Streamlit changes classes of all elements at every run: a browser would then look at the whole page anew."""
    assert not re.search(r"\[class[^{},]*[\s>](\*|\[data-testid=.stSkeleton)", STYLE)
