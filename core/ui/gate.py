"""What stands before Streamlit on a protected installation: files of a visit for the signed-in, and the way back.

Streamlit hands out files of a visit by their address alone, and brings whoever signed in to its first page. Here those
files ask for the sign-in, and the visitor comes back to the very link they opened.
"""

from __future__ import annotations

import base64
import hashlib
import json

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.url_util import make_url_path
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from core.door.caller import Outside
from core.ui import door

BACK = "signed-in"
FILES = ("media/", "_stcore/upload_file")
PICTURES = (".svg", ".png")  # the app's logo and icon: it puts no other picture there
LOGIN, LOGOUT, CALLBACK = "auth/login", "auth/logout", "oauth2callback"
FAILED, OUT = "failed", "out"
DOWN = "The sign-in service does not answer. Nothing is shown until it does; try again in a minute."
SCRIPT = """
let to = HOME;
try {
  if (location.search === "?out") sessionStorage.clear(); // what the tab kept of a plan
  if (location.search === "?failed") sessionStorage.setItem("glidepath_sign_in", "failed");
  to = sessionStorage.getItem("glidepath_return") || HOME;
  sessionStorage.removeItem("glidepath_return");
} catch {}
if (!to.startsWith(HOME) || /^\\/[\\/\\\\]/.test(to)) to = HOME;
location.replace(to);
"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Glidepath</title></head>
<body><p><a href="{home}">Go on to Glidepath</a></p><script>{script}</script></body></html>
"""


def at_the_door() -> list[Middleware]:
    """What `st.App` takes for its `middleware`."""
    return [Middleware(Gate)]


class Gate:
    """The middleware; an open installation is passed through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.home = make_url_path(config.get_option("server.baseUrlPath") or "", "/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let Streamlit answer."""
        path = scope["path"].removeprefix(self.home) if scope["type"] == "http" else ""
        if not path or not path.startswith((*FILES, LOGIN, LOGOUT, CALLBACK, BACK)) or door.is_open():
            await self.app(scope, receive, send)
        elif path.startswith(FILES) and not path.endswith(PICTURES):
            await self._file(scope, receive, send)
        elif path == LOGIN:
            await self.app(scope, receive, _Down(send))
        elif path == CALLBACK and scope["query_string"]:
            await self.app(scope, receive, _Back(send, make_url_path(self.home, BACK)))
        elif path in (CALLBACK, LOGOUT):  # a provider brings whoever signed out there back without a word
            await self.app(scope, receive, _Out(send, self.home, make_url_path(self.home, BACK)))
        elif path == BACK:
            await self._back(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _file(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = await run_in_threadpool(door.of_request, HTTPConnection(scope))
        if isinstance(found, Outside):
            await PlainTextResponse(f"{found.said}\n", 403 if found.known else 401)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _back(self, scope: Scope, receive: Receive, send: Send) -> None:
        script = SCRIPT.replace("HOME", json.dumps(self.home))
        mark = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        headers = {
            "Content-Security-Policy": f"default-src 'none'; script-src 'sha256-{mark}'",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        await HTMLResponse(PAGE.format(home=self.home, script=script), headers=headers)(scope, receive, send)


class _Back:
    """Sends a visitor who comes from the provider on to the link they opened, and says whether the sign-in failed."""

    def __init__(self, send: Send, back: str) -> None:
        self.send = send
        self.back = back

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 302:
            given = Headers(raw=message["headers"]).getlist("set-cookie")
            let_in = any(one.startswith(f"{USER_COOKIE_NAME}=") and "Max-Age=0" not in one for one in given)
            headers = MutableHeaders(raw=list(message["headers"]))
            headers["location"] = self.back if let_in else f"{self.back}?{FAILED}"
            message = {**message, "headers": headers.raw}
        await self.send(message)


class _Out:
    """Sends whoever signed out to the first page by way of a script that empties the tab."""

    def __init__(self, send: Send, home: str, back: str) -> None:
        self.send = send
        self.home = home
        self.back = back

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            if headers.get("location") == self.home:
                headers["location"] = f"{self.back}?{OUT}"
            message = {**message, "headers": headers.raw}
        await self.send(message)


class _Down:
    """Says in a sentence that the provider does not answer, where Streamlit says 'Authentication error'."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.down = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 400:
            self.down = True
            headers = {"content-type": "text/plain; charset=utf-8", "retry-after": "60", "cache-control": "no-store"}
            raw = [(name.encode(), value.encode()) for name, value in headers.items()]
            message = {**message, "status": 503, "headers": raw}
        elif message["type"] == "http.response.body" and self.down:
            message = {**message, "body": DOWN.encode()}
        await self.send(message)
