"""The Cases page in a real browser: found, unfolded, opened as an estimate, and undone; everybody can use it."""

from __future__ import annotations

from playwright.sync_api import expect

from core import link
from core.cases import load
from core.cases.answers import ours
from core.plan.example import example_plan
from core.plan.plan import CASE
from core.results.estimate import answer
from core.ui import case_words
from core.ui.estimate_answer import sentence
from tests.browser.chromium import DESKTOP
from tests.browser.conftest import NewReader
from tests.browser.test_access import looks, nothing_scrolls_sideways, violations


def test_a_case_is_found_by_a_cold_link_opened_and_undone(cold_server: str, new_reader: NewReader) -> None:
    own = example_plan().but(name="Shared plan", case=CASE.but(model="llama3.1-8b", region="FR"))
    reader = new_reader(cold_server).open(f"/cases?s={link.encode(own, link.stamp(own))}")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Cases")
    expect(reader.page.get_by_role("button", name="Shared plan")).to_be_visible()
    search = reader.page.get_by_role("textbox", name="Search")
    search.fill("phi-1.5 600")
    search.press("Enter")
    case = next(each for each in load() if each.id == "a1-19")
    row = reader.settle().page.locator("li.case")
    expect(row).to_have_count(1)
    row.get_by_text(case.title).click()
    expect(row).to_contain_text("600 kWh")
    row.get_by_role("button", name="Open as estimate").click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Estimate")
    reader.settle()
    assert case_words.ours(case, ours(own)[case.id]) in reader.alerts()
    expect(reader.headline).to_contain_text("a run")
    reader.button("Undo").click()
    expect(reader.headline).to_have_text(", ".join(sentence(answer(own))))
    reader.expect_linked(own)


@looks
def test_no_serious_violation_of_wcag_and_nothing_scrolls_sideways(
    new_reader: NewReader, scheme: str, size: tuple[int, int]
) -> None:
    reader = new_reader(scheme=scheme, size=size).open("/cases")
    lines = reader.page.get_by_role("list", name="Cases").locator("summary")
    expect(lines).to_have_count(len(load()))
    for place in (0, 21, 27):
        lines.nth(place).click()
    assert violations(reader.settle()) == []
    nothing_scrolls_sideways(reader, size)
    if size == DESKTOP:
        boxes = [button.bounding_box() for button in reader.page.get_by_role("button", name="Open as").all()[:6]]
        assert len(boxes) == 6
        assert all(box is not None and box["y"] + box["height"] <= DESKTOP[1] for box in boxes)
