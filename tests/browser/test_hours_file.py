"""An hourly file of one's own: its owner gives it and the figure moves; a guest learns which file is missing."""

from __future__ import annotations

from playwright.sync_api import expect

from core import link
from core.plan.example import example_plan
from tests.browser.conftest import NewReader
from tests.pages.test_shift_file import WHOLE

PLAN = example_plan().with_workload("W2", hours_chosen="profile", deferrable_h=12, deferrable_share=0.5)
WAITING = "Waiting for cleaner hours, by the last 28 days:"


def test_an_hourly_file_moves_the_figure_and_the_link_names_it(new_reader: NewReader) -> None:
    reader = new_reader().open(f"/shift?s={link.encode(PLAN)}")
    before = reader.page.get_by_text(WAITING).first.text_content()
    reader.page.get_by_text("Your own hourly file").click()
    reader.settle().page.locator("input[type=file]").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": WHOLE}
    )
    expect(reader.page.get_by_text("mine.csv: plain hours. Is this right?")).to_be_visible()
    reader.settle().page.get_by_role("button", name="Use these hours for").click()
    expect(reader.page.get_by_text("are now those of mine.csv")).to_be_visible()
    plan = link.decode(reader.settle().link()).plan
    assert [file.name for file in plan.hours_files] == ["mine.csv"]
    assert reader.page.get_by_text(WAITING).first.text_content() != before
    guest = new_reader().open(f"/shift?s={reader.link()}")
    expect(guest.page.get_by_text("they were to come from mine.csv (SHA-256").first).to_be_visible()
    assert guest.page.get_by_text(WAITING).first.text_content() == before
