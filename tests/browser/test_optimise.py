"""An answer in the browser: suggested, found, applied, undone, and the same digits by a cold link."""

from __future__ import annotations

from playwright.sync_api import expect

from core import link
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.ui.optimise import ASKS
from tests.browser.chromium import PHONE
from tests.browser.conftest import NewReader
from tests.browser.test_access import nothing_scrolls_sideways, violations

GREY = "rgb(91, 102, 117)"
FEW = with_example_target(example_plan().but(workloads=example_plan().workloads[1:2]))


def test_suggested_levers_answer_are_applied_undone_and_the_same_by_a_cold_link(new_reader: NewReader) -> None:
    reader = new_reader().open(f"/optimise?s={link.encode(FEW)}")
    expect(reader.headline).to_have_text(ASKS["no candidates"])
    reader.button("Suggest candidates").click()
    expect(reader.headline).to_contain_text("the 2031 pathway")
    answer = reader.settle().answer()
    assert violations(reader) == []
    reader.page.get_by_role("button", name="Apply").first.click()
    used = reader.button("In the plan")
    expect(used).to_be_disabled()
    assert used.locator("p").evaluate("text => getComputedStyle(text).color") == GREY  # not white on white
    reader.button("Undo").click()
    expect(reader.button("In the plan")).to_have_count(0)
    reader.settle()
    guest = new_reader(size=PHONE, scheme="dark").open(f"/optimise?s={reader.link()}")
    assert guest.answer() == answer
    assert violations(guest) == []
    nothing_scrolls_sideways(guest, PHONE)
