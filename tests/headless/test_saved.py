"""Saved plans without a browser: a list, the parts of a version, and a saved plan wherever a plan is taken."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import results
from core.__main__ import main
from core.decide.shares import effects_kg
from core.plan.example import example_plan
from core.results_table import write_results
from core.store import NAME, Person, Version
from core.store.content import content_of
from core.store.journal import move
from core.store.store import Store, open_store

PLAN = example_plan().but(name="=Our plan")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store that the commands use."""
    monkeypatch.setenv(NAME, f"sqlite:///{tmp_path / 'plans.sqlite'}")
    return open_store(f"sqlite:///{tmp_path / 'plans.sqlite'}")


def _saved(store: Store) -> tuple[Version, Version]:
    first = store.save(PLAN.name, content_of(PLAN), Person("Ann"), NOON)
    more = PLAN.with_workload("W2", requests_per_day=7.0)
    return first, store.save(PLAN.name, content_of(more), Person("Ann"), NOON, "fewer", first.id)


def test_the_list_has_a_row_for_each_version(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = _saved(store)
    move(store, first.id, "draft", "in review", Person("Ben"), NOON)
    move(store, first.id, "in review", "approved", Person("Ben"), NOON)
    assert main(["saved", "list"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["id"], row["plan"], row["version"], row["state"], row["signed_off_by"]) for row in rows] == [
        (first.id, "'=Our plan", "1", "approved", "Ben (not authenticated)"),
        (second.id, "'=Our plan", "2", "draft", ""),
    ]


@pytest.mark.parametrize("part", ["inputs", "factors", "results"])
def test_a_part_is_written_as_it_was_sealed(store: Store, capsys: pytest.CaptureFixture[str], part: str) -> None:
    first, _ = _saved(store)
    assert main(["saved", "export", first.id, "--part", part]) == 0
    assert capsys.readouterr().out == getattr(content_of(PLAN), part)


def test_the_log_of_a_plan_is_written(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    _, second = _saved(store)
    assert main(["saved", "export", second.id, "--part", "log"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["field"] for row in rows] == ["version", "version", "requests_per_day"]
    assert rows[2]["new_value"] == "7"
    alone = effects_kg(PLAN, PLAN.with_workload("W2", requests_per_day=7.0))
    assert [1_000 * float(rows[2]["effect_on_total_t"])] == pytest.approx(list(alone.values()))
    assert [row["effect_on_total_t"] for row in rows[:2]] == ["", ""]


def test_a_saved_plan_is_taken_wherever_a_plan_is(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    first, _ = _saved(store)
    assert main(["plan", f"https://x.example/?p={first.id}"]) == 0
    assert capsys.readouterr().out == write_results(results.of(PLAN))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("saved", "export"), "saved list takes no id; saved export takes the id of a version"),
        (("saved", "list", "0123456789ab"), "saved list takes no id"),
        (("saved", "export", "0123456789ab"), "No plan is saved here under the id 0123456789ab"),
        (("plan", "?p=zzz"), "'zzz' is no id of a saved plan"),
    ],
)
def test_what_is_not_there_is_told(
    store: Store, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert main(list(words)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err
    assert "Traceback" not in said.err


def test_a_store_that_is_switched_off_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(NAME, "off")
    assert main(["saved", "list"]) == 2
    assert "Saving is switched off" in capsys.readouterr().err
