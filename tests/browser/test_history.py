"""Back and forward: the browser's own buttons walk through the edits."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.chromium import Reader

FIELD = "Input length, tokens"
PAUSE_MS = 1_100  # a person looks at the page before going back: longer than `frame.QUIET_S`


def test_back_and_forward_walk_through_the_edits(reader: Reader) -> None:
    for text in ("6000", "7000", "8000"):
        before = reader.page.url
        reader.type_number(FIELD, text)
        expect(reader.page).not_to_have_url(before)
    reader.page.wait_for_timeout(PAUSE_MS)
    reader.page.go_back()
    expect(reader.number(FIELD)).to_have_value("7000")
    reader.page.wait_for_timeout(PAUSE_MS)
    reader.page.go_back()
    expect(reader.number(FIELD)).to_have_value("6000")
    reader.page.wait_for_timeout(PAUSE_MS)
    reader.page.go_forward()
    expect(reader.number(FIELD)).to_have_value("7000")
    reader.button("Undo").click()
    expect(reader.number(FIELD)).to_have_value("6000")
