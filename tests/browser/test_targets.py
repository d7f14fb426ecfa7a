"""A target in the browser: asked for, filled in, and the same by a cold link."""

from __future__ import annotations

from playwright.sync_api import expect

from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.ui.target import ANSWERS
from tests.browser.chromium import PHONE
from tests.browser.conftest import NewReader
from tests.browser.test_access import nothing_scrolls_sideways, violations


def test_the_example_fills_the_target_and_a_cold_link_shows_the_same(new_reader: NewReader) -> None:
    reader = new_reader().open("/targets")
    expect(reader.headline).to_have_text(ANSWERS["asked"])
    assert violations(reader) == []
    reader.button("Fill in the example's values").click()
    expect(reader.headline).to_contain_text("above the pathway in")
    reader.settle().expect_linked(with_example_target(example_plan()))
    answer = reader.answer()
    guest = new_reader(size=PHONE, scheme="dark").open(f"/targets?s={reader.link()}")
    assert guest.answer() == answer
    assert violations(guest) == []
    nothing_scrolls_sideways(guest, PHONE)
