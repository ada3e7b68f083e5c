"""A migrated database of each kind: every test that asks for `engine` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kitaran.foundation.database import connect, connect_postgres, connect_raw, migrate
from kitaran.registry.assembly import Registry
from tests.migrated import migrated_once
from tests.registries import STORES, opened


@pytest.fixture(autouse=True, scope="module")
def _migrated_once() -> Iterator[None]:
    """The migrations run once in this process, not for each workspace."""
    with migrated_once():
        yield


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database at the newest migration, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "kitaran.db"
    made = connect(path)
    migrate(made)
    with connect_raw(made) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    made.dispose()
    return path


@pytest.fixture
def sqlite(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(migrated_file, tmp_path / "kitaran.db")
    made = connect(tmp_path / "kitaran.db")
    yield made
    made.dispose()


@pytest.fixture
def postgresql(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with request.getfixturevalue("postgres").lent() as address:
        made = connect_postgres(address)
        yield made
        made.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=STORES)
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    """Every test that asks for a whole registry runs on both stores too."""
    with opened(request, tmp_path) as made:
        yield made
