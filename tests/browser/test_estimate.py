"""The Estimate page in a real browser: a link shows the same figures, edits travel, everybody can use it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core import link
from core.plan.example import example_plan
from core.plan.plan import CASE
from core.results.estimate import answer
from core.ui.estimate_answer import sentence
from core.ui.estimate_running import TABS
from tests.browser.chromium import DESKTOP, PHONE, WAIT_MS, Reader
from tests.browser.conftest import NewReader
from tests.browser.test_access import looks, violations

everywhere = pytest.mark.parametrize("scheme", ["light", "dark"])
sizes = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def open_tab(reader: Reader, name: str) -> None:
    reader.tab(TABS[name]).settle()


def test_a_cold_deep_link_shows_the_same_figures(cold_server: str, new_reader: NewReader) -> None:
    plan = example_plan().but(case=CASE.but(model="llama3.1-8b", region="FR", requests_per_day=5_000.0))
    reader = new_reader(cold_server).open(f"/estimate?s={link.encode(plan, link.stamp(plan))}")
    expect(reader.headline).to_have_text(", ".join(sentence(answer(plan))))
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Estimate")
    expect(reader.number("Requests a day")).to_have_value("5000")
    reader.expect_linked(plan)


def test_an_edit_moves_the_answer_and_survives_a_reload(new_reader: NewReader) -> None:
    reader = new_reader().open("/estimate")
    before = reader.answer()
    reader.type_number("Output length", "900")
    expect(reader.headline).not_to_have_text(before)
    reader.choose("Region", "Sweden")
    after = reader.answer()
    assert after == ", ".join(sentence(answer(example_plan().but(case=CASE.but(output_tokens=900.0, region="SE")))))
    reader.page.reload()
    reader.settle()
    expect(reader.headline).to_have_text(after)
    expect(reader.number("Output length")).to_have_value("900")


def test_a_training_run_is_asked_and_answered(new_reader: NewReader) -> None:
    reader = new_reader().open("/estimate").segment("Fine-tuning")
    expect(reader.headline).to_contain_text("a run")
    assert reader.number("Tokens per run").input_value() == "50"
    expect(reader.page.get_by_text("What one run takes")).to_be_visible()


def test_the_estimate_joins_the_plan(new_reader: NewReader) -> None:
    reader = new_reader().open("/estimate")
    reader.button("Add to my plan").click()
    reader.settle()
    assert "is in the plan now, as W7" in reader.alerts()
    reader.page.get_by_role("link", name=re.compile("Open the plan")).click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Plan", timeout=WAIT_MS)
    reader.settle()
    expect(reader.page.get_by_text("7 workloads").first).to_be_visible()
    assert link.decode(reader.link()).plan.workloads[-1].name == "Llama 3.3 70B, United States (estimate)"


def test_the_citation_reopens_the_estimate(new_reader: NewReader) -> None:
    reader = new_reader().open("/estimate").type_number("Input length", "2000")
    reader.page.get_by_text("Cite this estimate").click()
    block = reader.page.get_by_test_id("stCode")
    expect(block).to_contain_text("/estimate?s=", timeout=WAIT_MS)
    address = (block.text_content() or "").split()[-1]
    guest = new_reader().open(address)
    expect(guest.headline).to_have_text(reader.answer())
    expect(guest.number("Input length")).to_have_value("2000")


@looks
def test_no_serious_violation_of_wcag_in_any_tab(new_reader: NewReader, scheme: str, size: tuple[int, int]) -> None:
    reader = new_reader(scheme=scheme, size=size).open("/estimate")
    for name in TABS:
        open_tab(reader, name)
        assert violations(reader) == [], name
    reader.page.get_by_text("Cite this estimate").click()
    reader.page.get_by_text("What else was assumed").click()
    assert violations(reader.settle()) == []


@pytest.mark.parametrize("size", [PHONE, (320, 700)], ids=["phone", "narrow"])
def test_no_tab_scrolls_sideways(new_reader: NewReader, size: tuple[int, int]) -> None:
    reader = new_reader(size=size).open("/estimate")
    for name in TABS:
        open_tab(reader, name)
        reader.page.wait_for_function(
            "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".every(e => e.scrollWidth <= e.clientWidth)"
        )


def test_the_question_and_the_answer_share_the_first_screen(new_reader: NewReader) -> None:
    reader = new_reader().open("/estimate")
    boxes = [reader.headline.first.bounding_box(), reader.number("Requests a day").bounding_box()]
    assert all(box is not None and box["y"] + box["height"] <= DESKTOP[1] for box in boxes)
    assert reader.page.get_by_role("heading", level=1).count() == 1
    assert reader.page.get_by_role("heading", level=2).count() == 1


def test_screen_readers_hear_the_new_answer(new_reader: NewReader) -> None:
    reader = new_reader().open("/estimate")
    said = reader.page.get_by_role("status").filter(has_text="a request")
    expect(said).to_have_attribute("aria-live", "polite")
    reader.type_number("Output length", "1200")
    expect(said).to_have_text(reader.answer(), timeout=WAIT_MS)


def test_every_tab_with_a_chart_has_its_sentence_and_table(new_reader: NewReader) -> None:
    reader = new_reader().open("/estimate")
    for name in ("causes", "models", "places"):
        open_tab(reader, name)
        expect(reader.page.get_by_test_id("stVegaLiteChart")).to_have_count(1, timeout=WAIT_MS)
        reader.page.get_by_text("The same as a table").click()
        reader.settle()
        assert reader.table({"causes": "Cause", "models": "Model", "places": "Place"}[name])
