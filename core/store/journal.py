"""What is said and done about saved plans: notes pinned to a row, states, sign-off, archive. Added, never changed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from core.store import rows
from core.store.errors import MovedOnError, NotFoundError, RefusedError
from core.store.records import MOST_NOTE, MOST_WHY, Person, Saved, Version, fit_text, name_key, stamp
from core.store.review import ARCHIVED, NOTE, RESTORED, STATE, STATES, Event, Review
from core.store.schema import EVENT
from core.store.store import Store, fit_person, held, review_of

MOST_EVENTS = 5_000  # of one plan
ROW = ("workload_id", "year", "stage")


def note(store: Store, key: str, row_key: str, text: str, by: Person, at: datetime) -> Event:
    """A note on a row of a version (`W1|2026|inference`), or on all of it where the row is blank."""
    saved, by = store.open(key), fit_person(by)
    kept = fit_text("note", text, MOST_NOTE, lines=True)
    if row_key and row_key not in row_keys(saved):
        raise RefusedError(f"'{row_key[:40]}' is no row of {saved.version.called}: workload|year|stage of its results")

    def write(connection: Connection) -> Event:
        review = _held(connection, saved.version)
        if review.archived:
            raise RefusedError(f"'{saved.version.plan}' is archived; restore it before it changes")
        return _added(connection, review, _event(saved.version, NOTE, by, at, kept, row_key=row_key))

    return store.written(write)


def row_keys(saved: Saved) -> list[str]:
    """The rows of a version's results that a note may be pinned to, in the order of the file."""
    reader = csv.DictReader(io.StringIO(saved.content.results))
    return list(dict.fromkeys("|".join(row.get(name) or "" for name in ROW) for row in reader))


def move(store: Store, key: str, seen: str, new: str, by: Person, at: datetime, why: str = "") -> Event:
    """Give a version another state. MovedOnError where its state is no longer the one that the reader saw."""
    version, by = store.open(key).version, fit_person(by)
    if new not in STATES:
        raise RefusedError(f"'{new[:20]}' is no state; states are {', '.join(STATES)}")
    why = fit_text("reason", why, MOST_WHY) if why.strip() else ""

    def write(connection: Connection) -> Event:
        review = _held(connection, version)
        now = review.state(version)
        if now != seen:
            last = [event for event in review.of(version) if event.kind == STATE][-1]
            raise MovedOnError(
                f"{version.called[:1].upper()}{version.called[1:]} is '{now}' by now: {last.by.said}, {last.day}. "
                "Nothing was changed."
            )
        if against := review.against(version, new, by, why):
            raise RefusedError(against)
        return _added(connection, review, _event(version, STATE, by, at, why, old=now, new=new))

    return store.written(write)


def archive(store: Store, name: str, by: Person, at: datetime, why: str) -> Event:
    """Put a plan away: out of the list and closed to changes, and still opened by the links of its versions."""
    return _put(store, name, ARCHIVED, by, at, why)


def restore(store: Store, name: str, by: Person, at: datetime, why: str) -> Event:
    """Bring an archived plan back into the list."""
    return _put(store, name, RESTORED, by, at, why)


def _put(store: Store, name: str, kind: str, by: Person, at: datetime, why: str) -> Event:
    by, why = fit_person(by), fit_text("reason", why, MOST_WHY)

    def write(connection: Connection) -> Event:
        key = name_key(name)
        if not held(connection, key):
            raise NotFoundError(f"No plan is saved under the name '{name[:80]}' here.")
        review = review_of(connection, key)
        if review.archived == (kind == ARCHIVED):
            raise RefusedError(f"'{review.latest.plan}' is {'' if review.archived else 'not '}archived already")
        return _added(connection, review, _event(review.latest, kind, by, at, why))

    return store.written(write)


def _held(connection: Connection, version: Version) -> Review:
    key = name_key(version.plan)
    held(connection, key)
    return review_of(connection, key)


def _event(
    version: Version, kind: str, by: Person, at: datetime, text: str, row_key: str = "", old: str = "", new: str = ""
) -> Event:
    return Event(version.plan, 0, version.number, version.id, kind, row_key, old, new, text, by, stamp(at), "", "")


def _added(connection: Connection, review: Review, event: Event) -> Event:
    """An event at the end of the chain."""
    if len(review.events) >= MOST_EVENTS:
        raise RefusedError(f"'{event.plan}' holds {MOST_EVENTS:,} notes and sign-offs; the limit is {MOST_EVENTS:,}")
    previous = review.events[-1].seal if review.events else ""
    unsealed = replace(event, number=len(review.events) + 1, previous=previous)
    sealed = replace(unsealed, seal=rows.event_seal(unsealed))
    connection.execute(EVENT.insert(), rows.event_row(sealed, name_key(event.plan)))
    return sealed
