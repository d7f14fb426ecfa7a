"""Two people, two browsers: one saves, the other opens the short link, comments, signs off; then the data change."""

from __future__ import annotations

import csv
import io
import shutil
import urllib.error
import urllib.request
from math import isclose
from pathlib import Path

from playwright.sync_api import expect

from core import catalog, link
from core.plan.example import example_plan
from core.results import of
from tests.browser.chromium import PHONE, Reader, expected_headline, serve
from tests.browser.conftest import NewReader
from tests.browser.test_access import nothing_scrolls_sideways, violations

GERMANY = "DE,country,Germany,DE,DEU,342.06,", "DE,country,Germany,DE,DEU,301.5,"  # then and now
OURS = example_plan().but(name="Reviewed plan").with_workload("W2", model="mixtral-8x7b")


def _write(reader: Reader, label: str, text: str) -> None:
    field = reader.page.get_by_role("textbox", name=label, exact=True)
    field.fill(text)
    field.blur()
    reader.settle()


def _newer(folder: Path) -> Path:
    """A copy of the data in which one grid is cleaner."""
    shutil.copytree(catalog.FOLDER, folder)
    file = folder / "regions" / "ember.csv"
    text = file.read_text(encoding="utf-8")
    assert GERMANY[0] in text
    file.write_text(text.replace(*GERMANY), encoding="utf-8")
    return folder


def _refresh(address: str, tag: str = "") -> tuple[int, str, list[dict[str, str]]]:
    """What a spreadsheet does that has a table with this tag: status, the table's tag, its rows where it is new."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers={"If-None-Match": tag})) as answer:
            return answer.status, answer.headers["ETag"], list(csv.DictReader(io.StringIO(answer.read().decode())))
    except urllib.error.HTTPError as error:
        return error.code, error.headers["ETag"], []


def _carbon_kg(rows: list[dict[str, str]]) -> float:
    """Carbon of the year that the plan shows, with hardware, location-based."""
    return sum(float(row["carbon_location_kg"]) for row in rows if row["year"] == str(OURS.shown_year()))


def test_one_saves_another_signs_off_and_newer_data_are_explained_and_refreshed(
    new_reader: NewReader, tmp_path: Path
) -> None:
    ann = new_reader().open(f"/?s={link.encode(OURS)}")
    ann.button("Save").click()
    _write(ann, "Your name", "Ann")
    assert violations(ann, "[data-testid=stPopoverBody]") == []
    ann.button("Save this plan").click()
    expect(ann.page.get_by_text("is saved. Its short link")).to_be_visible()
    ann.page.wait_for_url("**/?p=*")
    asked = ann.page.url.rpartition("?")[2]
    assert len(asked) == len("p=") + 12

    ben = new_reader(alone=True, size=PHONE, scheme="dark").open(f"/?{asked}")
    expect(ben.headline).to_have_text(expected_headline(OURS))
    expect(ben.page.get_by_text("saved by Ann (not authenticated)")).to_be_visible()
    ben.open(f"/compare?{asked}")
    _write(ben, "Your name", "Ben")
    ben.button("Ask for review").click()
    _write(ben.settle(), "Note", "Which meter?")
    ben.button("Add note").click()
    expect(ben.page.get_by_text("Which meter?").first).to_be_visible()
    ben.settle().button("Approve").click()
    expect(ben.page.get_by_text("is approved.")).to_be_visible()
    assert violations(ben.settle()) == []
    nothing_scrolls_sideways(ben, PHONE)

    ann.open(f"/compare?{asked}")
    expect(ann.page.get_by_text("approved, signed off by Ben (not authenticated)")).to_be_visible()
    expect(ann.page.get_by_text("Which meter?").first).to_be_visible()
    assert violations(ann) == []
    ann.page.get_by_text("Data link for a spreadsheet").click()
    ann.settle().page.get_by_text("By today's data", exact=True).click()
    sheet = ann.settle().page.get_by_role("textbox", name="Data link").input_value()
    status, tag, then = _refresh(sheet)
    assert (status, _refresh(sheet, tag)) == (200, (304, tag, []))
    figures = of(OURS)
    now_kg = figures.total(figures.carbon_kg())[figures.place(OURS.shown_year()), 0]
    assert isclose(_carbon_kg(then), now_kg, rel_tol=1e-9)

    program = ("tests.browser.other_data", str(_newer(tmp_path / "newer")), "run")
    with serve(tmp_path / "log.txt", program) as address:  # the same store, the other data
        later = new_reader(address, alone=True).open(f"/compare?{asked}")
        expect(later.page.get_by_text("1 factor of this plan has another value")).to_contain_text(
            "“Grid of Germany”, 342.1 to 301.5 g CO₂e/kWh. All parts add up to the change."
        )
        expect(later.page.get_by_text("approved, signed off by Ben (not authenticated)")).to_be_visible()
        status, fresh, now = _refresh(sheet.replace(ann.address, address), tag)
        assert (status, fresh != tag) == (200, True)
        assert now[0]["data_version"] != then[0]["data_version"]
        assert _carbon_kg(now) < _carbon_kg(then)
        assert _refresh(sheet.replace(ann.address, address).replace("&data=today", ""), tag)[2] == then  # as sealed
        later.page.goto("about:blank")
