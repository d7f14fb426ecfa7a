"""A reader in Chromium whose replica is killed: the page is back by itself, with the same plan and number."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Page, async_playwright

from core import link
from tests.bench.people import Person
from tests.browser.chromium import FLAGS, executable, expected_headline

PATIENCE_MS = 60_000  # of a busy machine
ASKED = "Requests a day"
# A session compares the plan with what it was opened with; one that has just opened it says how the plan grows.
ANEW = """() => document.querySelector('[data-testid=stApp]').dataset.testConnectionState === 'CONNECTED'
  && document.body.innerText.includes('with the growth entered')"""


@dataclass(frozen=True, slots=True)
class Came:
    """How it went: seconds until the page had its answer from the other replica, and what was wrong."""

    back_s: float
    wrong: tuple[str, ...]


async def _answer(page: Page) -> str:
    return (await page.locator("h2").first.text_content() or "").strip()


async def _type(page: Page, value: int) -> list[str]:
    """Type, and wait for the engine's answer to the plan in the address; what it said where that never comes."""
    before = await _answer(page)
    field = page.get_by_role("spinbutton", name=ASKED).first
    await field.fill(str(value))
    await field.press("Enter")
    await page.wait_for_function("before => document.querySelector('h2').textContent.trim() !== before", arg=before)
    until_s = time.monotonic() + PATIENCE_MS / 1_000
    while time.monotonic() < until_s:
        if await _answer(page) == _expected(page):
            return []
        await page.wait_for_timeout(100)
    return [f"said '{await _answer(page)}' to {value}"]


def _expected(page: Page) -> str:
    """What the engine says of the plan in the address."""
    return expected_headline(link.decode(parse_qs(urlsplit(page.url).query)["s"][0]).plan)


async def read(one: Person, kill: Callable[[str], Awaitable[float]]) -> Came:
    """Open the page and change it; `kill` gets the replica's letter and gives the time of its death. Then look on."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        await page.goto(f"{one.tab.server}/?{one.tab.query}")
        await page.wait_for_selector("h2")
        await page.wait_for_timeout(1_000)
        wrong = await _type(page, 43_210)
        said, address = await _answer(page), page.url
        wrong += ["the page says nothing of the change"] if await page.evaluate(ANEW) else []
        cookies = {cookie["name"]: cookie["value"] for cookie in await page.context.cookies()}
        killed_s = await kill(cookies["replica"])
        await page.wait_for_function(ANEW)
        back_s = time.monotonic() - killed_s
        await asyncio.sleep(1.0)
        if (await _answer(page), page.url) != (said, address):
            wrong.append(f"back with '{await _answer(page)}', was '{said}'")
        wrong += await _type(page, 87_654)
        await browser.close()
    return Came(back_s, tuple(f"the reader in Chromium {fault}" for fault in wrong))
