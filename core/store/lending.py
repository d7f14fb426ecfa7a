"""Tokens by which a spreadsheet reads one saved plan: made, shown once, kept as a digest alone, and ended.

A token is 256 random bits, so that its SHA-256 needs no salt: nobody tries them all. None is changed or deleted: that
one was ended is a row of its own.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from core.store.errors import NotFoundError, RefusedError
from core.store.records import MOST_NAME, TOKEN_MARK, Person, fit_text, name_key, stamp
from core.store.schema import PLAN, TOKEN, TOKEN_END
from core.store.seal import digest, short
from core.store.store import Store, fit_person, held

BYTES = 32
MOST_DAYS = 366
MOST_TOKENS = 50  # of one plan, those that have ended aside
MOST_SECRET = 200  # characters that are looked at


@dataclass(frozen=True, slots=True)
class Lent:
    """A token without its secret: for which plan, called what, made by whom, until when; and its end."""

    id: str
    plan: str
    label: str
    by: Person
    at: str
    until: str
    ended_by: Person | None = None
    ended_at: str = ""

    def stands(self, now: datetime) -> bool:
        """Whether it still opens its plan."""
        return not self.ended_at and stamp(now) < self.until


def lend(store: Store, name: str, label: str, by: Person, at: datetime, days: int) -> tuple[str, Lent]:
    """A new token for a saved plan, and its record; the token is not kept and cannot be shown again."""
    by, label = fit_person(by), fit_text("name of the token", label, MOST_NAME)
    if not 1 <= days <= MOST_DAYS:
        raise RefusedError(f"days is {days}; a token lasts 1 to {MOST_DAYS} days")
    secret = TOKEN_MARK + secrets.token_urlsafe(BYTES)
    kept = digest(secret)

    def write(connection: Connection) -> Lent:
        key = name_key(name)
        if not held(connection, key):
            raise NotFoundError(f"No plan is saved under the name '{name[:80]}' here.")
        standing = [one for one in _read(connection, TOKEN.c.name_key == key) if one.stands(at)]
        if len(standing) >= MOST_TOKENS:
            raise RefusedError(f"'{name[:80]}' has {len(standing)} tokens; the limit is {MOST_TOKENS}: end one first")
        row = {
            "id": short(kept),
            "sha256": kept,
            "name_key": key,
            "label": label,
            "by_name": by.name,
            "by_subject": by.subject,
            "at": stamp(at),
            "until": stamp(at + timedelta(days=days)),
        }
        connection.execute(TOKEN.insert(), row)
        return _read(connection, TOKEN.c.id == row["id"])[0]

    return secret, store.written(write)


def end(store: Store, key: str, by: Person, at: datetime) -> None:
    """End a token at once; one that has ended stays as it is."""
    by = fit_person(by)

    def write(connection: Connection) -> None:
        found = _read(connection, TOKEN.c.id == key)
        if not found:
            raise NotFoundError(f"There is no token {key[:20]} here.")
        if not found[0].ended_at:
            row = {"id": key, "by_name": by.name, "by_subject": by.subject, "at": stamp(at)}
            connection.execute(TOKEN_END.insert(), row)

    store.written(write)


def lent(store: Store, name: str) -> list[Lent]:
    """The tokens of a saved plan, the newest first."""
    if not store.transactions.is_there():
        return []
    with store.transactions.reading() as connection:
        found = _read(connection, TOKEN.c.name_key == name_key(name))
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def opened_by(store: Store, secret: str) -> Lent | None:
    """The record of a token, whether it stands or not; None where there is no such token."""
    if not secret.startswith(TOKEN_MARK) or len(secret) > MOST_SECRET or not store.transactions.is_there():
        return None
    with store.transactions.reading() as connection:
        found = _read(connection, TOKEN.c.sha256 == digest(secret))
    return found[0] if found else None


def _read(connection: Connection, which: Any) -> list[Lent]:
    ended = [TOKEN_END.c.by_name.label("ended_name"), TOKEN_END.c.by_subject.label("ended_subject")]
    chosen: Select[Any] = select(TOKEN, PLAN.c.name, *ended, TOKEN_END.c.at.label("ended_at"))
    joined = chosen.select_from(TOKEN.join(PLAN).outerjoin(TOKEN_END, TOKEN.c.id == TOKEN_END.c.id))
    return [_lent(row) for row in connection.execute(joined.where(which))]


def _lent(row: Row[Any]) -> Lent:
    by, ended = Person(row.by_name, row.by_subject), None
    if row.ended_at:
        ended = Person(row.ended_name, row.ended_subject)
    return Lent(row.id, row.name, row.label, by, row.at, row.until, ended, row.ended_at or "")
