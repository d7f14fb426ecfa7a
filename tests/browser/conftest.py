"""A server and a Chromium for the browser tests of each worker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import kernels as compiled
from tests.browser.chromium import BRIEF, DESKTOP, Reader, executable, launch, serve

NewReader = Callable[..., Reader]
Scheme = Literal["light", "dark"]
TRACES = ("Traceback", "StreamlitAPIException", "KeyError", "ValueError", "TypeError")


class Tabs(NamedTuple):
    """Take an idle tab, or a new one, and give it back."""

    take: Callable[[], Page]
    give_back: Callable[[Page], None]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one the tests are skipped on a desk, and fail under CI."""
    if executable() is None:
        missing = "no Chromium found: install one or set CHROME_PATH"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = launch(playwright, BRIEF)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kernels() -> None:
    """The kernels, compiled and on disk: on a fresh checkout that takes longer than a reader's patience."""
    compiled.have_all(os.environ.get("PYTEST_XDIST_WORKER", "gw0"))


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
    """Tabs that no reader is at. What one of them has fetched and compiled all have at hand."""
    profile, idle = private_profile(chromium), list[Page]()
    yield Tabs(lambda: idle.pop() if idle else profile.new_page(), idle.append)
    profile.close()


def private_profile(chromium: Browser) -> BrowserContext:
    """A profile that has visited nothing."""
    return chromium.new_context(reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"])


@pytest.fixture
def new_reader(chromium: Browser, tabs: Tabs, server: str) -> Iterator[NewReader]:
    """Readers with a visit of their own, in a private profile where asked; at the end none may have met an error."""
    readers: list[Reader] = []
    alone_ones: list[Reader] = []

    def make(
        address: str = server, size: tuple[int, int] = DESKTOP, scheme: Scheme = "light", alone: bool = False
    ) -> Reader:
        page = private_profile(chromium).new_page() if alone else tabs.take()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme, media="null")  # the test before may have printed
        (alone_ones if alone else readers).append(Reader(page, address))
        return (alone_ones if alone else readers)[-1]

    yield make
    texts = [reader.text() for reader in (*readers, *alone_ones)]
    complaints = [line for reader in (*readers, *alone_ones) for line in reader.complaints]
    for reader in readers:
        tabs.give_back(reader.leave())
    for reader in alone_ones:
        reader.page.context.close()
    assert not complaints
    assert not [trace for text in texts for trace in TRACES if trace in text]


@pytest.fixture
def reader(new_reader: NewReader) -> Reader:
    """A reader who has just opened the example."""
    return new_reader().open()
