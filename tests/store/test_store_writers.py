"""Many writers at once, and writers killed in mid-save: nothing that was saved is lost, nothing half-saved appears."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from core.store import MovedOnError
from core.store.records import Version
from core.store.store import Store
from tests.store.processes import NAME, saved
from tests.store.samples import ANN, NOON, content

ROOT = Path(__file__).parents[2]
ROUNDS, WRITERS, EACH = 12, 3, 5


def _told(*words: object) -> list[list[list[str]]]:
    """What each process told, line by line."""
    command = [sys.executable, "-m", "tests.store.processes", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return [[line.split() for line in said.splitlines()] for said in json.loads(done.stdout)]


def _whole(store: Store) -> list[Version]:
    """Every version, each opened with its content under its seal, in a chain without a gap, and no text beside."""
    history = store.history(NAME)
    assert all(store.open(version.id).version == version for version in history)
    used = {getattr(v, f"{part}_sha256") for v in history for part in ("inputs", "factors", "results")}
    with store.transactions.reading() as connection:
        assert set(connection.execute(text("SELECT sha256 FROM saved_part")).scalars()) == used
    return history


def test_writers_killed_at_moments_of_chance_lose_nothing_and_leave_nothing_half_saved(store: Store, url: str) -> None:
    said = _told("kill", url, ROUNDS)
    history = _whole(store)
    kept = {version.id for version in history}
    acknowledged = {line[1] for lines in said for line in lines if line[0] == "saved"}
    in_mid_save = sum(lines[-1][0] == "begun" for lines in said)
    assert len(said) == ROUNDS
    assert in_mid_save >= ROUNDS // 4  # nearly all of them are: between two saves little time passes
    assert len(acknowledged) >= ROUNDS // 2
    assert acknowledged <= kept
    assert len(kept - acknowledged) <= in_mid_save  # saved, and killed before it could say so
    made = store.save(NAME, content("after all"), ANN, NOON, "goes on", history[-1].id)
    assert made.number == len(history) + 1


def test_processes_that_save_at_once_all_save_and_the_versions_follow_one_another(store: Store, url: str) -> None:
    said = _told("race", url, WRITERS, EACH)
    acknowledged = [line[1] for lines in said for line in lines if line[0] == "saved"]
    history = _whole(store)
    assert len(history) == len(acknowledged) == WRITERS * EACH
    assert {version.id for version in history} == set(acknowledged)
    assert {version.by.name for version in history} == {f"R{number}" for number in range(WRITERS)}


def test_threads_that_save_at_once_all_save(store: Store) -> None:
    def work(who: str) -> list[str]:
        return [saved(store, content(f"{who}-{number}"), who).id for number in range(EACH)]

    with ThreadPoolExecutor(6) as pool:
        made = [key for keys in pool.map(work, "ABCDEF") for key in keys]
    assert sorted(version.id for version in _whole(store)) == sorted(made)
    assert len(set(made)) == 6 * EACH


def test_threads_that_save_new_plans_of_one_name_make_one_plan(store: Store) -> None:
    def work(who: str) -> Version | None:
        try:
            return store.save(NAME, content(who), replace(ANN, name=who), NOON)
        except MovedOnError:
            return None

    with ThreadPoolExecutor(6) as pool:
        made = [version for version in pool.map(work, "ABCDEF") if version]
    assert len(made) == 1
    assert _whole(store) == made
