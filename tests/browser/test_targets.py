"""A target in the browser: asked for, filled in, and the same by a cold link."""

from __future__ import annotations

from playwright.sync_api import expect

from core import link
from core.exports.verdict import ANSWERS
from core.plan import Actual
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from core.ui import target_tabs
from tests.browser.chromium import PHONE, Reader
from tests.browser.conftest import NewReader
from tests.browser.test_access import TABS, nothing_scrolls_sideways, violations


def test_the_example_fills_the_target_and_a_cold_link_shows_the_same(new_reader: NewReader) -> None:
    reader = new_reader().open("/targets")
    expect(reader.headline).to_have_text(ANSWERS["asked"])
    assert violations(reader) == []
    reader.button("Fill in the example's values").click()
    expect(reader.headline).to_contain_text("above the pathway in")
    reader.settle().expect_linked(with_example_target(example_plan()))
    answer = reader.answer()
    every_tab_is_sound(reader)
    guest = new_reader(size=PHONE, scheme="dark").open(f"/targets?s={reader.link()}")
    assert guest.answer() == answer
    assert violations(guest) == []
    nothing_scrolls_sideways(guest, PHONE)


def test_no_serious_violation_in_any_tab_with_all_that_it_can_show(new_reader: NewReader) -> None:
    """On a dark phone: the longest inventory, a measurement, a grid path and levers."""
    plan = with_example_target(example_plan()).but(
        levers=(Lever(id="concise_output", value=0.5), Lever(id="renewable_mb")), grid_path="oecm-2022-1.5c"
    )
    more = tuple(row.but(id=f"{row.id}b", year=2024) for row in plan.inventory)
    measured = Actual(id="A1", workload="W2", year=2026, energy_facility_kwh=50_000.0, source="meter")
    plan = plan.but(inventory=(*plan.inventory, *more)).with_actuals([measured])
    reader = new_reader(size=PHONE, scheme="dark").open(f"/targets?s={link.encode(plan)}")
    expect(reader.page.get_by_test_id("stDataFrame")).to_be_visible()
    every_tab_is_sound(reader)
    nothing_scrolls_sideways(reader, PHONE)


def every_tab_is_sound(reader: Reader) -> None:
    """No serious violation in what each tab of Targets shows."""
    for title, _ in target_tabs.TABS.values():
        reader.tab(title).settle()
        assert violations(reader, TABS) == [], title
