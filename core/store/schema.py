"""The tables, and the steps that make them. Steps are only ever added: a store of any age is brought up to date.

Rows are added and never changed: no statement of this room updates or deletes.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Double, ForeignKey, Integer, MetaData, Table, Text, UniqueConstraint, text

from core.store.errors import OtherSchemaError

META = MetaData()

SCHEMA = Table(
    "glidepath_schema",
    META,
    Column("version", Integer, primary_key=True),
)
PLAN = Table(
    "saved_plan",
    META,
    Column("name_key", Text, primary_key=True),
    Column("name", Text, nullable=False),
)
PART = Table(
    "saved_part",
    META,
    Column("sha256", Text, primary_key=True),
    Column("text", Text, nullable=False),
)
VERSION = Table(
    "saved_version",
    META,
    Column("id", Text, primary_key=True),
    Column("name_key", Text, ForeignKey("saved_plan.name_key"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("previous", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("by_subject", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("inputs_sha256", Text, ForeignKey("saved_part.sha256"), nullable=False),
    Column("factors_sha256", Text, ForeignKey("saved_part.sha256"), nullable=False),
    Column("results_sha256", Text, ForeignKey("saved_part.sha256"), nullable=False),
    Column("data_version", Text, nullable=False),
    Column("method_version", Text, nullable=False),
    Column("app_version", Text, nullable=False),
    Column("headline_kg", Double),
    Column("seal", Text, nullable=False),
    UniqueConstraint("name_key", "number"),
)

EVENT = Table(
    "saved_event",
    META,
    Column("name_key", Text, ForeignKey("saved_plan.name_key"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("version_id", Text, ForeignKey("saved_version.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("row_key", Text, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("by_subject", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("seal", Text, nullable=False),
)

TOKEN = Table(
    "data_token",
    META,
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("name_key", Text, ForeignKey("saved_plan.name_key"), nullable=False),
    Column("label", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("by_subject", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("until", Text, nullable=False),
    UniqueConstraint("sha256"),
)
TOKEN_END = Table(
    "data_token_end",
    META,
    Column("id", Text, ForeignKey("data_token.id"), primary_key=True),
    Column("by_name", Text, nullable=False),
    Column("by_subject", Text, nullable=False),
    Column("at", Text, nullable=False),
)

STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE glidepath_schema (version INTEGER NOT NULL PRIMARY KEY)",
        "CREATE TABLE saved_plan (name_key TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL)",
        "CREATE TABLE saved_part (sha256 TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL)",
        """CREATE TABLE saved_version (
            id TEXT NOT NULL PRIMARY KEY,
            name_key TEXT NOT NULL REFERENCES saved_plan (name_key),
            number INTEGER NOT NULL,
            previous TEXT NOT NULL,
            by_name TEXT NOT NULL,
            by_subject TEXT NOT NULL,
            at TEXT NOT NULL,
            why TEXT NOT NULL,
            inputs_sha256 TEXT NOT NULL REFERENCES saved_part (sha256),
            factors_sha256 TEXT NOT NULL REFERENCES saved_part (sha256),
            results_sha256 TEXT NOT NULL REFERENCES saved_part (sha256),
            data_version TEXT NOT NULL,
            method_version TEXT NOT NULL,
            app_version TEXT NOT NULL,
            headline_kg DOUBLE PRECISION,
            seal TEXT NOT NULL,
            UNIQUE (name_key, number)
        )""",
    ),
    (
        """CREATE TABLE saved_event (
            name_key TEXT NOT NULL REFERENCES saved_plan (name_key),
            number INTEGER NOT NULL,
            version INTEGER NOT NULL,
            version_id TEXT NOT NULL REFERENCES saved_version (id),
            kind TEXT NOT NULL,
            row_key TEXT NOT NULL,
            old TEXT NOT NULL,
            new TEXT NOT NULL,
            text TEXT NOT NULL,
            by_name TEXT NOT NULL,
            by_subject TEXT NOT NULL,
            at TEXT NOT NULL,
            previous TEXT NOT NULL,
            seal TEXT NOT NULL,
            PRIMARY KEY (name_key, number)
        )""",
    ),
    (
        """CREATE TABLE data_token (
            id TEXT NOT NULL PRIMARY KEY,
            sha256 TEXT NOT NULL,
            name_key TEXT NOT NULL REFERENCES saved_plan (name_key),
            label TEXT NOT NULL,
            by_name TEXT NOT NULL,
            by_subject TEXT NOT NULL,
            at TEXT NOT NULL,
            until TEXT NOT NULL,
            UNIQUE (sha256)
        )""",
        """CREATE TABLE data_token_end (
            id TEXT NOT NULL PRIMARY KEY REFERENCES data_token (id),
            by_name TEXT NOT NULL,
            by_subject TEXT NOT NULL,
            at TEXT NOT NULL
        )""",
    ),
)
LOCK = 1_195_724_880  # any number that means this store to PostgreSQL


def schema_version(connection: Connection) -> int:
    """The last step that a store has taken; 0 where it is empty."""
    inside = connection.dialect.has_table(connection, SCHEMA.name)
    found = connection.execute(text("SELECT max(version) FROM glidepath_schema")).scalar() if inside else 0
    return int(found or 0)


def check(connection: Connection, steps: tuple[tuple[str, ...], ...] = STEPS) -> int:
    """The last step taken; OtherSchemaError where a newer app took steps that this one does not know."""
    found = schema_version(connection)
    if found > len(steps):
        raise OtherSchemaError(
            f"The saved plans were last opened by a newer Glidepath (their schema is {found}, this one knows "
            f"{len(steps)}). Nothing was changed; update this installation to open them."
        )
    return found


def migrate(connection: Connection, steps: tuple[tuple[str, ...], ...] = STEPS) -> None:
    """Take every step that the store has not taken, inside the caller's transaction: all of them or none."""
    if check(connection, steps) == len(steps):
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    done = check(connection, steps)  # another process may have taken them while this one waited
    for number, step in enumerate(steps[done:], done + 1):
        for statement in step:
            connection.execute(text(statement))
        connection.execute(SCHEMA.insert(), {"version": number})
