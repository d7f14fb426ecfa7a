"""Stores of every age: an older one is brought up to date with all it holds, a newer one is left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from core.store import OtherSchemaError
from core.store.errors import NotSavedError
from core.store.journal import note
from core.store.schema import META, STEPS, migrate, schema_version
from core.store.store import Store
from core.store.transactions import Transactions
from tests.store.samples import ANN, BEN, NOON, content, later

FIRST = Path(__file__).parent / "schema_1.sql"
NEXT = (*STEPS, ("CREATE TABLE saved_later (x INTEGER)", "INSERT INTO saved_later VALUES (1)"))


def test_the_steps_make_the_tables_that_the_code_reads(store: Store) -> None:
    with store.transactions.writing() as connection:
        seen = inspect(connection)
        assert set(seen.get_table_names()) == set(META.tables)
        for name, table in META.tables.items():
            columns = {column["name"]: column["nullable"] for column in seen.get_columns(name)}
            assert columns == {column.name: column.nullable for column in table.columns}
            assert seen.get_pk_constraint(name)["constrained_columns"] == [c.name for c in table.primary_key]
            foreign = {(key["constrained_columns"][0], key["referred_table"]) for key in seen.get_foreign_keys(name)}
            assert foreign == {(key.parent.name, key.column.table.name) for key in table.foreign_keys}
            unique = {tuple(key["column_names"]) for key in seen.get_unique_constraints(name)}
            meant = {tuple(c.name for c in key.columns) for key in table.constraints if type(key).__name__[0] == "U"}
            assert unique == meant


def test_an_app_of_today_meets_a_newer_store_and_leaves_it_alone(url: str) -> None:
    newer, today = Store(Transactions(url, NEXT)), Store(Transactions(url))
    made = newer.save("Our plan", content(), ANN, NOON)
    told = (
        f"^The saved plans were last opened by a newer Glidepath \\(their schema is {len(NEXT)}, this one knows "
        f"{len(STEPS)}\\). Nothing was changed; update this installation to open them.$"
    )
    for use in (
        lambda: today.open(made.id),
        today.listed,
        lambda: today.save("Our plan", content("2"), ANN, later(1), "more", after=made.id),
    ):
        with pytest.raises(OtherSchemaError, match=told):
            use()
    assert newer.history("Our plan") == [made]


def test_a_newer_app_brings_the_store_up_to_date_at_its_first_look_and_the_older_one_then_stops(url: str) -> None:
    today, newer = Store(Transactions(url)), Store(Transactions(url, NEXT))
    made = today.save("Our plan", content(), ANN, NOON)
    assert newer.open(made.id).content == content()
    with pytest.raises(OtherSchemaError):
        today.open(made.id)


def test_a_step_that_fails_leaves_the_store_as_it_was(url: str) -> None:
    today = Store(Transactions(url))
    made = today.save("Our plan", content(), ANN, NOON)
    broken = Store(Transactions(url, (*NEXT, ("CREATE TABLE saved_more (x INTEGER)", "no statement"))))
    with pytest.raises(NotSavedError):
        broken.listed()
    assert today.open(made.id).version == made
    with today.transactions.reading() as connection:
        assert schema_version(connection) == len(STEPS)
        assert "saved_more" not in inspect(connection).get_table_names()


def test_a_store_of_the_first_schema_opens_as_it_was_sealed(tmp_path: Path) -> None:
    """`schema_1.sql` is the dump of an SQLite store that the first version made: two versions of `content()`."""
    file = tmp_path / "plans.sqlite"
    with sqlite3.connect(file) as old:
        old.executescript(FIRST.read_text(encoding="utf-8"))
    store = Store(Transactions(f"sqlite:///{file}"))
    first, second = store.history("Our plan")
    assert (first.id, second.id) == ("64meb5yyrnhc", "qdf3q5jjg4vv")
    assert store.open(first.id).content == content()
    assert store.open(second.id).content == content("2000")
    third = store.save("Our plan", content("3000"), ANN, later(5), "again more", after=second.id)
    assert note(store, first.id, "W1|2026|inference", "still here", BEN, later(6)).number == 1
    assert store.history("Our plan") == [first, second, third]


def test_every_step_from_an_empty_store_on_can_be_the_last_one_taken(url: str) -> None:
    if Transactions(url).is_file:
        Transactions(url).file.parent.mkdir()
    for taken in range(len(STEPS) + 1):
        with Transactions(url, STEPS[:taken]).engine.begin() as connection:
            migrate(connection, STEPS[:taken])
            assert schema_version(connection) == taken


def test_a_file_that_is_no_store_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "plans.sqlite"
    file.write_bytes(b"a photograph of a cat" * 100)
    store = Store(Transactions(f"sqlite:///{file}"))
    for use in (store.listed, lambda: store.save("Our plan", content(), ANN, NOON)):
        with pytest.raises(OtherSchemaError, match=r"plans\.sqlite is damaged, or is no file of saved plans"):
            use()
    assert file.read_bytes() == b"a photograph of a cat" * 100


def test_a_database_with_tables_of_others_keeps_them(url: str) -> None:
    transactions = Transactions(url)
    if transactions.is_file:
        transactions.file.parent.mkdir()
    with transactions.engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (x INTEGER)"))
        connection.execute(text("INSERT INTO theirs VALUES (41)"))
    Store(transactions).save("Our plan", content(), ANN, NOON)
    with transactions.reading() as connection:
        assert connection.execute(text("SELECT x FROM theirs")).scalar() == 41
