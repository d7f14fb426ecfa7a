"""A platform engineer's own model on an own site, from a config.json to a link that a colleague opens."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from core import link
from tests.browser.chromium import Reader, expected_headline
from tests.browser.conftest import NewReader
from tests.browser.test_access import TABS, looks, nothing_scrolls_sideways, violations

CONFIG = Path(__file__).parents[1] / "plan" / "configs" / "qwen3-8b.json"
KINDS = ("Models", "Accelerators", "Grids", "Sites", "Supply contracts", "Token prices")


def fill(reader: Reader, label: str, text: str) -> None:
    """Type into a field of the open form and leave it."""
    field = reader.page.get_by_role("textbox", name=label).or_(reader.page.get_by_role("spinbutton", name=label)).first
    field.fill(text)
    field.press("Tab")


def save(reader: Reader) -> None:
    """Save the form and wait for the page."""
    reader.page.get_by_test_id("stTabs").get_by_role("button", name="Save", exact=True).click()  # not the plan's own
    reader.settle()


def test_an_own_model_on_an_own_site_reaches_a_colleague_with_the_same_figures(new_reader: NewReader) -> None:
    reader = new_reader().open("/own")
    reader.page.get_by_text("Fill in the form from a config.json").click()
    reader.settle()
    reader.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(CONFIG)
    reader.settle().button("Read it").click()
    expect(reader.page.get_by_text("Parameters counted from the dimensions")).to_be_visible()
    fill(reader, "Name", "Acme 8B")
    fill(reader, "Source", "our config.json")
    save(reader)
    expect(reader.headline.first).to_have_text("1 own entry in this plan")
    reader.button("Add a workload that runs it").click()
    reader.settle().tab("Sites").settle()
    fill(reader, "Name", "Hall 1")
    fill(reader, "Source", "energy meters 2026")
    fill(reader, "Facility overhead", "1.31")
    save(reader)
    expect(reader.headline.first).to_have_text("2 own entries in this plan")
    reader.page.get_by_role("link", name="Plan", exact=True).click()
    reader.settle()
    reader.tab("Place").settle().choose("Region", "Hall 1")
    plan = link.decode(reader.link()).plan
    assert [m.name for m in plan.models] == ["Acme 8B"]
    assert (plan.workloads[-1].model, plan.workloads[-1].region) == ("own:acme-8b", "own:hall-1")
    expect(reader.headline.first).to_have_text(expected_headline(plan))
    colleague = new_reader().open(reader.page.url)
    expect(colleague.headline.first).to_have_text(expected_headline(plan))
    assert colleague.complaints == []


def test_a_refused_form_keeps_what_was_typed(new_reader: NewReader) -> None:
    reader = new_reader().open("/own")
    reader.tab("Sites").settle()
    fill(reader, "Name", "Hall 1")
    fill(reader, "Facility overhead", "0.2")
    save(reader)
    expect(reader.page.get_by_text("Facility overhead is 0.2; it must lie in [1, 3] kWh/kWh.")).to_be_visible()
    assert reader.page.get_by_role("textbox", name="Name").first.input_value() == "Hall 1"
    assert float(reader.number("Facility overhead").input_value()) == 0.2


def go(reader: Reader, page: str) -> None:
    """Go to another page by its link."""
    reader.page.get_by_role("link", name=page, exact=True).click()
    reader.settle()


def test_a_half_typed_entry_stays_over_tabs_and_pages_until_it_is_saved(new_reader: NewReader) -> None:
    reader = new_reader().open("/own")
    fill(reader, "Name", "Acme 14B")
    fill(reader, "Parameters", "14.8")
    reader.settle().choose("Like", "Llama 3.1 8B")
    reader.tab("Grids").settle()
    fill(reader, "Name", "Half a grid")
    reader.settle().tab("Models").settle()

    def kept() -> tuple[str, str, str]:
        like = reader.page.get_by_role("combobox", name="Like", exact=True)
        name = reader.page.get_by_role("textbox", name="Name").first
        return name.input_value(), reader.number("Parameters").input_value(), like.input_value()

    typed = kept()
    assert (typed[0], float(typed[1]), typed[2][:12]) == ("Acme 14B", 14.8, "Llama 3.1 8B")
    go(reader, "Plan")
    go(reader, "Own data")
    reader.tab("Models").settle()
    assert kept() == typed
    reader.tab("Grids").settle()
    expect(reader.page.get_by_role("textbox", name="Name").first).to_have_value("Half a grid")
    reader.tab("Models").settle()
    reader.page.get_by_role("textbox", name="Source").first.fill("our config.json")
    save(reader)  # straight from the field
    expect(reader.headline.first).to_have_text("1\u00a0own entry in this plan")
    reader.choose("Change a model, or enter a new one", "A new model")
    expect(reader.page.get_by_role("textbox", name="Name").first).to_have_value("")


@looks
def test_no_serious_violation_and_nothing_scrolls_sideways(
    new_reader: NewReader, scheme: str, size: tuple[int, int]
) -> None:
    reader = new_reader(scheme=scheme, size=size).open("/own")
    for kind in KINDS:
        reader.tab(kind).settle()
        assert violations(reader, None if kind == KINDS[0] else TABS) == [], kind
        nothing_scrolls_sideways(reader, size)
    assert reader.page.get_by_role("heading", level=1).count() == 1
