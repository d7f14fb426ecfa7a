"""One journey on the Uncertainty page: a link from a colleague, the shares worked out, and stopped before their end."""

from __future__ import annotations

from playwright.sync_api import expect

from core import link
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from tests.browser.conftest import NewReader
from tests.browser.test_access import violations

PLAN = with_example_target(example_plan()).but(levers=(Lever(id="concise_output"),), points="8192")


def test_the_shares_run_beside_the_page_and_are_kept_where_they_are_stopped(new_reader: NewReader) -> None:
    reader = new_reader().open(f"/uncertainty?s={link.encode(PLAN)}")
    page = reader.page
    expect(page.get_by_text("It meets every target line of 2031")).to_be_visible()
    page.get_by_role("button", name="Work out the shares").click()
    expect(page.get_by_text("seconds left")).to_be_visible()
    page.get_by_role("button", name="Stop and keep").click()
    expect(page.get_by_role("button", name="Start again")).to_be_visible()
    expect(page.get_by_text("alone makes")).to_be_visible()
    assert violations(reader.settle()) == []
