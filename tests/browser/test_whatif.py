"""One journey on the What-if page: a link from a colleague, a lever switched, and the page loaded again."""

from __future__ import annotations

from playwright.sync_api import expect

from core import link
from core.plan.example import example_plan
from core.plan.lever import Lever
from tests.browser.chromium import Reader, expected_headline
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
