"""From files to a portfolio: two are dropped, accepted, undone, and kept through a reload; hostile ones do no harm."""

from __future__ import annotations

from math import isclose
from pathlib import Path

from playwright.sync_api import expect

from core import link
from core.ui.portfolio import ROW_PX
from tests.browser.chromium import PHONE, Reader
from tests.browser.conftest import NewReader
from tests.browser.test_access import FITS, violations
from tests.browser.test_editing import KEY_MS

SAMPLES = Path(__file__).parents[1] / "imports" / "samples"
FILES = [SAMPLES / "litellm_daily_user_spend.csv", SAMPLES / "openai_usage_completions.json"]
DAYS = 365.0
OFFERED, DONE = "3 workloads to add", "3 workloads added, the example replaced"


def _give(reader: Reader, files: list[Path]) -> None:
    reader.page.locator("input[type=file]").set_input_files(files)


def _rename_first(reader: Reader, name: str) -> None:
    """Type over the name in the table's first row."""
    canvas = reader.page.get_by_test_id("stDataFrame").locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    reader.page.mouse.click(box["x"] + 150.0, box["y"] + 1.5 * ROW_PX)
    reader.page.wait_for_function("() => document.activeElement.closest('[data-testid=stDataFrame]') !== null")
    reader.page.keyboard.type(name, delay=KEY_MS)
    reader.page.keyboard.press("Enter", delay=KEY_MS)
    expect(reader.page.get_by_role("textbox", name="Name")).to_have_value(name)
    reader.settle()


def _answer(reader: Reader, text: str) -> None:
    expect(reader.page.get_by_role("heading", level=2)).to_have_text(text)
    reader.settle()


def test_two_files_become_a_portfolio_undone_and_kept_through_a_reload(new_reader: NewReader) -> None:
    reader = new_reader().open("/import")
    _give(reader, FILES)
    _answer(reader, OFFERED)
    assert reader.link() == ""
    assert violations(reader) == []
    _rename_first(reader, "Shop search")
    reader.page.get_by_role("button", name="Accept 3 workloads").click()
    _answer(reader, DONE)
    plan = link.decode(reader.link()).plan
    assert "Shop search" in {w.name for w in plan.workloads}
    tokens = sum(w.requests_per_day * w.operating_days * w.input_tokens for w in plan.workloads)
    assert isclose(tokens, (72.0e6 + 261.6e6 / 2) * DAYS, rel_tol=1e-6)
    reader.page.get_by_role("button", name="Undo").click()
    _answer(reader, OFFERED)
    reader.page.reload()
    _answer(reader, OFFERED)
    expect(reader.page.get_by_text("Held here")).to_be_visible()


def test_hostile_files_are_told_and_leave_the_plan_alone(new_reader: NewReader, tmp_path: Path) -> None:
    hostile = {
        "zipped.csv": b"PK\x03\x04" + bytes(99), "empty.csv": b"", "deep.json": b"[" * 50_000,
        "script.csv": b"model,input_tokens,output_tokens\n<script>alert(1)</script>,5,7\n=1+1,x,7\n",
    }  # fmt: skip
    for name, raw in hostile.items():
        (tmp_path / name).write_bytes(raw)
    reader = new_reader(size=PHONE, scheme="dark").open("/import")
    _give(reader, [tmp_path / name for name in hostile])
    _answer(reader, "1 workload to add")
    told = reader.page.get_by_role("alert").filter(has_text="Not taken").inner_text()
    assert all(name in told for name in ("zipped.csv", "empty.csv", "deep.json"))
    assert reader.link() == ""
    assert reader.page.evaluate(FITS)
    assert violations(reader) == []
