"""The HTTP route of the data link, beside the pages: what comes in, off the event loop, and what goes back."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit import config
from streamlit.url_util import make_url_path

from core.catalog import CatalogError
from core.door import data_link
from core.door.ask import PATH, Ask, NoAnswerError
from core.door.data_link import Answer, Found
from core.door.limits import AT_ONCE, WAIT_S, Line, Rate
from core.store import StoreError
from core.ui import door

LOOKS_AT_ONCE = 4


class DataLink:
    """Answers `/data/results.csv`."""

    def __init__(self, wait_s: float = WAIT_S, rate: Rate | None = None, line: Line | None = None) -> None:
        self.wait_s = wait_s
        self.rate = rate or Rate()
        self.line = line or Line()
        self.looks = ThreadPoolExecutor(LOOKS_AT_ONCE, thread_name_prefix="data-link-look")
        self.works = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="data-link-work")

    async def answer(self, request: Request) -> Response:
        """The table that is asked for, or a sentence on why there is none."""
        try:
            found = await self._found(request)
        except CatalogError as error:
            found = data_link.refusal(NoAnswerError(503, f"Nothing can be computed: {error}."))
        except NoAnswerError as error:
            found = data_link.refusal(error, browser="text/html" in request.headers.get("accept", ""))
        response = Response(found.body, found.status, found.headers)
        if request.method == "HEAD" and "Content-Length" not in found.headers:
            del response.headers["content-length"]  # nobody has worked out how long the table is
        return response

    async def _found(self, request: Request) -> Answer:
        asked = data_link.Request(
            query=request.scope["query_string"].decode("utf-8", "replace"),  # bytes as sent, which may be no text
            accept=request.headers.get("accept", ""),
            none_match=request.headers.get("if-none-match", ""),
            head=request.method == "HEAD",
            packed="gzip" in request.headers.get("accept-encoding", ""),
        )
        self.rate.take(request.client.host if request.client else "", monotonic())

        def look() -> tuple[Ask, Found]:
            from core.store.store import open_store

            try:
                caller = door.of_request(request)
            except StoreError as error:
                raise NoAnswerError(503, str(error), 30.0) from error
            return data_link.look(asked, caller, open_store, door.settings().protected)

        ask, found = await asyncio.get_running_loop().run_in_executor(self.looks, look)
        return data_link.known(asked, ask, found) or await self._made(asked, ask, found)

    async def _made(self, asked: data_link.Request, ask: Ask, found: Found) -> Answer:
        """The table itself; one that takes too long is told, and keeps its place in line until it is done."""
        if found.slow:
            self.line.enter()

        def work() -> Answer:
            try:
                return data_link.made(asked, ask, found, found.make())
            finally:
                if found.slow:
                    self.line.leave()

        pool = self.works if found.slow else self.looks
        running = asyncio.get_running_loop().run_in_executor(pool, work)
        try:
            return await asyncio.wait_for(asyncio.shield(running), self.wait_s)
        except TimeoutError:
            raise NoAnswerError(503, f"This table takes longer than {self.wait_s:g} s to work out.", 60.0) from None


def routes() -> list[Route]:
    """What `st.App` takes for its `routes`."""
    path = make_url_path(config.get_option("server.baseUrlPath") or "", PATH)
    return [Route(path, DataLink().answer, methods=["GET", "HEAD"])]
