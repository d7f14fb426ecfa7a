"""The Methods page in a browser: cold deep links, the way from a figure to its sources, everyone can use it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from core import link
from core.methods.figures import figures
from core.plan.example import example_plan
from tests.browser.chromium import DESKTOP, Reader
from tests.browser.conftest import NewReader
from tests.browser.test_access import TABS as TAB_PANELS
from tests.browser.test_access import looks, nothing_scrolls_sideways, violations

PATH = "/methods"
TABS = ("Formulas", "Inputs", "Tables", "Left out", "Accuracy", "Changes")
LINK = "Formula, factors, sources"
SECTIONS = 9  # headline, years, energy, water, cost, workload, ladder, both methods, water and cost


def test_a_cold_deep_link_opens_that_figure_with_that_plan(cold_server: str, new_reader: NewReader) -> None:
    plan = example_plan().but(name="Shared plan").with_workload("W2", region="FR")
    text = link.encode(plan, link.stamp(plan))
    reader = new_reader(cold_server).open(f"{PATH}?figure=carbon_location_kg&s={text}")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Methods")
    expect(reader.page.get_by_role("button", name="Shared plan")).to_be_visible()
    expect(reader.page.get_by_role("heading", name=figures()["carbon_location_kg"].title)).to_be_visible()
    assert "Grid of France" in reader.table("Factor")
    reader.expect_linked(plan)
    assert "figure=carbon_location_kg" in reader.page.url


def test_one_click_leads_from_the_headline_to_formula_factors_and_sources_of_the_same_plan(reader: Reader) -> None:
    links = reader.page.get_by_role("link", name=LINK)
    expect(links).to_have_count(SECTIONS)
    found = [links.nth(place).get_attribute("href") or "" for place in range(links.count())]
    asked = [re.search(r"figure=(\w+)", address) for address in found]
    assert all(match and match[1] in figures() for match in asked)
    reader.type_number("Requests a day", "31000")
    expect(reader.page).to_have_url(re.compile("[?&]s="))
    before = reader.settle().link()
    reader.page.get_by_role("link", name=LINK).first.click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Methods")
    expect(reader.page.get_by_text("In this plan in 2030").first).to_be_visible()
    reader.settle()
    assert "Carbon by the plan's method and boundary" in reader.table("Step")
    assert "Facility overhead (PUE)" in reader.table("Factor")
    assert "Carbon Emissions and Large Neural Network Training" in reader.table("Publisher")
    assert reader.link() == before
    reader.page.get_by_role("link", name="Plan", exact=True).click()
    expect(reader.number("Requests a day")).to_have_value("31000")
    expect(reader.button("Undo")).to_be_enabled()


def test_a_part_of_a_figure_opens_and_back_returns(new_reader: NewReader) -> None:
    reader = new_reader().open(f"{PATH}?figure=carbon_kg")
    reader.button("Carbon of the hardware").click()
    expect(reader.page.get_by_role("heading", name="Carbon of the hardware")).to_be_visible()
    expect(reader.page).to_have_url(re.compile("figure=carbon_embodied_kg"))
    reader.page.go_back()
    expect(reader.page.get_by_role("heading", name="Carbon", exact=True)).to_be_visible()


@looks
def test_no_serious_violation_of_wcag_in_any_tab_and_nothing_scrolls_sideways(
    new_reader: NewReader, scheme: str, size: tuple[int, int]
) -> None:
    reader = new_reader(scheme=scheme, size=size).open(PATH if size == DESKTOP else f"{PATH}?figure=carbon_location_kg")
    assert violations(reader) == []
    assert reader.page.get_by_role("heading", level=1).count() == 1
    nothing_scrolls_sideways(reader, size)
    for tab in TABS:
        reader.tab(tab).settle()
        assert violations(reader, TAB_PANELS) == [], tab
        nothing_scrolls_sideways(reader, size)
        if tab == "Accuracy":
            reader.page.get_by_text("The same as a table").nth(1).click()
            assert violations(reader.settle(), TAB_PANELS) == [], "errors by kind as a table"
