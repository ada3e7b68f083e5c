"""The migrations of SQLite run once in a process; every further new database is given what they made.

That they run on an empty database, and one after the other, is proven by the tests of the database itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect

from kitaran.foundation import database

_UPGRADE = database._upgrade
_BOUNDS = ("BEGIN TRANSACTION;", "COMMIT;")


@cache
def statements() -> tuple[str, ...]:
    """What makes a database at the newest migration."""
    with tempfile.TemporaryDirectory() as place:
        engine = database.connect(Path(place) / "kitaran.db")
        _UPGRADE(engine)
        with database.connect_raw(engine) as connection:
            made = connection.connection.driver_connection
            assert made is not None
            told = tuple(line for line in made.iterdump() if line not in _BOUNDS)
        engine.dispose()
    return told


def upgrade(engine: Engine) -> None:
    """As the product's own: whoever comes second finds the work done."""
    if engine.dialect.name == "sqlite":
        told = statements()
        with database.writing(engine) as connection:
            if not inspect(connection).get_table_names():
                for one in told:
                    connection.exec_driver_sql(one)
                return
    _UPGRADE(engine)


@contextmanager
def migrated_once() -> Iterator[None]:
    """For a fixture: new databases are made without running the migrations again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_upgrade", upgrade)
        yield
