"""The databases that other tests are given quickly are those that the migrations make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.migrated import migrated_once

from kitaran.foundation.database import connect, migrate, reading, revision


def made(path: Path) -> tuple[str | None, list[tuple[Any, ...]]]:
    engine = connect(path)
    migrate(engine)
    with reading(engine) as connection:
        told = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2")
        rows = [tuple(row) for row in told]
    stands_at = revision(engine)
    engine.dispose()
    return stands_at, rows


def test_a_database_made_from_what_the_migrations_made_is_the_same(tmp_path: Path) -> None:
    by_the_chain = made(tmp_path / "chain.db")
    with migrated_once():
        assert made(tmp_path / "quick.db") == by_the_chain
