"""The running server over plain HTTP: what it refuses to whoever is not its own page, and the headers it sends."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from core.ui.guarded import HEADERS, TOO_LONG

UPLOAD = "/_stcore/upload_file/00000000-0000-0000-0000-000000000000/file"
BODY = b'--part\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\na,b\r\n--part--\r\n'
FORM = {"Content-Type": "multipart/form-data; boundary=part"}
TOKEN = "2|" + "00000000|" + "ab" * 16 + "|1700000000"  # of the kind the server hands out, its mask all noughts


def ask(
    server: str, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    parts = urlsplit(server)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_file_is_neither_taken_nor_removed_without_the_pages_own_token(server: str, method: str) -> None:
    cookie = {"Cookie": f"_streamlit_xsrf={TOKEN}"}
    other = {"X-Xsrftoken": TOKEN.replace("ab", "cd")}
    for without in (FORM, FORM | cookie, FORM | {"X-Xsrftoken": TOKEN}, FORM | cookie | other):
        status, _, said = ask(server, UPLOAD, method, without, BODY)
        assert (status, b"XSRF" in said) == (403, True)
    status, _, said = ask(server, UPLOAD, method, FORM | cookie | {"X-Xsrftoken": TOKEN}, BODY)
    assert (status, b"XSRF" in said) == ((400, False) if method == "PUT" else (204, False)), "it was the token"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_a_page_from_elsewhere_opens_no_session(server: str, origin: str) -> None:
    address = server.replace("http://", "ws://") + "/_stcore/stream"
    with pytest.raises(InvalidStatus) as refused:
        connect(address, origin=origin, subprotocols=["streamlit"], proxy=None)  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403
    with connect(address, origin=server, subprotocols=["streamlit"], proxy=None):  # type: ignore[arg-type,list-item]
        pass


@pytest.mark.parametrize("path", ["/", "/what-if", "/_stcore/health", "/nowhere/at/all.js", UPLOAD])
def test_every_answer_tells_the_browser_what_it_may_load_and_tell(server: str, path: str) -> None:
    _, headers, _ = ask(server, path, "OPTIONS" if path == UPLOAD else "GET")
    assert {name: headers[name] for name in HEADERS} == HEADERS
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self' blob: 'sha256-" in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'self'" in policy


def test_an_address_longer_than_any_link_is_refused_in_a_sentence(server: str) -> None:
    assert ask(server, "/?s=" + "1" * 65_000)[0] == 200
    status, headers, said = ask(server, "/?s=" + "1" * 70_000)
    assert (status, said.decode()) == (414, TOO_LONG)
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_program_drives_the_app_beside_a_browser(server: str) -> None:
    for path in ("/_stcore/agent/interact", "/_stcore/agent/mcp"):
        status, _, _ = ask(server, path, "POST", {"Content-Type": "application/json"}, b"{}")
        assert 400 <= status < 500


def test_nothing_of_the_folder_is_served_beside_the_pages(server: str) -> None:
    for path in ("/app.py", "/data/sources.csv", "/.streamlit/config.toml", "/..%2f..%2fetc/passwd", "/app/static/x"):
        status, _, said = ask(server, path)
        assert status >= 400 or said.startswith(b"<!doctype html>") or b"<title>Streamlit</title>" in said, path
        assert b"st.navigation" not in said
        assert b"enableXsrfProtection" not in said
        assert b"root:" not in said
