"""Transactions on SQLite or PostgreSQL, and what each database's refusal means in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from core.store import schema
from core.store.errors import (
    NotSavedError,
    OtherSchemaError,
    SavingOffError,
    StoreError,
    UncertainError,
    UnreachableError,
)
from core.units import MS_PER_S

WAIT_S = 20.0  # for another writer
CONNECT_S = 5
FULL = "Not saved: the disk that holds the saved plans is full. What was saved before is untouched."
BUSY = "Not saved: others were writing for too long. What was saved before is untouched; save again."
LOST = "The database's answer was lost: look among the saved plans before saving again. It holds all of it or nothing."
AGAIN = ("40001", "40P01", "23505")  # PostgreSQL: serialisation, deadlock, a key that another writer took first


class RacedError(NotSavedError):
    """Another writer was faster; a second try sees what it wrote."""


class Transactions:
    """One database: reading and writing, each all or nothing."""

    def __init__(self, url: str, steps: tuple[tuple[str, ...], ...] = schema.STEPS) -> None:
        try:
            self.url = make_url(url)
        except ArgumentError as error:
            raise SavingOffError("Saving is off: the URL of the store cannot be understood.") from error
        self.steps = steps
        self.is_file = self.url.get_backend_name() == "sqlite"
        self.file = Path(self.url.database or "")
        self.engine = _sqlite(self.url) if self.is_file else _postgresql(self.url)

    @property
    def where(self) -> str:
        """The place as a sentence may name it: never a user or a password."""
        return str(self.file) if self.is_file else f"{self.url.host}/{self.url.database}"

    def is_there(self) -> bool:
        """Whether anything was ever saved; nothing is made by looking."""
        return not self.is_file or self.file.exists()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One moment's view of a store that is there; an older one is brought up to date first."""
        with self._told(), self._connected("read") as connection:
            if schema.check(connection, self.steps) == len(self.steps):
                yield connection
                return
        with self.writing():  # brings it up to date
            pass
        with self._told(), self._connected("read") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All that is written inside is saved at the end, or none of it."""
        if self.is_file:
            self._make_folder()
        with self._told(), self._connected("write") as connection:
            if not self.is_file:
                connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_S * MS_PER_S:.0f}ms'"))
            schema.migrate(connection, self.steps)
            yield connection
            try:
                connection.commit()
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise UncertainError(LOST) from error
                raise

    @contextmanager
    def _connected(self, purpose: str) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection.execution_options(purpose=purpose, **self._isolation(purpose))

    def _isolation(self, purpose: str) -> dict[str, Any]:
        if self.is_file:
            return {}
        return {"isolation_level": "REPEATABLE READ" if purpose == "read" else "READ COMMITTED"}

    def _make_folder(self) -> None:
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SavingOffError(f"Saving is off: {self.file.parent} may not be written to.") from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the database as sentences; they name the place, never what was written."""
        try:
            yield
        except DBAPIError as error:
            told = self._of_sqlite(error) if self.is_file else self._of_postgresql(error)
            raise told from error

    def _of_sqlite(self, error: DBAPIError) -> StoreError:
        code = getattr(error.orig, "sqlite_errorname", "")
        if code == "SQLITE_FULL" or code == "SQLITE_IOERR_WRITE":
            return NotSavedError(FULL)
        if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            return SavingOffError(f"Saving is off: {self.where} may not be written to.")
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return NotSavedError(BUSY)
        if code.startswith(("SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE")):
            return RacedError(BUSY)
        if code in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
            return OtherSchemaError(f"{self.where} is damaged, or is no file of saved plans. Nothing was changed.")
        return NotSavedError(f"The store {self.where} failed ({code or type(error.orig).__name__}).")

    def _of_postgresql(self, error: DBAPIError) -> StoreError:
        code = str(getattr(error.orig, "sqlstate", None) or "")
        if code == "53100":
            return NotSavedError(FULL)
        if code == "55P03":
            return NotSavedError(BUSY)
        if code in AGAIN:
            return RacedError(BUSY)
        if code in ("25006", "42501"):
            return SavingOffError(f"Saving is off: the database {self.where} may not be written to.")
        if code.startswith("28"):
            return UnreachableError(f"The database {self.where} does not let this app in: look at its URL.")
        if not code or error.connection_invalidated or code.startswith(("08", "57P", "3D")):
            return UnreachableError(f"The database {self.where} does not answer; nothing was saved.")
        return NotSavedError(f"The database {self.where} failed ({code}).")


def _sqlite(url: Any) -> Engine:
    """A file: every connection is opened anew, and a writer takes its lock before it reads."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": WAIT_S})

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions begin where this room begins them
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("purpose") == "write"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: Any) -> Engine:
    """A server: a few connections, each asked whether it still stands before it is used."""
    return create_engine(
        url,
        hide_parameters=True,  # what is saved stays out of errors and logs
        pool_size=4,
        max_overflow=8,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_S},
    )
