"""A fresh store on each database for every test; all tests on PostgreSQL share a server, one a worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from core.store.store import Store
from core.store.transactions import Transactions
from tests.store.postgres import cluster, programs

MISSING = "PostgreSQL is not installed here: apt-get install postgresql"
_numbers = count(1)


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A real PostgreSQL; without one the tests are skipped on a desk, and fail under CI."""
    if programs() is None:
        pytest.fail(MISSING) if os.environ.get("CI") else pytest.skip(MISSING)
    with cluster() as url:
        yield url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def postgresql_url(server_url: str) -> str:
    """An empty schema of its own on the server."""
    name = f"t{next(_numbers)}"
    engine = create_engine(server_url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    return f"{server_url}?options=-csearch_path%3D{name}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file that is not there yet, in a folder that is not there yet."""
    return f"sqlite:///{tmp_path / 'kept' / 'plans.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of either kind."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store of either kind."""
    made = Store(Transactions(url))
    yield made
    made.transactions.engine.dispose()
