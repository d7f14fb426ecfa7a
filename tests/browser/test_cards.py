"""On a phone the portfolio is a list of cards; a tap opens one below, where every field can be changed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from core import results
from core.plan.example import example_plan
from core.ui.cards import card
from tests.browser.chromium import PHONE, Reader, expected_headline
from tests.browser.conftest import NewReader

NIGHTLY = "W4"
LEAST_TARGET_PX = 44
TARGETS = (
    "[data-testid=stButton] button", "[data-testid=stPopoverButton]", "[role=radio]", "[role=tab]", "summary",
    "[role=combobox]", "[data-testid=stTextInputField]", "[data-testid=stNumberInputContainer] button",
)  # fmt: skip


@pytest.fixture
def phone(new_reader: NewReader) -> Reader:
    """A reader with the example on a phone."""
    return new_reader(size=PHONE).open()


def _cards(reader: Reader) -> Locator:
    return reader.page.get_by_role("list", name="Workloads").get_by_role("button")


def test_a_phone_shows_a_card_a_workload_and_no_grid(phone: Reader) -> None:
    found = results.of(example_plan())
    expect(_cards(phone)).to_have_count(len(example_plan().workloads))
    for place, workload in enumerate(example_plan().workloads):
        said = card(found, workload)
        for line in ("name", "carbon", "who", "use"):
            expect(_cards(phone).nth(place)).to_contain_text(said[line])
    expect(phone.page.get_by_test_id("stDataFrame")).to_be_hidden()


def test_a_desktop_shows_the_grid_and_no_card(reader: Reader) -> None:
    expect(reader.page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(_cards(reader)).to_have_count(0)
    expect(reader.page.locator(".card").first).to_be_hidden()


def test_a_tapped_card_opens_its_workload_in_the_detail_panel(phone: Reader) -> None:
    workload = example_plan().workload(NIGHTLY)
    assert workload is not None
    _cards(phone).filter(has_text=workload.name).click()
    name = phone.page.get_by_role("textbox", name="Name", exact=True)
    expect(name).to_have_value(workload.name)
    expect(phone.settle().page.get_by_text("Workload in detail")).to_be_in_viewport()
    expect(phone.headline).to_be_in_viewport()
    expect(_cards(phone).filter(has_text=workload.name)).to_have_attribute("aria-current", "true")
    phone.type_number("Requests a day", "90000")
    expected = example_plan().with_workload(NIGHTLY, requests_per_day=90_000)
    expect(phone.headline).to_have_text(expected_headline(expected))
    expect(_cards(phone).filter(has_text=workload.name)).to_contain_text("90\u202f000 requests a day")


def test_a_card_is_opened_from_the_keyboard(phone: Reader) -> None:
    workload = example_plan().workloads[0]
    _cards(phone).first.focus()
    phone.page.keyboard.press("Enter")
    expect(phone.page.get_by_role("textbox", name="Name", exact=True)).to_have_value(workload.name)


def test_every_card_and_every_field_is_large_enough_for_a_thumb(phone: Reader) -> None:
    expect(_cards(phone)).to_have_count(len(example_plan().workloads))
    boxes = [box for place in range(_cards(phone).count()) if (box := _cards(phone).nth(place).bounding_box())]
    assert min(min(box["height"], box["width"]) for box in boxes) >= LEAST_TARGET_PX
    for target in TARGETS:
        found = [one.bounding_box() for one in phone.page.locator(f"[data-testid=stMain] {target}").all()]
        sides = [min(box["height"], box["width"]) for box in found if box]
        assert sides, target
        assert min(sides) >= LEAST_TARGET_PX, target
