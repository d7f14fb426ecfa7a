"""Saved plans, in an SQLite file by default or in PostgreSQL by one URL: sealed versions that are only ever added.

What needs the database library is imported by name from `core.store.store`, so that the app starts without it.
"""

from __future__ import annotations

from core.store.errors import (
    MovedOnError,
    NotFoundError,
    NotSavedError,
    OtherSchemaError,
    RefusedError,
    SavingOffError,
    StoreError,
    TamperedError,
    UncertainError,
    UnreachableError,
)
from core.store.place import NAME, store_url
from core.store.records import Content, Person, Saved, Version
from core.store.review import Event, Review
from core.store.seal import read_id

__all__ = [
    "NAME",
    "Content",
    "Event",
    "MovedOnError",
    "NotFoundError",
    "NotSavedError",
    "OtherSchemaError",
    "Person",
    "RefusedError",
    "Review",
    "Saved",
    "SavingOffError",
    "StoreError",
    "TamperedError",
    "UncertainError",
    "UnreachableError",
    "Version",
    "read_id",
    "store_url",
]
