"""A server and a Chromium for the browser tests of each worker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import DESKTOP, Reader, executable, launch, serve

HERE = Path(__file__).parent
NewReader = Callable[..., Reader]
TRACES = ("Traceback", "StreamlitAPIException", "KeyError", "ValueError", "TypeError")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two servers and two browsers for two cores: the files take turns, so that both workers have as much to do."""
    files = sorted(HERE.glob("test_*.py"))
    for item in items:
        if item.path in files:
            item.add_marker(pytest.mark.xdist_group(f"browser {files.index(item.path) % 2}"))


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
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that all tests share; each test has its own browser profile."""
    with serve(tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


@pytest.fixture
def cold_server(tmp_path: Path) -> Iterator[str]:
    """A server that nobody has visited yet."""
    with serve(tmp_path / "log.txt") as address:
        yield address


@pytest.fixture
def new_reader(chromium: Browser, server: str) -> Iterator[NewReader]:
    """Readers with a fresh private profile each; at the end none may have met an error."""
    readers: list[Reader] = []

    def make(address: str = server, size: tuple[int, int] = DESKTOP, scheme: str = "light") -> Reader:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        readers.append(Reader(context.new_page(), address))
        return readers[-1]

    yield make
    texts = [reader.text() for reader in readers]
    complaints = [line for reader in readers for line in reader.complaints]
    for reader in readers:
        reader.page.context.close()
    assert not complaints
    assert not [trace for text in texts for trace in TRACES if trace in text]


@pytest.fixture
def reader(new_reader: NewReader) -> Reader:
    """A reader who has just opened the example."""
    return new_reader().open()
