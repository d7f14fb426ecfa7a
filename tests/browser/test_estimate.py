"""The Estimate page in a real browser: a link shows the same figures, edits travel, everybody can use it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from core import link
from core.plan.example import example_plan
from core.plan.plan import CASE
from core.results.estimate import answer
from core.ui.estimate_answer import sentence
from core.ui.estimate_running import TABS
from tests.browser.chromium import DESKTOP, Reader
from tests.browser.conftest import NewReader
from tests.browser.test_access import TABS as TAB_PANELS
from tests.browser.test_access import looks, nothing_scrolls_sideways, violations

CHARTED = {"causes": "Cause", "models": "Model", "places": "Place"}  # tabs with a chart, and their table's first column


def open_tab(reader: Reader, name: str) -> None:
    reader.tab(TABS[name]).settle()


def test_a_cold_deep_link_shows_the_same_figures(cold_server: str, new_reader: NewReader) -> None:
    plan = example_plan().but(case=CASE.but(model="llama3.1-8b", region="FR", requests_per_day=5_000.0))
    reader = new_reader(cold_server).open(f"/estimate?s={link.encode(plan, link.stamp(plan))}")
    expect(reader.headline).to_have_text(", ".join(sentence(answer(plan))))
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Estimate")
    expect(reader.number("Requests a day")).to_have_value("5000")
    reader.expect_linked(plan)


def test_an_edit_moves_the_answer_is_heard_and_survives_a_reload(new_reader: NewReader) -> None:
    reader = new_reader().open("/estimate")
    boxes = [reader.headline.first.bounding_box(), reader.number("Requests a day").bounding_box()]
    assert all(box is not None and box["y"] + box["height"] <= DESKTOP[1] for box in boxes)  # on the first screen
    assert reader.page.get_by_role("heading", level=1).count() == 1
    assert reader.page.get_by_role("heading", level=2).count() == 1
    before = reader.answer()
    said = reader.page.get_by_role("status").filter(has_text="a request")
    expect(said).to_have_attribute("aria-live", "polite")
    reader.type_number("Output length", "900")
    expect(reader.headline).not_to_have_text(before)
    expect(said).to_have_text(reader.answer())
    reader.choose("Region", "Sweden")
    plan = example_plan().but(case=CASE.but(output_tokens=900.0, region="SE"))
    after = ", ".join(sentence(answer(plan)))
    expect(reader.headline).to_have_text(after)
    reader.expect_linked(plan)
    reader.page.reload()
    reader.settle()
    expect(reader.headline).to_have_text(after)
    expect(reader.number("Output length")).to_have_value("900")


def test_a_training_run_is_asked_and_answered(new_reader: NewReader) -> None:
    reader = new_reader().open("/estimate").segment("Fine-tuning")
    expect(reader.headline).to_contain_text("a run")
    expect(reader.number("Tokens per run")).to_have_value("50")
    expect(reader.page.get_by_text("What one run takes")).to_be_visible()


def test_the_estimate_joins_the_plan(new_reader: NewReader) -> None:
    reader = new_reader().open("/estimate")
    reader.button("Add to my plan").click()
    expect(reader.page.get_by_text("is in the plan now, as W7")).to_be_visible()
    reader.settle()
    reader.page.get_by_role("link", name=re.compile("Open the plan")).click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Plan")
    reader.settle()
    expect(reader.page.get_by_text("7 workloads").first).to_be_visible()
    assert link.decode(reader.link()).plan.workloads[-1].name == "Llama 3.3 70B, United States (estimate)"


def test_the_citation_reopens_the_estimate(new_reader: NewReader) -> None:
    reader = new_reader().open("/estimate").type_number("Input length", "2000")
    reader.page.get_by_text("Cite this estimate").click()
    block = reader.page.get_by_test_id("stCode")
    expect(block).to_contain_text("/estimate?s=")
    address = (block.text_content() or "").split()[-1]
    guest = new_reader().open(address)
    expect(guest.headline).to_have_text(reader.answer())
    expect(guest.number("Input length")).to_have_value("2000")


@looks
def test_no_serious_violation_of_wcag_in_any_tab_and_nothing_scrolls_sideways(
    new_reader: NewReader, scheme: str, size: tuple[int, int]
) -> None:
    reader = new_reader(scheme=scheme, size=size).open("/estimate")
    for name in TABS:
        open_tab(reader, name)
        assert violations(reader, TAB_PANELS) == [], name
        nothing_scrolls_sideways(reader, size)
        if size == DESKTOP and name in CHARTED:
            expect(reader.page.get_by_test_id("stVegaLiteChart")).to_have_count(1)
            reader.page.get_by_text("The same as a table").click()
            assert reader.settle().table(CHARTED[name])
    reader.page.get_by_text("Cite this estimate").click()
    reader.page.get_by_text("What else was assumed").click()
    assert violations(reader.settle()) == []
