"""A server and a Chromium for the browser tests of each worker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from core import engine
from core.decide import warm as deciding
from core.results.figures import coefficients
from core.shift import warm as shifting
from core.targets import warm as targets
from tests.browser.chromium import DESKTOP, Reader, executable, launch, serve

NewReader = Callable[..., Reader]
Look = tuple[tuple[int, int], str]  # size and colour scheme
TRACES = ("Traceback", "StreamlitAPIException", "KeyError", "ValueError", "TypeError")


class Tabs(NamedTuple):
    """Take an idle tab, or a new one, and give it back."""

    take: Callable[[Look], Page]
    give_back: Callable[[Look, Page], None]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one the tests are skipped on a desk, and fail under CI."""
    if executable() is None:
        missing = "no Chromium found: install one or set CHROME_PATH"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kernels() -> None:
    """The kernels, compiled and on disk: on a fresh checkout that takes longer than a reader's patience.

    Each worker begins elsewhere, and finds on disk what its neighbours have compiled meanwhile.
    """
    rooms = [lambda: engine.warm_up(coefficients()), shifting.warm_up, targets.warm_up, deciding.warm_up]
    first = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 3  # the engine, the search, the targets
    for warm_up in (rooms, rooms[::-1], rooms[2:] + rooms[:2])[first]:
        warm_up()


@pytest.fixture(scope="session")
def server(kernels: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that all tests share; each test has its own browser profile."""
    with serve(tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


@pytest.fixture
def cold_server(kernels: None, tmp_path: Path) -> Iterator[str]:
    """A server that nobody has visited yet."""
    with serve(tmp_path / "log.txt") as address:
        yield address


@pytest.fixture(scope="session")
def tabs(chromium: Browser) -> Iterator[Tabs]:
    """Tabs that no reader is at, by size and scheme. What a tab has fetched and compiled it has at hand."""
    profiles: dict[Look, BrowserContext] = {}
    idle: dict[Look, list[Page]] = {}

    def tab(look: Look) -> Page:
        if look not in profiles:
            profiles[look] = private_profile(chromium, look)
        return idle[look].pop() if idle.get(look) else profiles[look].new_page()

    def back(look: Look, page: Page) -> None:
        idle.setdefault(look, []).append(page)

    yield Tabs(tab, back)
    for context in profiles.values():
        context.close()


def private_profile(chromium: Browser, look: Look) -> BrowserContext:
    """A profile that has visited nothing."""
    (width, height), scheme = look
    return chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )


@pytest.fixture
def new_reader(chromium: Browser, tabs: Tabs, server: str) -> Iterator[NewReader]:
    """Readers with a visit of their own, in a private profile where asked; at the end none may have met an error."""
    readers: list[tuple[Look, Reader]] = []
    alone_ones: list[Reader] = []

    def make(
        address: str = server, size: tuple[int, int] = DESKTOP, scheme: str = "light", alone: bool = False
    ) -> Reader:
        look = (size, scheme)
        if alone:
            alone_ones.append(Reader(private_profile(chromium, look).new_page(), address))
            return alone_ones[-1]
        readers.append((look, Reader(tabs.take(look), address)))
        readers[-1][1].page.set_viewport_size({"width": size[0], "height": size[1]})  # a test may have changed it
        return readers[-1][1]

    yield make
    everyone = [*(reader for _, reader in readers), *alone_ones]
    texts = [reader.text() for reader in everyone]
    complaints = [line for reader in everyone for line in reader.complaints]
    for look, reader in readers:
        tabs.give_back(look, reader.leave())
    for reader in alone_ones:
        reader.page.context.close()
    assert not complaints
    assert not [trace for text in texts for trace in TRACES if trace in text]


@pytest.fixture
def reader(new_reader: NewReader) -> Reader:
    """A reader who has just opened the example."""
    return new_reader().open()
