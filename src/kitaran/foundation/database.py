"""The workspace's database: SQLite or PostgreSQL through SQLAlchemy, durable writes, and its migrations.

SQLite in WAL with `synchronous=FULL`, PostgreSQL with `synchronous_commit=on`: a transaction that was
reported as committed survives a power cut.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from kitaran.foundation.errors import WorkspaceError

HEAD = "0013"
"""Newest migration in `migrations/versions`; their ids are numbers that count up."""

_OWNER_ONLY = 0o600
_MAKING = Lock()
"""Held while a database file is made, so that no thread opens it before the maker has closed it."""
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "recursive_triggers=ON",  # else INSERT OR REPLACE deletes a row and no trigger sees it
    "secure_delete=ON",  # what is erased is overwritten
)
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
_POSTGRES_REMEDIES = {
    "53100": ("The disk of the database server is full.", "Free some space there and try again."),
    "25006": ("The database cannot be written.", "Connect to the server that takes writes."),
    "42501": (
        "The database refuses this to its user.",
        "Give the user the right, or ask the database's owner.",
    ),
}
_LOST = (
    "The database server cannot be reached, or the connection was lost.",
    "See that it runs and send it again: what was recorded already is recognised.",
)


def connect(path: Path) -> Engine:
    """An engine on the SQLite file at `path`, which appears when it is first opened, for this user alone."""
    engine = create_engine(f"sqlite:///{path}")

    def only_for_us(*_: Any) -> None:
        _keep_from_others(path)

    event.listen(engine, "do_connect", only_for_us)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _keep_from_others(path: Path) -> None:
    """Mode 0600 before there is a byte in it: it holds sealed values and hashes of what lets people in.
    SQLite gives the files beside it the same mode. What the system refuses here, SQLite then says better.

    A file that is there is never opened: POSIX drops every lock that a process has on a file when it closes
    any descriptor of it, and another process then takes the write-ahead log for left over and deletes it.
    """
    with _MAKING, contextlib.suppress(OSError):
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDONLY, _OWNER_ONLY))
        elif path.stat().st_mode & 0o077:
            path.chmod(_OWNER_ONLY)


def connect_postgres(url: str) -> Engine:
    """An engine on the PostgreSQL database at `postgresql://user@host/name`.

    Raises WorkspaceError if the driver is not installed.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        raise WorkspaceError(
            "This is not the address of a PostgreSQL database.",
            parsed.render_as_string(),
            "Write postgresql://user@host/name.",
        )
    try:
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            connect_args={"options": "-c synchronous_commit=on -c timezone=UTC"},
        )
    except ImportError as error:
        raise WorkspaceError(
            "The driver for PostgreSQL is not installed.", url, 'Run: pip install "kitaran[postgres]"'
        ) from error


def _set_pragmas(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes late and never before DDL; see _begin
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("outside", False):
        return
    writes = options.get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection whose queries all see one state. Raises WorkspaceError if the file cannot be read."""
    with _explained(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
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
def connect_raw(engine: Engine) -> Iterator[Connection]:
    """A connection outside any transaction, for VACUUM and its like. Raises WorkspaceError as `writing`
    does.
    """
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"}
    if engine.dialect.name == "sqlite":
        options = {"outside": True}
    with _explained(engine), engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def _explained(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        words = _words(error)
        if words is None:
            raise
        cause, remedy = words
        raise WorkspaceError(cause, str(engine.url.database), remedy) from error


def _words(error: DBAPIError) -> tuple[str, str] | None:
    """Cause and remedy of what the database refused; None if it is not the world's fault but ours."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _REMEDIES.get(code & 0xFF)
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(error, OperationalError) and state is None:
        return _LOST
    if state is not None and state[:2] in ("08", "57"):
        return _LOST
    return None if state is None else _POSTGRES_REMEDIES.get(state)


def revision(engine: Engine) -> str | None:
    """The migration that the database stands at; None if it is empty."""
    with reading(engine) as connection:
        known = inspect(connection).has_table("alembic_version")
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
