"""A browser tab without a browser: it speaks the app's websocket protocol, as Streamlit's page does.

It opens a page, keeps what the server sent as the tree of the page, sends with every change the value of every widget
on it and the address with its link, and takes a large message that it holds already by its hash.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
import urllib.request
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

HELD_RUNS = 2  # a message that was not used for so many runs leaves the browser's store
ANSWER = "h2"  # the tag of a page's answer
EARLY = ForwardMsg.FINISHED_EARLY_FOR_RERUN
STREAM, HEALTH = "/_stcore/stream", "/_stcore/health"
XSRF, NO_TOKEN = "_streamlit_xsrf", "PLACEHOLDER_AUTH_TOKEN"
FIRST_S, LONGEST_S, MOST_ATTEMPTS = 0.5, 4.0, 20  # between two attempts of a browser to come back


class Widget(Protocol):
    """What all widgets have in common."""

    id: str
    set_value: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """What a run of the page brought: its answer, after how long, when the run ended, and how much was sent."""

    text: str
    answer_s: float
    end_s: float
    sent_bytes: int
    errors: tuple[str, ...]


def held(widget: Any, kind: str) -> dict[str, Any]:
    """What a browser holds of a widget that it draws: the value given, else its default."""
    if kind in ("number_input", "text_input", "checkbox"):
        value = widget.value if widget.set_value else widget.default
        return {{"number_input": "double_value", "text_input": "string_value"}.get(kind, "bool_value"): value}
    if kind == "selectbox":
        if not widget.HasField("raw_value" if widget.set_value else "default"):
            return {}  # nothing is chosen
        return {"string_value": widget.raw_value if widget.set_value else list(widget.options)[widget.default]}
    if kind == "slider":
        return {"double_array_value": {"data": widget.value if widget.set_value else widget.default}}
    names = [option.content for option in widget.options] if kind == "button_group" else list(widget.options)
    chosen = widget.raw_values if widget.set_value else [names[place] for place in widget.default]
    return {"string_array_value": {"data": chosen}}


KINDS = ("number_input", "text_input", "checkbox", "selectbox", "slider", "button_group", "multiselect")
GRID = "dataframe"  # a grid that can be edited; it has nothing to say before somebody types in it


def key_of(widget: Widget) -> str:
    """The name that the page gave to a widget; empty where it gave none."""
    parts = widget.id.split("-", 2)
    return "" if len(parts) < 3 or parts[2] == "None" else parts[2]


@dataclass
class Tab:
    """One visit. `server` is an address like `http://127.0.0.1:8501`; `query` what stands in the address bar."""

    server: str
    page: str = ""
    query: str = ""
    session_id: str = ""
    socket: ClientConnection | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    script: str = ""
    states: dict[str, WidgetState] = field(default_factory=dict)
    tree: dict[tuple[int, ...], Any] = field(default_factory=dict)
    store: dict[str, tuple[ForwardMsg, int]] = field(default_factory=dict)
    run: int = 0
    answer: str = ""

    async def connect(self) -> None:
        """Open the socket, naming the session from before where there was one."""
        parts = urlsplit(self.server)
        names = ["streamlit", self.cookies.get(XSRF, NO_TOKEN), *([self.session_id] if self.session_id else [])]
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.socket = await connect(
            f"ws://{parts.netloc}{STREAM}",
            subprotocols=[Subprotocol(name) for name in names],
            origin=Origin(self.server),
            additional_headers={"Cookie": cookies} if cookies else None,
            max_size=None,
            max_queue=None,
            compression=None,
            open_timeout=30,
        )
        if self.socket.response is not None:
            self._keep(self.socket.response.headers.get_all("Set-Cookie"))

    def greet(self) -> bool:
        """Ask whether the server is there, and keep its cookies; False where it is not."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        asked = urllib.request.Request(self.server + HEALTH, headers={"Cookie": cookies} if cookies else {})
        try:
            with urllib.request.urlopen(asked, timeout=4) as answer:
                self._keep(answer.headers.get_all("Set-Cookie") or [])
        except OSError:
            return False
        return True

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}

    async def come_back(self) -> Answered:
        """What a browser does whose socket was closed: wait, ask for the server, connect, run the page as it stands."""
        for attempt in range(MOST_ATTEMPTS):
            longest_s = min(LONGEST_S, FIRST_S * 2**attempt)
            await asyncio.sleep(random.uniform(longest_s / 2, longest_s))
            if await asyncio.to_thread(self.greet):
                with contextlib.suppress(OSError, WebSocketException):
                    await self.connect()
                    return await self.again()
        raise TimeoutError(f"not back after {MOST_ATTEMPTS} attempts")

    async def __aenter__(self) -> Tab:
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave()

    async def leave(self) -> None:
        """Close the tab."""
        if self.socket is not None:
            await self.socket.close()

    async def open(self) -> Answered:
        """The first run of a visit, by the page's path and the query of the address."""
        return await self._run(self._asked(page_name=self.page))

    async def again(self) -> Answered:
        """Run the page as it stands, as a browser does that came back."""
        return await self._run(self._asked(page_script_hash=self.script))

    async def set(self, key: str, **value: Any) -> Answered:
        """Change a widget and read what that makes of the page."""
        self.states[self.widget(key).id] = WidgetState(id=self.widget(key).id, **value)
        return await self._run(self._asked(page_script_hash=self.script))

    def widget(self, key: str) -> Any:
        """The widget of that name on the page."""
        return next(one for one in (*self.widgets().values(), *self.grids()) if key_of(one) == key)

    def widgets(self) -> dict[str, Any]:
        """Every widget on the page that holds a value, by its id."""
        found = {}
        for element in self.tree.values():
            kind = element.WhichOneof("type")
            if kind in KINDS:
                one = getattr(element, kind)
                found[one.id] = one
        return found

    def grids(self) -> list[Any]:
        """Every grid on the page that can be edited."""
        found = [getattr(one, GRID) for one in self.tree.values() if one.WhichOneof("type") == GRID]
        return [one for one in found if one.id]

    def link(self) -> str:
        """The plan's text in the address; empty for the untouched example."""
        return parse_qs(self.query).get("s", [""])[0]

    def _asked(self, **where: str) -> BackMsg:
        asked = BackMsg()
        run = asked.rerun_script
        run.query_string = self.query
        run.widget_states.widgets.extend(self.states.values())
        run.page_name, run.page_script_hash = where.get("page_name", ""), where.get("page_script_hash", "")
        run.cached_message_hashes.extend(self.store)
        run.context_info.url = f"{self.server}/{self.page}"
        run.context_info.locale, run.context_info.timezone = "en-GB", "UTC"
        run.context_info.color_scheme = "light"
        return asked

    async def _run(self, asked: BackMsg) -> Answered:
        """Send a message and read to the end of the run that it sets off."""
        assert self.socket is not None
        start = time.perf_counter()
        await self.socket.send(asked.SerializeToString())
        heard = _Heard(start)
        while not heard.ended:
            data = await self.socket.recv()
            heard.sent_bytes += len(data)
            self._take(ForwardMsg.FromString(data), heard)  # type: ignore[arg-type]
        end_s = time.perf_counter() - start
        self._settle(heard)
        self.answer = heard.answers[-1][0] if heard.answers else ""
        when_s = next((at_s for text, at_s in heard.answers if text == self.answer), end_s)
        return Answered(self.answer, when_s, end_s, heard.sent_bytes, tuple(heard.errors))

    def _take(self, message: ForwardMsg, heard: _Heard) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            whole, _ = self.store[message.ref_hash]
            where = tuple(message.metadata.delta_path)
            self.store[message.ref_hash] = (whole, self.run)
            heard.place(where, whole)
        elif kind == "delta":
            if message.metadata.cacheable:
                self.store[message.hash] = (message, self.run)
            heard.place(tuple(message.metadata.delta_path), message)
        elif kind == "new_session":
            self.session_id = message.new_session.initialize.session_id or self.session_id
            self.script = message.new_session.page_script_hash or self.script
            heard.begin()
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash or self.script
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "script_finished":
            heard.ended = heard.begun and message.script_finished != EARLY
            self.run += 1
        elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            heard.errors.append(message.session_event.script_compilation_exception.message)

    def _settle(self, heard: _Heard) -> None:
        """What was not sent again is gone from the page, and its values with it."""
        self.tree = heard.tree
        states = {}
        for key, one in self.widgets().items():
            kept = self.states.get(key)
            kind = heard.kinds[key]
            states[key] = WidgetState(id=key, **held(one, kind)) if kept is None or one.set_value else kept
        states |= {one.id: self.states[one.id] for one in self.grids() if one.id in self.states}
        self.states = states
        self.store = {key: one for key, one in self.store.items() if one[1] > self.run - HELD_RUNS}


class _Heard:
    """What one run has brought so far."""

    def __init__(self, start_s: float) -> None:
        self.start_s = start_s
        self.begun = self.ended = False
        self.sent_bytes = 0
        self.answers: list[tuple[str, float]] = []
        self.errors: list[str] = []
        self.tree: dict[tuple[int, ...], Any] = {}
        self.kinds: dict[str, str] = {}

    def begin(self) -> None:
        """A run begins; one that it cut short counts for nothing."""
        self.begun = True
        self.tree.clear()
        self.kinds.clear()

    def place(self, where: tuple[int, ...], message: ForwardMsg) -> None:
        """Put an element into the tree of the page."""
        if message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        self.tree[where] = element
        if kind in KINDS:
            self.kinds[getattr(element, kind).id] = kind
        elif kind == "heading" and element.heading.tag == ANSWER:
            self.answers.append((element.heading.body, time.perf_counter() - self.start_s))
        elif kind == "exception":
            self.errors.append(element.exception.message)
