"""Full disks, forbidden folders, servers that go away: a sentence each, and all that was saved before stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError

from core.store import NotSavedError, SavingOffError, UncertainError, UnreachableError, transactions
from core.store.schema import PLAN
from core.store.store import Store
from core.store.transactions import FULL, LOST, Transactions
from tests.store.samples import ANN, NOON, content, later

NOBODY = 65534
TMPFS_BYTES = 300_000


def _long(seed: int, characters: int = 30_000) -> str:
    return "".join(Random(seed).choices("0123456789abcdef", k=characters))


def _save_until_full(store: Store) -> list[tuple[str, str]]:
    """Save larger and larger plans until one is refused; the ids and results of those that were saved."""
    kept: list[tuple[str, str]] = []
    for seed in range(100):
        results = _long(seed)
        try:
            after = kept[-1][0] if kept else None
            made = store.save("Our plan", content(results=results), ANN, later(seed), "more", after)
        except NotSavedError as error:
            if str(error) == FULL:
                return kept
            raise
        kept.append((made.id, results))
    raise AssertionError("the disk was never full")


def _all_there(store: Store, kept: list[tuple[str, str]]) -> None:
    assert [version.id for version in store.history("Our plan")] == [key for key, _ in kept]
    assert [store.open(key).content.results for key, _ in kept] == [results for _, results in kept]


def test_a_full_file_keeps_what_was_saved_and_takes_more_once_there_is_room(sqlite_url: str) -> None:
    store, pages = Store(Transactions(sqlite_url)), [60]
    event.listen(
        store.transactions.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages[0]}")
    )
    kept = _save_until_full(store)
    assert len(kept) > 2
    _all_there(store, kept)
    pages[0] = 10_000
    made = store.save("Our plan", content("2"), ANN, later(1), "room again", kept[-1][0])
    _all_there(store, [*kept, (made.id, content().results)])


@contextmanager
def _small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="glidepath-full-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES}", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        folder.rmdir()
        pytest.skip("no small disk can be mounted here; max_page_count stands in for it")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def test_a_full_disk_keeps_what_was_saved() -> None:
    with _small_disk() as folder:
        store = Store(Transactions(f"sqlite:///{folder / 'plans.sqlite'}"))
        kept = _save_until_full(store)
        assert len(kept) > 2
        _all_there(store, kept)
        assert sorted(path.name for path in folder.iterdir()) == ["plans.sqlite"]  # no journal is left behind


def test_a_full_disk_of_a_server_keeps_what_was_saved(postgresql_url: str) -> None:
    """PostgreSQL says 53100 where a disk is full; here a rule of the database says it in mid-save."""
    store = Store(Transactions(postgresql_url))
    made = store.save("Our plan", content(), ANN, NOON)
    with store.transactions.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
            )
        )
        connection.execute(text("CREATE TRIGGER full_disk AFTER INSERT ON saved_version EXECUTE FUNCTION full_disk()"))
    with pytest.raises(NotSavedError, match=FULL):
        store.save("Our plan", content("2"), ANN, later(1), "more", made.id)
    assert store.history("Our plan") == [made]
    with store.transactions.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM saved_part")).scalar() == 3


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Root may write everywhere: be nobody for a moment."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_read_only_installation_opens_what_is_saved_and_says_that_saving_is_off() -> None:
    folder = Path(tempfile.mkdtemp(prefix="glidepath-fixed-"))
    file = folder / ".glidepath" / "plans.sqlite"
    store = Store(Transactions(f"sqlite:///{file}"))
    folder.chmod(0o555)
    with _as_nobody(), pytest.raises(SavingOffError, match=r"^Saving is off: .*/\.glidepath may not be written to\.$"):
        store.save("Our plan", content(), ANN, NOON)
    folder.chmod(0o755)
    made = store.save("Our plan", content(), ANN, NOON)
    file.parent.chmod(0o555)
    file.chmod(0o444)
    with _as_nobody():
        assert store.open(made.id).content == content()
        with pytest.raises(SavingOffError, match=r"^Saving is off: .*plans\.sqlite may not be written to\.$"):
            store.save("Our plan", content("2"), ANN, later(1), "more", made.id)
    file.parent.chmod(0o755)
    assert store.history("Our plan") == [made]
    shutil.rmtree(folder)


def test_a_new_folder_is_for_its_owner_alone(sqlite_url: str) -> None:
    store = Store(Transactions(sqlite_url))
    store.save("Our plan", content(), ANN, NOON)
    assert store.transactions.file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql+psycopg://zoe:secret@127.0.0.1:1/plans", "The database 127.0.0.1/plans does not answer"),
        ("nonsense", "Saving is off: the URL of the store cannot be understood."),
    ],
)
def test_a_server_that_is_not_there_is_told_without_its_password(url: str, told: str) -> None:
    with pytest.raises((UnreachableError, SavingOffError)) as caught:
        Store(Transactions(url)).listed()
    assert str(caught.value).startswith(told)
    assert "secret" not in str(caught.value)
    assert "zoe" not in str(caught.value)


def test_a_database_that_is_not_there_or_refuses_is_told(server_url: str) -> None:
    missing = server_url.replace("/postgres", "/nowhere")
    with pytest.raises(UnreachableError, match=r"^The database 127\.0\.0\.1/nowhere does not answer"):
        Store(Transactions(missing)).listed()


def test_a_user_who_may_only_read_is_told_that_saving_is_off(postgresql_url: str) -> None:
    made = Store(Transactions(postgresql_url)).save("Our plan", content(), ANN, NOON)
    reader = Store(Transactions(f"{postgresql_url}%20-cdefault_transaction_read_only%3Don"))
    assert reader.open(made.id).content == content()
    with pytest.raises(SavingOffError, match=r"^Saving is off: the database 127\.0\.0\.1/postgres may not be written"):
        reader.save("Our plan", content("2"), ANN, later(1), "more", made.id)


@pytest.fixture
def cut_off(postgresql_url: str, server_url: str) -> Iterator[tuple[Store, list[str]]]:
    """A store whose connection the server ends at a moment of the test's choice: before what it says next."""
    store, moments = Store(Transactions(postgresql_url)), list[str]()
    other = create_engine(server_url, isolation_level="AUTOCOMMIT")

    def end(connection: Any) -> None:
        moments.clear()
        process = connection.connection.driver_connection.info.backend_pid
        with other.connect() as ender:
            ender.execute(text("SELECT pg_terminate_backend(:process, 2000)"), {"process": process})

    def before(connection: Any, _cursor: object, statement: str, *_: object) -> None:
        if moments and statement.startswith(moments[0]):
            end(connection)

    event.listen(store.transactions.engine, "before_cursor_execute", before)
    event.listen(store.transactions.engine, "commit", lambda connection: end(connection) if moments else None)
    yield store, moments
    other.dispose()
    store.transactions.engine.dispose()


