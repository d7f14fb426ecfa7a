"""Keys and passwords of an installation stand in no link, file, page, error or log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from core import link, table
from core.__main__ import main
from core.live.settings import chosen
from core.plan.example import example_plan
from core.store.errors import StoreError
from core.store.store import open_store

WORDS = ("s3cret-of-the-store", "k3y-of-the-service", "pa55-of-the-account")
SETTINGS = {
    "GLIDEPATH_STORE_URL": f"postgresql://glidepath:{WORDS[0]}@127.0.0.1:9/plans",
    "GLIDEPATH_LIVE": "electricity-maps, watttime",
    "GLIDEPATH_ELECTRICITY_MAPS_KEY": WORDS[1],
    "GLIDEPATH_WATTTIME_USER": "me",
    "GLIDEPATH_WATTTIME_PASSWORD": WORDS[2],
}


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)


def told(text: str) -> list[str]:
    return [word for word in WORDS if word in text]


@pytest.mark.parametrize(
    "command", ["saved list", "saved export AbCdEfGh12345678 --part inputs", "link ?p=AbCdEfGh12345678"]
)
def test_a_command_that_cannot_reach_the_store_keeps_its_password(
    command: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert main(command.split()) in (1, 2)
    said = capsys.readouterr()
    assert said.err.count("\n") <= 3, "a sentence, no trace"
    assert told(said.out + said.err + caplog.text) == []


def test_an_error_of_the_store_holds_no_password_nor_what_lies_behind_it() -> None:
    with pytest.raises(StoreError) as error:
        open_store().reviews()
    assert told(f"{error.value} {error.value!r}") == []


def test_settings_that_are_printed_or_logged_hide_what_they_hold(caplog: pytest.LogCaptureFixture) -> None:
    found = chosen()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("here").info("%s %r", found, found)
    assert told(f"{found} {found!r} {caplog.text}") == []
    assert "***" in caplog.text


def test_links_and_files_of_a_plan_hold_nothing_of_the_installation(tmp_path: Path) -> None:
    plan = example_plan().but(name="Mine")
    assert told(link.encode(plan, link.stamp(plan)) + table.write_plan(plan)) == []
    out = tmp_path / "results.csv"
    (tmp_path / "plan.csv").write_text(table.write_plan(plan), encoding="utf-8")
    assert main(["plan", str(tmp_path / "plan.csv"), "-o", str(out)]) == 0
    assert told(out.read_text(encoding="utf-8")) == []
