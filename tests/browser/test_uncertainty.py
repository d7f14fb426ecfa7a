"""One journey on the Uncertainty page: a link from a colleague, and shares worked out while the page looks on."""

from __future__ import annotations

from playwright.sync_api import expect

from core import link
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from tests.browser.conftest import NewReader
from tests.browser.test_access import violations

PLAN = with_example_target(example_plan()).but(levers=(Lever(id="concise_output"),), points="256")


def test_the_shares_come_without_a_click_more_however_long_they_take(new_reader: NewReader) -> None:
    """The page looks on by itself: Streamlit runs it again while the study is at work, and once when it has ended."""
    reader = new_reader().open(f"/uncertainty?s={link.encode(PLAN)}")
    page = reader.page
    page.get_by_role("button", name="Work out the shares").click()
    expect(page.get_by_text("alone makes")).to_be_visible()
    expect(page.get_by_role("button", name="Stop and keep")).to_have_count(0)
    assert violations(reader.settle()) == []