def test_a_server_that_goes_in_mid_save_saves_nothing_and_the_next_save_finds_it_again(
    cut_off: tuple[Store, list[str]],
) -> None:
    store, moments = cut_off
    made = store.save("Our plan", content(), ANN, NOON)
    moments.append("INSERT INTO saved_version")
    with pytest.raises(UnreachableError, match="does not answer; nothing was saved"):
        store.save("Our plan", content("2"), ANN, later(1), "more", made.id)
    assert store.history("Our plan") == [made]
    assert store.save("Our plan", content("2"), ANN, later(1), "more", made.id).number == 2


def test_where_the_answer_to_a_save_is_lost_the_reader_is_told_to_look(cut_off: tuple[Store, list[str]]) -> None:
    store, moments = cut_off
    made = store.save("Our plan", content(), ANN, NOON)
    moments.append("no statement: at the commit")
    with pytest.raises(UncertainError, match=LOST):
        store.save("Our plan", content("2"), ANN, later(1), "more", made.id)
    assert len(store.history("Our plan")) in (1, 2)


def test_what_is_saved_is_in_no_error(sqlite_url: str) -> None:
    store = Store(Transactions(sqlite_url))
    event.listen(store.transactions.engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count = 12"))
    private = replace(content(), inputs="a private word" * 10_000)
    with pytest.raises(NotSavedError) as caught:
        store.save("A private name", private, ANN, NOON)
    assert isinstance(caught.value.__cause__, DBAPIError)  # a log would show it
    assert "private" not in f"{caught.value} {caught.value.__cause__}"


def test_who_waits_too_long_for_another_writer_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "WAIT_S", 0.1)
    store = Store(Transactions(url))
    made = store.save("Our plan", content(), ANN, NOON)
    with store.transactions.writing() as other:
        other.execute(PLAN.select().with_for_update())
        with pytest.raises(NotSavedError, match=f"^{transactions.BUSY}$"):
            store.save("Our plan", content("2"), ANN, later(1), "more", made.id)
    assert store.save("Our plan", content("2"), ANN, later(1), "more", made.id).number == 2
