"""The ways in by address: the id of a saved plan, and the data link by the server's own route, headers included."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from threading import Thread
from unittest.mock import patch
from urllib.parse import quote

from starlette.requests import Request

from core.door.ask import KNOWN, PATH
from core.door.limits import Rate
from core.store import store as stores
from core.store.errors import StoreError
from core.store.store import Store
from core.store.transactions import Transactions
from core.ui import data_route
from tests.fuzz import mutations, seeds
from tests.fuzz.judge import FaultError, sentence
from tests.fuzz.made import Made
from tests.store.samples import ANN, NOON, content

MOST_ASKED = 1_000_000_000  # a minute
# 409: a workload of the plan has no figure; a table without it would pass for the whole.
SEEN = (200, 304, 400, 401, 403, 404, 406, 409, 413, 414, 503)
VALUES = (
    "latest", "approved", "1", "2", "999999", "results", "disclosure", "point", "comma", "saved", "today", "year",
    "year,workload_id", "carbon_location_kg,year", "Our plan", "our  PLAN", "No plan", "",
)  # fmt: skip
HEADERS = (
    ("accept", "text/csv"), ("accept", "*/*;q=0.1, text/csv;q=0"), ("accept", "application/json"),
    ("if-none-match", "*"), ("if-none-match", 'W/"abc", "def"'), ("authorization", "Basic Z2xpZGVwYXRoOmFiYw=="),
    ("authorization", "Bearer x.y"),
    ("cookie", "_streamlit_user=abc; a=b"), ("range", "bytes=0-"), ("x-forwarded-for", "1.2.3.4"),
)  # fmt: skip


@cache
def _store() -> tuple[Store, str]:
    """A store with one saved plan, in place of the installation's, and the plan's id."""
    store = Store(Transactions(f"sqlite:///{Path(mkdtemp(prefix='glidepath-fuzz-')) / 'plans.sqlite'}"))
    return store, store.save("Our plan", content(), ANN, NOON).id


@cache
def _server() -> tuple[data_route.DataLink, asyncio.AbstractEventLoop]:
    """The route, and a loop in a thread of its own: the caller's may have one that runs already."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, daemon=True).start()
    return data_route.DataLink(rate=Rate(MOST_ASKED)), loop


def make_route(rng: Random) -> Made:
    """A query of a data link with its parts harmed, or the harmed id of a saved plan."""
    key = _store()[1]
    if rng.random() < 0.2:
        text = mutations.text_of(rng, key, [key]) if rng.random() < 0.9 else rng.choice((key, key.upper(), f" {key} "))
        return Made("saved", "", text.encode("utf-8", "surrogatepass"))
    names = [rng.choice(("s", "p", "plan")), *rng.choices(KNOWN, k=rng.choice((0, 0, 1, 1, 2, 4)))]
    query = "&".join(f"{name}={_value(rng, name, key)}" for name in names)
    if rng.random() < 0.5:
        query = mutations.text_of(rng, query, seeds.links())
    if rng.random() < 0.2:
        raw = mutations.bytes_of(rng, query.encode("utf-8", "replace"))
    else:
        raw = (quote(query, safe="=&%+,;") if rng.random() < 0.7 else query).encode("utf-8", "replace")
    return Made("data", "", raw, rng.randrange(1_000_000))


def _value(rng: Random, name: str, key: str) -> str:
    usual = {"s": rng.choice(seeds.links()), "p": key, "plan": "Our plan"}.get(name, rng.choice(VALUES))
    how = rng.random()
    return odd if how < 0.15 and (odd := mutations.odd(rng)) else rng.choice(VALUES) if how < 0.2 else usual


def read_route(made: Made) -> str:
    """Open a saved plan by what stands behind `?p=`, or ask the server's route."""
    if made.way == "data":
        return _asked(made)
    text = made.raw.decode("utf-8", "replace")
    try:
        found = _store()[0].open(text)
    except StoreError as error:
        return sentence(str(error))
    if found.content != content():
        raise FaultError("another content than what was saved")
    return "opened"


def _asked(made: Made) -> str:
    rng = Random(made.seed)
    server, loop = _server()
    headers = []
    for name, value in rng.sample(HEADERS, rng.choice((0, 0, 1, 2))):
        raw = value.encode() if rng.random() < 0.5 else mutations.bytes_of(rng, value.encode())
        headers.append((name.encode(), raw))
    request = Request({
        "type": "http", "method": rng.choice(("GET", "GET", "HEAD")), "path": PATH, "query_string": made.raw,
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http", "root_path": "",
    })  # fmt: skip
    with patch.object(stores, "open_store", lambda url="": _store()[0]):
        answer = asyncio.run_coroutine_threadsafe(server.answer(request), loop).result()
    if answer.status_code not in SEEN:
        raise FaultError(f"a status of {answer.status_code}")
    for name, value in answer.raw_headers:
        if any(sign in name + value for sign in b"\r\n\0"):
            raise FaultError(f"a header that breaks its line: {name!r}")
    if answer.status_code in (200, 304):
        return f"status {answer.status_code}"
    return f"status {answer.status_code}: {sentence(bytes(answer.body).decode().removesuffix(chr(10)))}"
