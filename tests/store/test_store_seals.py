"""Whatever is changed behind the app's back is told, and never opened as sound."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from core.store import NotFoundError, TamperedError
from core.store.rows import version_seal
from core.store.schema import VERSION
from core.store.seal import digest, short
from core.store.store import Store
from tests.store.samples import ANN, BEN, NOON, content, later

# What somebody may have changed: column -> another value. The plan's name stands in another table.
OTHER = {
    "number": "7", "previous": "'abc'", "by_name": "'Eve'", "by_subject": "'oidc|eve'", "at": "'2020-01-01T00:00:00Z'",
    "why": "'no reason'", "data_version": "'x'", "method_version": "'x'", "app_version": "'x'", "headline_kg": "1.0",
    "seal": f"'{digest('x')}'",
}  # fmt: skip


def _behind_its_back(store: Store, statement: str) -> None:
    with store.transactions.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.fixture
def two(store: Store) -> tuple[Store, str, str]:
    """A store with two versions of a plan, and their ids."""
    first = store.save("Our plan", content(), ANN, NOON)
    second = store.save("Our plan", content("2000"), BEN, later(1), "more", after=first.id)
    return store, first.id, second.id


@pytest.mark.parametrize("column", OTHER)
def test_a_changed_cell_of_a_version_is_told(two: tuple[Store, str, str], column: str) -> None:
    store, first, second = two
    _behind_its_back(store, f"UPDATE saved_version SET {column} = {OTHER[column]} WHERE id = '{second}'")
    told = r"^Version [27] of 'Our plan' is not as it was sealed: its row was changed afterwards. It is not opened.$"
    for read in (lambda: store.open(second), lambda: store.history("Our plan"), store.listed):
        with pytest.raises(TamperedError, match=told):
            read()
    assert store.open(first).content == content()


def test_every_cell_of_a_version_is_under_its_seal() -> None:
    of_their_own = {"id", "name_key", "inputs_sha256", "factors_sha256", "results_sha256"}  # tested below
    assert set(VERSION.c.keys()) - of_their_own == OTHER.keys()


@pytest.mark.parametrize("part", ["inputs", "factors", "results"])
def test_a_changed_text_is_told_with_its_part(two: tuple[Store, str, str], part: str) -> None:
    store, _, second = two
    key = getattr(store.history("Our plan")[1], f"{part}_sha256")
    _behind_its_back(store, f"UPDATE saved_part SET text = text || ' ' WHERE sha256 = '{key}'")
    told = f"^Version 2 of 'Our plan' is not as it was sealed: its {part} were changed afterwards. It is not opened.$"
    with pytest.raises(TamperedError, match=told):
        store.open(second)


def test_a_text_exchanged_for_another_sealed_one_is_told(two: tuple[Store, str, str]) -> None:
    store, first, second = two
    other = f"(SELECT inputs_sha256 FROM saved_version WHERE id = '{first}')"
    _behind_its_back(store, f"UPDATE saved_version SET inputs_sha256 = {other} WHERE id = '{second}'")
    with pytest.raises(TamperedError, match="its row was changed afterwards"):
        store.open(second)


def test_an_id_moved_to_another_version_is_told(two: tuple[Store, str, str]) -> None:
    store, first, second = two
    _behind_its_back(store, f"UPDATE saved_version SET id = '000000000000' WHERE id = '{first}'")
    _behind_its_back(store, f"UPDATE saved_version SET id = '{first}' WHERE id = '{second}'")
    with pytest.raises(TamperedError):
        store.open(first)


def test_another_name_of_the_plan_is_told(two: tuple[Store, str, str]) -> None:
    store, first, _ = two
    _behind_its_back(store, "UPDATE saved_plan SET name = 'Their plan'")
    with pytest.raises(TamperedError):
        store.open(first)


def test_a_version_taken_out_of_the_history_is_told(two: tuple[Store, str, str]) -> None:
    store, first, _ = two
    _behind_its_back(store, f"DELETE FROM saved_version WHERE id = '{first}'")
    told = "^The history of 'Our plan' is not as it was sealed: what came before version 2 was taken out or exchanged."
    with pytest.raises(TamperedError, match=told):
        store.history("Our plan")


def test_a_version_sealed_anew_no_longer_fits_the_next_one_nor_the_link_that_others_hold(
    two: tuple[Store, str, str],
) -> None:
    """Whoever may write into the database can seal anew: what came after it, and its old link, give it away."""
    store, first, second = two
    forged = replace(store.open(first).version, at="2020-01-01T00:00:00Z")
    seal = version_seal(forged)
    _behind_its_back(
        store,
        f"UPDATE saved_version SET at = '{forged.at}', seal = '{seal}', id = '{short(seal)}' WHERE id = '{first}'",
    )
    with pytest.raises(TamperedError, match="what came before version 2 was taken out or exchanged"):
        store.history("Our plan")
    with pytest.raises(NotFoundError):
        store.open(first)
    assert store.open(second).content == content("2000")
