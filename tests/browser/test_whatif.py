"""One journey on the What-if page: a link from a colleague, a lever switched, and the page loaded again."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from core import link
from core.plan.example import example_plan
from core.plan.lever import Lever
from tests.browser.chromium import WAIT_MS, Reader, expected_headline
from tests.browser.conftest import NewReader

SHARED = example_plan().but(levers=(Lever(id="ptq_w4a16"),))


def _shows(reader: Reader, *levers: Lever) -> None:
    plan = SHARED.but(levers=levers)
    expect(reader.headline).to_have_text(expected_headline(plan))
    reader.expect_linked(plan)


def test_a_lever_moves_the_headline_and_stays_when_the_page_is_loaded_again(
    new_reader: NewReader, cold_server: str
) -> None:
    reader = new_reader(address=cold_server).open(f"/what-if?s={link.encode(SHARED)}")
    _shows(reader, *SHARED.levers)
    box = reader.page.get_by_role("checkbox", name="Another region", exact=True)
    reader.page.get_by_test_id("stCheckbox").filter(has=box).click()
    expect(box).to_be_checked()
    both = (*SHARED.levers, Lever(id="geo_shift", choice="SE"))
    _shows(reader.settle(), *both)
    reader.page.reload()
    _shows(reader.settle(), *both)
    expect(box).to_be_checked()


def test_what_is_fetched_late_finds_its_place_kept(new_reader: NewReader) -> None:
    reader = new_reader(alone=True)
    page = reader.page
    held: list[Route] = []
    free: list[bool] = []
    late = re.compile("/js/(ArrowVegaLiteChart|Checkbox|Metric|PageLink)")
    page.route(late, lambda waiting: waiting.continue_() if free else held.append(waiting))
    page.goto(f"{reader.address}/what-if?s={link.encode(SHARED)}")
    summary = page.get_by_text(re.compile("^Business as usual goes from"))  # below the chart, beside the levers
    expect(summary).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".st-key-years")).to_have_css("min-height", "357px")  # the sheet has arrived
    places = (summary, page.get_by_role("heading", name="Levers", exact=True), page.locator(".st-key-lever-geo_shift"))
    before = [place.bounding_box() for place in places]
    assert held
    free.append(True)
    for waiting in list(held):
        waiting.continue_()
    expect(page.locator(".st-key-years svg").first).to_be_visible(timeout=WAIT_MS)
    for was, now in zip(before, (place.bounding_box() for place in places), strict=True):
        assert was is not None
        assert now is not None
        assert abs(was["y"] - now["y"]) <= 4
