"""Files: the plan and the results as CSV, out and back in."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from core import results, table
from core.disclosure import write_disclosure
from core.exports.opened import open_bundle
from core.plan.example import example_plan
from core.results.busy import in_step
from core.results_table import write_results
from tests.browser.chromium import Reader, expected_headline
from tests.browser.conftest import NewReader


def _taken(reader: Reader, button: str) -> bytes:
    with reader.page.expect_download() as waiting:
        reader.button(button).click()
    return Path(waiting.value.path()).read_bytes()


def _download(reader: Reader, button: str) -> str:
    return _taken(reader, button).decode()


def _choose(reader: Reader, name: str, text: str | bytes) -> Reader:
    """Hand a file to the open Share panel."""
    raw = text.encode() if isinstance(text, str) else text
    reader.page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": raw})
    return reader.settle()


def test_a_downloaded_plan_opens_again_with_the_same_headline(reader: Reader, new_reader: NewReader) -> None:
    reader.type_number("Output length", "900").export()
    text = _download(reader, "Plan as CSV")
    then = example_plan().workload("W2")
    assert then is not None
    plan = in_step(example_plan().with_workload("W2", output_tokens=900), then)
    assert text == table.write_plan(plan)
    bundle = _taken(reader, "Bundle")
    assert open_bundle(bundle).plan == plan
    guest = _choose(new_reader().open().share().tab("Open"), "plan.csv", text)
    expect(guest.headline).to_have_text(expected_headline(plan))
    guest.expect_linked(plan)
    assert guest.alerts() == ""


def test_results_come_as_a_file_and_a_broken_or_foreign_file_is_refused_and_the_plan_stays(reader: Reader) -> None:
    before = expected_headline(example_plan())
    expect(reader.headline).to_have_text(before)
    assert _download(reader.export(), "Results as CSV") == write_results(results.of(example_plan()))
    assert _download(reader, "Disclosure as CSV") == write_disclosure(results.of(example_plan()))
    _choose(reader.tab("Open"), "broken.csv", "record,id,requests_per_day\nworkload,W1,lots\n")
    expect(reader.page.get_by_text("broken.csv, line 2, column requests_per_day")).to_be_visible()
    expect(reader.headline).to_have_text(before)
    _choose(reader, "cut.zip", b"PK\x03\x04 nothing of ours")
    expect(reader.page.get_by_text("it is damaged, or no zip that this app can read")).to_be_visible()
    _choose(reader, "song.csv", b"\xff\xfe\x00PK\x03\x04 nothing of ours")
    expect(reader.page.get_by_text("is not a plan CSV")).to_be_visible()
    expect(reader.headline).to_have_text(before)
    assert reader.link() == ""
