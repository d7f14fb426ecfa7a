"""Two people, two browsers: one saves, the other opens the short link, comments and signs off."""

from __future__ import annotations

from playwright.sync_api import expect

from core import link
from core.plan.example import example_plan
from tests.browser.chromium import PHONE, Reader, expected_headline
from tests.browser.conftest import NewReader
from tests.browser.test_access import nothing_scrolls_sideways, violations

OURS = example_plan().but(name="Reviewed plan").with_workload("W2", model="mixtral-8x7b")


def _write(reader: Reader, label: str, text: str) -> None:
    field = reader.page.get_by_role("textbox", name=label, exact=True)
    field.fill(text)
    field.blur()
    reader.settle()


def test_one_saves_and_another_opens_comments_and_signs_off(new_reader: NewReader) -> None:
    ann = new_reader().open(f"/?s={link.encode(OURS)}")
    ann.button("Save").click()
    _write(ann, "Your name", "Ann")
    assert violations(ann, "[data-testid=stPopoverBody]") == []
    ann.button("Save this plan").click()
    expect(ann.page.get_by_text("is saved. Its short link")).to_be_visible()
    ann.page.wait_for_url("**/?p=*")
    asked = ann.page.url.rpartition("?")[2]
    assert len(asked) == len("p=") + 12

    ben = new_reader(alone=True, size=PHONE, scheme="dark").open(f"/?{asked}")
    expect(ben.headline).to_have_text(expected_headline(OURS))
    expect(ben.page.get_by_text("saved by Ann (not authenticated)")).to_be_visible()
    ben.open(f"/compare?{asked}")
    _write(ben, "Your name", "Ben")
    ben.button("Ask for review").click()
    _write(ben.settle(), "Note", "Which meter?")
    ben.button("Add note").click()
    expect(ben.page.get_by_text("Which meter?").first).to_be_visible()
    ben.settle().button("Approve").click()
    expect(ben.page.get_by_text("is approved.")).to_be_visible()
    assert violations(ben.settle()) == []
    nothing_scrolls_sideways(ben, PHONE)

    ann.open(f"/compare?{asked}")
    expect(ann.page.get_by_text("approved, signed off by Ben (not authenticated)")).to_be_visible()
    expect(ann.page.get_by_text("Which meter?").first).to_be_visible()
    assert violations(ann) == []
