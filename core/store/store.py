"""Saved plans: each save is a version of its own, sealed, and none is ever changed or deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, select
from sqlalchemy.dialects import postgresql, sqlite

from core.store import rows
from core.store.errors import MovedOnError, NotFoundError, RefusedError, TamperedError
from core.store.place import store_url
from core.store.records import (
    MOST_CONTENT,
    MOST_NAME,
    MOST_PERSON,
    MOST_WHY,
    Content,
    Person,
    Saved,
    Version,
    fit_text,
    name_key,
    stamp,
)
from core.store.review import Event, Review, is_archived
from core.store.schema import EVENT, PART, PLAN, VERSION
from core.store.seal import LENGTH, MOST, digest, read_id, short
from core.store.transactions import RacedError, Transactions

TRIES = 5  # where other writers are faster
T = TypeVar("T")


class Store:
    """The saved plans of one database."""

    def __init__(self, transactions: Transactions) -> None:
        self.transactions = transactions

    def save(
        self, name: str, content: Content, by: Person, at: datetime, why: str = "", after: str | None = None
    ) -> Version:
        """A new version of the plan of that name, or its latest where nothing differs from it.

        `after` is the id of the version that the saver saw last, None where they saw none: where another is the latest
        by now, nothing is saved and MovedOnError names it. From the second version on `why` must be given.
        """
        kept = fit_text("name", name, MOST_NAME)
        by = fit_person(by)
        why = fit_text("reason", why, MOST_WHY) if why.strip() else ""
        for part in rows.PARTS:
            if len(getattr(content, part)) > MOST_CONTENT:
                raise RefusedError(f"the {part} have more than {MOST_CONTENT:,} characters; this plan is not saved")
        return self.written(lambda connection: _save(connection, kept, content, by, stamp(at), why, after))

    def open(self, text: str) -> Saved:
        """The version of that id with its content; NotFoundError, or TamperedError where its seal does not fit."""
        key = read_id(text)
        if not key:
            raise NotFoundError(f"'{text[:20]}' is no id of a saved plan: those are {LENGTH} letters and digits.")
        missing = NotFoundError(f"No plan is saved here under the id {key}: it may be of another installation.")
        if not self.transactions.is_there():
            raise missing
        with self.transactions.reading() as connection:
            row = connection.execute(_versions().where(VERSION.c.id == key)).first()
            if row is None:
                raise missing
            return _with_content(connection, rows.read_version(row))

    def latest(self, name: str) -> Version | None:
        """The latest version of the plan of that name, None where there is none."""
        if not self.transactions.is_there():
            return None
        with self.transactions.reading() as connection:
            return _latest(connection, name_key(name))

    def history(self, name: str) -> list[Version]:
        """Every version of the plan of that name, oldest first; TamperedError where the chain has a gap."""
        if not self.transactions.is_there():
            return []
        with self.transactions.reading() as connection:
            return versions_of(connection, name_key(name))

    def listed(self) -> list[Version]:
        """The latest version of every plan, the one saved last first."""
        return [review.latest for review in self.reviews()]

    def reviews(self) -> list[Review]:
        """Every plan with all that happened to it; TamperedError where one is not as it was sealed."""
        found, problems = self.survey()
        if problems:
            raise TamperedError(problems[0])
        return found

    def survey(self) -> tuple[list[Review], list[str]]:
        """Every plan that is as it was sealed, the one saved last first; a sentence for each that is not."""
        found: list[Review] = []
        problems: list[str] = []
        if not self.transactions.is_there():
            return found, problems
        with self.transactions.reading() as connection:
            for key in connection.execute(select(PLAN.c.name_key).order_by(PLAN.c.name_key)).scalars().all():
                try:
                    found.append(review_of(connection, key))
                except TamperedError as error:
                    problems.append(str(error))
        return sorted(found, key=lambda review: (review.latest.at, review.latest.id), reverse=True), problems

    def made_by(self, data_version: str, most: int) -> list[Saved]:
        """Sound versions that were made by this data, those saved last first, at most so many."""
        versions = [version for one in self.survey()[0] for version in reversed(one.versions)]
        kept = [one.id for one in versions if one.data_version.startswith(data_version)][:most]
        return [self.open(key) for key in kept]

    def review(self, name: str) -> Review | None:
        """The plan of that name with all that happened to it, None where there is none."""
        if not self.transactions.is_there():
            return None
        with self.transactions.reading() as connection:
            key = name_key(name)
            return review_of(connection, key) if _latest(connection, key) else None

    def written(self, write: Callable[[Connection], T]) -> T:
        """What a transaction returns; tried anew where another writer was faster."""
        for _ in range(TRIES - 1):
            try:
                with self.transactions.writing() as connection:
                    return write(connection)
            except RacedError:
                continue
        with self.transactions.writing() as connection:
            return write(connection)


def fit_person(by: Person) -> Person:
    """A person whose name can be kept."""
    return Person(fit_text("your name", by.name, MOST_PERSON), by.subject)


@lru_cache(maxsize=8)
def _opened(url: str) -> Store:
    return Store(Transactions(url))


def open_store(url: str = "") -> Store:
    """The store of a URL, or of this installation; one a process. Nothing is read or made before it is asked."""
    return _opened(url or store_url())


def versions_of(connection: Connection, key: str) -> list[Version]:
    """Every version of a plan, oldest first, each under its seal and in a chain without a gap."""
    found = connection.execute(_versions().where(VERSION.c.name_key == key).order_by(VERSION.c.number))
    versions = [rows.read_version(row) for row in found]
    rows.check_chain(versions)
    return versions


def events_of(connection: Connection, key: str) -> list[Event]:
    """All that happened to a plan, in order, under its seals."""
    found = select(EVENT, PLAN.c.name).join_from(EVENT, PLAN).where(EVENT.c.name_key == key).order_by(EVENT.c.number)
    return rows.read_events(connection.execute(found))


def review_of(connection: Connection, key: str) -> Review:
    """A plan with all that happened to it."""
    return Review(tuple(versions_of(connection, key)), tuple(events_of(connection, key)))


def held(connection: Connection, key: str) -> bool:
    """Whether a plan is there; other writers to it wait until this one has ended."""
    return connection.execute(select(PLAN).where(PLAN.c.name_key == key).with_for_update()).first() is not None


def _versions() -> Select[Any]:
    return select(VERSION, PLAN.c.name).join_from(VERSION, PLAN)


def _latest(connection: Connection, key: str) -> Version | None:
    found = _versions().where(VERSION.c.name_key == key).order_by(VERSION.c.number.desc()).limit(1)
    row: Row[Any] | None = connection.execute(found).first()
    return None if row is None else rows.read_version(row)


def _with_content(connection: Connection, version: Version) -> Saved:
    keys = [getattr(version, f"{part}_sha256") for part in rows.PARTS]
    found = connection.execute(select(PART.c.sha256, PART.c.text).where(PART.c.sha256.in_(keys)))
    return rows.read_saved(version, {row.sha256: row.text for row in found})


def _save(
    connection: Connection, name: str, content: Content, by: Person, at: str, why: str, after: str | None
) -> Version:
    key = name_key(name)
    plan = connection.execute(select(PLAN).where(PLAN.c.name_key == key).with_for_update()).first()
    latest = _latest(connection, key) if plan else None
    keys = {f"{part}_sha256": digest(getattr(content, part)) for part in rows.PARTS}
    if latest is not None and all(getattr(latest, part) == value for part, value in keys.items()):
        return latest
    if (latest.id if latest else None) != after:
        raise MovedOnError(_moved_on(name, latest))
    if latest is not None and is_archived(events_of(connection, key)):
        raise RefusedError(f"'{latest.plan}' is archived; restore it, or save under another name")
    if latest is not None and not why:
        raise RefusedError(f"reason is blank; say why there is a version {latest.number + 1}")
    if plan is None:
        connection.execute(PLAN.insert(), {"name_key": key, "name": name})
    unsealed = Version(
        id="",
        plan=plan.name if plan else name,
        number=latest.number + 1 if latest else 1,
        previous=latest.seal if latest else "",
        by=by,
        at=at,
        why=why,
        **keys,
        data_version=content.data_version,
        method_version=content.method_version,
        app_version=content.app_version,
        headline_kg=content.headline_kg,
        seal="",
    )
    seal = rows.version_seal(unsealed)
    version = replace(unsealed, seal=seal, id=_free_id(connection, seal))
    _keep_parts(connection, {keys[f"{part}_sha256"]: getattr(content, part) for part in rows.PARTS})
    connection.execute(VERSION.insert(), rows.version_row(version, key))
    return version


def _moved_on(name: str, latest: Version | None) -> str:
    if latest is None:
        return f"No plan is saved under the name '{name}' here; save it as a new one."
    return (
        f"'{latest.plan}' is at version {latest.number} by now, saved by {latest.by.said} on {latest.day}. "
        "Nothing was saved: look at it, then save yours as the next version, or under another name."
    )


def _free_id(connection: Connection, seal: str) -> str:
    """The first letters of a seal, one more where another version has them."""
    for length in range(LENGTH, MOST + 1):
        key = short(seal, length)
        if connection.execute(select(VERSION.c.id).where(VERSION.c.id == key)).first() is None:
            return key
    raise RefusedError("every id of this version is taken; change its reason and save again")


def _keep_parts(connection: Connection, texts: dict[str, str]) -> None:
    """Keep texts by their digest, each once; in one order, so that writers wait for each other without a knot."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    for key in sorted(texts):
        kept = dialect.insert(PART).values(sha256=key, text=texts[key])
        connection.execute(kept.on_conflict_do_nothing(index_elements=["sha256"]))
