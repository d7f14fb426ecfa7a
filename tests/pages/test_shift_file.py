"""Your own hourly file on the Shift page: asked about, confirmed, used, removed; a guest is told what is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import link
from core.plan import Plan
from core.plan.example import example_plan
from core.ui.state import Session
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
PLAN = example_plan().with_workload("W2", hours_chosen="profile", deferrable_h=12, deferrable_share=0.5)
MIDNIGHT = datetime(2023, 1, 1)


def _rows(hours: int = 2_000, head: str = "timestamp,g_per_kwh", end: str = "") -> bytes:
    values = ("100" if hour % 24 < 12 else "500" for hour in range(hours))
    rows = (f"{MIDNIGHT + timedelta(hours=hour):%Y-%m-%dT%H:%M}{end},{value}" for hour, value in enumerate(values))
    return "\n".join((head, *rows, "")).encode()


WHOLE = _rows(end="Z")


def _open(plan: Plan = PLAN, key: str = "W2") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(plan)
    app.session_state["glidepath"] = Session(example_plan(), example_plan(), selected=key)
    app.session_state["shift:file"] = True
    app = open_at(app, "shift")
    assert not app.exception
    return app


def _give(app: AppTest, raw: bytes, name: str = "mine.csv") -> AppTest:
    uploader = next(w for w in app.file_uploader if w.key == "hours-upload")
    app = uploader.set_value([(name, raw, "text/csv")]).run()
    assert not app.exception
    return app


def _said(app: AppTest) -> str:
    said = "\n".join(str(part.value) for kind in (app.markdown, app.warning, app.info) for part in kind)
    return said.replace("\\", "").replace("\u2060", "")


def _plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


def _use(app: AppTest) -> AppTest:
    return app.button(key="hours-use").click().run()


def test_a_file_is_shown_confirmed_used_and_taken_back() -> None:
    app = _open()
    before = _said(app)
    app = _give(app, WHOLE)
    assert "mine.csv: plain hours. Is this right?" in _said(app)
    assert "2,000 hours from 2023-01-01 00:00 to 2023-03-25 07:00 UTC, each at its beginning" in _said(app)
    assert _plan(app) == PLAN
    name = app.button(key="hours-use").label.removeprefix("Use these hours for ")
    app = _use(app)
    assert not app.exception
    (file,) = _plan(app).hours_files
    assert (file.name, file.file_sha256, file.covered_h) == ("mine.csv", sha256(WHOLE).hexdigest(), 2_000)
    assert f"The hours of {name} are now those of mine.csv" in _said(app)
    assert "hours of your own file" in _said(app)
    waits = [line for line in _said(app).splitlines() if "Waiting for cleaner hours" in line]
    assert waits
    assert waits[0] not in before
    app.button(key=f"hours-remove-{file.id}").click().run()
    assert _plan(app) == PLAN
    app.button(key="undo").click().run()
    assert "Its hours are here." in _said(app)


def test_a_guest_is_told_which_file_is_missing_and_gives_it_without_being_asked_again() -> None:
    raw = _rows()
    app = _give(_open(), raw)
    assert "Asks: mine.csv: the column 'timestamp' names no time zone; say which clock it is." in _said(app)
    app.selectbox(key="hours:zone").set_value("Europe/Berlin").run()
    owner = _use(app)
    plan = link.decode(link.encode(_plan(owner))).plan
    guest = _open(plan)
    told = f"are those of the reference year: they were to come from mine.csv (SHA-256 {sha256(raw).hexdigest()[:8]}…)"
    told += ", which is not here."
    assert told in _said(guest)
    assert "hours of your own file" not in _said(guest)
    guest = _give(guest, _rows(1_999), "other.csv")
    assert told in _said(guest)
    guest = _give(guest, raw, "renamed.csv")
    assert "renamed.csv is the file that the plan names: its hours are used." in _said(guest)
    assert told not in _said(guest)
    assert "hours of your own file" in _said(guest)
    assert _plan(guest) == plan


def test_a_marginal_file_is_scored_beside_the_three_figures() -> None:
    hours = (f"{MIDNIGHT + timedelta(hours=hour):%Y-%m-%dT%H:%M}Z,{900 - hour % 24 * 9}" for hour in range(2_000))
    app = _give(_open(), "\n".join(("point_time,value", *hours, "")).encode(), "watttime.csv")
    app = app.selectbox(key="hours:unit").set_value(app.selectbox(key="hours:unit").options[0]).run()
    app = _use(app)
    lines = [str(part.value) for part in app.markdown]
    (at,) = (number for number, line in enumerate(lines) if line.startswith("**Scored on marginal:** chosen by the"))
    assert "at the marginal file's dates. No figure of the plan takes it." in lines[at]
    assert lines[at + 1].startswith(":small[") or "Water always stands beside carbon" in lines[at + 1]
    app.session_state["shift:file"] = False
    assert any("Scored on marginal:" in str(part.value) for part in app.run().markdown)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "Not taken: mine.csv is empty (0 bytes)."),
        (_rows(1_000, end="Z"),
         "Not taken: mine.csv: the file holds 1,000 hours; the limit is 1,440 hours, 60 days, at least."),
        (WHOLE.replace(b",500\n", b",100\n"),
         "Not taken: mine.csv: each of its 2,000 hours is 100 g/kWh; hours must differ, for none is cleaner."),
        (WHOLE.replace(b",500\n", b",x\n", 1), "Not taken: mine.csv, row 14, column g_per_kwh: 'x' is not a number."),
        (WHOLE.replace(b"2023-01-01T01:00Z,100\n", b""), "Asks: mine.csv: 1 hour is missing in 1 place"),
        (_rows(end="Z", head="timestamp,intensity"), "Asks: mine.csv: the column 'intensity' does not say its unit"),
        (b"\x00\xff" * 99, "Not taken: mine.csv is no text: byte 0 is 0; give the file the tool wrote."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_one_sentence_and_the_plan_stays(raw: bytes, sentence: str) -> None:
    app = _give(_open(), raw)
    assert sentence in _said(app)
    assert _plan(app) == PLAN
    assert "hours-use" not in {button.key for button in app.button}
