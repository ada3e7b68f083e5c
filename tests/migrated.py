"""The migrations of SQLite run once in a process; every further new database is given what they made.

That they run on an empty database, and one after the other, is proven by the tests of the database itself.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock

import pytest
from sqlalchemy import Connection, Engine

from kitaran.foundation import database

_UPGRADE = database._upgrade
_FILLING = Lock()


@cache
def image() -> sqlite3.Connection:
    """A database at the newest migration, in memory."""
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with tempfile.TemporaryDirectory() as place:
        engine = database.connect(Path(place) / "kitaran.db")
        _UPGRADE(engine)
        with database.connect_raw(engine) as connection:
            _driver(connection).backup(kept)
        engine.dispose()
    return kept


def upgrade(engine: Engine) -> None:
    """As the product's own: whoever comes second finds the work done."""
    if engine.dialect.name == "sqlite":
        with _FILLING, database.connect_raw(engine) as connection:
            raw = _driver(connection)
            if raw.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
                image().backup(raw)
                return
    _UPGRADE(engine)


def _driver(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


@contextmanager
def migrated_once() -> Iterator[None]:
    """For a fixture: new databases are made without running the migrations again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_upgrade", upgrade)
        yield
