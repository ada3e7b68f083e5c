"""The workspace's database: SQLite through SQLAlchemy, durable writes, and its migrations.

WAL with `synchronous=FULL`: a transaction that was reported as committed survives a power cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from kitaran.foundation.errors import WorkspaceError

HEAD = "0001"
"""Newest migration in `migrations/versions`; their ids are numbers that count up."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")
_REMEDIES = {
    sqlite3.SQLITE_FULL: (
        "The disk is full.",
        "Free some space and try again; what was saved before is whole.",
    ),
    sqlite3.SQLITE_IOERR: ("The disk refused to read or write.", "Look at free space and the disk's health."),
    sqlite3.SQLITE_READONLY: ("The database cannot be written.", "Give this user the right to write to it."),
    sqlite3.SQLITE_CANTOPEN: (
        "The database cannot be opened.",
        "Give this user the right to write to its folder.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "This file is not a database.",
        "Restore it from a copy, or begin a new workspace.",
    ),
    sqlite3.SQLITE_CORRUPT: ("The database is damaged.", "Restore it from a copy, or begin a new workspace."),
    sqlite3.SQLITE_BUSY: (
        "The database is busy.",
        "Close the other program that writes to it and try again.",
    ),
}


def connect(path: Path) -> Engine:
    """An engine on the SQLite file at `path`, which appears when it is first written."""
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes late and never before DDL; see _begin
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection whose queries all see one state. Raises WorkspaceError if the file cannot be read."""
    with _explained(engine), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: committed when the block ends well, else nothing of it stays.

    It takes the write lock at once, so that two writers wait for each other instead of failing midway.
    Raises WorkspaceError if the disk is full or the file cannot be written.
    """
    with _explained(engine), engine.execution_options(writes=True).begin() as connection:
        yield connection


@contextmanager
def _explained(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorcode", None)
        if code is None or code & 0xFF not in _REMEDIES:
            raise
        cause, remedy = _REMEDIES[code & 0xFF]
        raise WorkspaceError(cause, str(engine.url.database), remedy) from error


def revision(engine: Engine) -> str | None:
    """The migration that the database stands at; None if it is empty."""
    with reading(engine) as connection:
        known = connection.exec_driver_sql(
            "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        ).first()
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first() if known else None
    return str(row[0]) if row else None


def migrate(engine: Engine) -> None:
    """Bring the database to HEAD, in one transaction. Alembic is imported only if there is something to do.

    Raises WorkspaceError if a newer Kitaran has migrated it already.
    """
    current = revision(engine)
    if current == HEAD:
        return
    if current is not None and current > HEAD:
        raise WorkspaceError(
            f"The database was made by a newer Kitaran (migration {current}; this one knows up to {HEAD}).",
            str(engine.url.database),
            "Install that newer Kitaran, or begin another workspace with --workspace.",
        )
    _upgrade(engine)


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)
