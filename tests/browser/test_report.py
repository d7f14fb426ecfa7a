"""A report prints to two to four pages of A4, nothing is cut at the right edge, and axe finds nothing serious."""

from __future__ import annotations

import re
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from core.exports.answer import answer_of
from core.exports.report import write_report
from core.plan import Plan
from core.plan.example import example_plan
from tests.exports.plans import crowded

FEWEST = 2  # pages of the example
PRINTED_PX = 680  # A4 less its margins
BEYOND = """() => [...document.querySelectorAll('main *')].filter(one =>
  one.getBoundingClientRect().right > document.body.getBoundingClientRect().right + 1).map(one => one.outerHTML)"""


@pytest.mark.parametrize(("plan", "fewest"), [(example_plan(), FEWEST), (crowded(), 3)], ids=["example", "crowded"])
def test_a_report_prints_to_clean_pages_of_a4(chromium: Browser, plan: Plan, fewest: int) -> None:
    made = write_report(answer_of(plan, date(2026, 11, 28), "https://a.example/?s=1.abc"))
    page = chromium.new_page(viewport={"width": PRINTED_PX, "height": 1_000})
    try:
        dialogs: list[str] = []
        page.on("dialog", lambda one: dialogs.append(one.message))
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        page.set_content(made.decode())
        found = Axe().run(page).response["violations"] if fewest == FEWEST else []
        page.emulate_media(media="print")
        assert page.evaluate(BEYOND) == []
        pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True)))
    finally:
        page.close()
    assert fewest <= pages <= 4
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert (dialogs, [url for url in asked if not url.startswith(("about:", "data:"))]) == ([], [])
