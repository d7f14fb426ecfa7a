"""A meter's file, from the drop to the figure and back."""

from __future__ import annotations

from playwright.sync_api import expect

from core import link
from core.plan.example import example_plan
from tests.browser.chromium import Reader, expected_headline

HEADER = "timestamp,run_id,duration,gpu_energy,energy_consumed,gpu_count,gpu_model,pue"
FORTNIGHT = f"{HEADER}\n2026-03-15T00:00:00,a,1209600,1462.5,1625,8,8 x NVIDIA H100,1.25\n"


def test_a_meters_file_is_dropped_confirmed_taken_and_undone(reader: Reader) -> None:
    before = expected_headline(example_plan())
    reader.tab("Meter").settle()
    reader.page.locator("input[type=file]").first.set_input_files(
        {"name": "emissions.csv", "mimeType": "text/csv", "buffer": FORTNIGHT.encode()}
    )
    expect(reader.page.get_by_text("1.30 MWh in 1 row of CodeCarbon emissions.csv, at the servers")).to_be_visible()
    reader.type_number("Requests answered meanwhile", "90000")
    assert reader.answer() == before
    reader.page.get_by_text("The meter stands there, and reads this workload").click()
    reader.settle().button("Use this measurement").click()
    expect(reader.page.get_by_text("now rests on your meter")).to_be_visible()
    plan = link.decode(reader.settle().link()).plan
    taken = plan.calibration("W2")
    assert taken is not None
    assert (taken.metered_kwh, taken.served_requests, taken.source) == (1_300.0, 90_000.0, "emissions.csv")
    expect(reader.headline).to_have_text(expected_headline(plan))
    assert expected_headline(plan) != before
    reader.button("Undo").click()
    expect(reader.headline).to_have_text(before)
