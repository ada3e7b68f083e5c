"""What was committed stays, what was not is gone, and migrations travel inside the package."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from kitaran.foundation import database
from kitaran.foundation.database import HEAD, connect, migrate, reading, revision, writing
from kitaran.foundation.errors import WorkspaceError

MIGRATIONS = Path(database.__file__).with_name("migrations")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = connect(tmp_path / "kitaran.db")
    yield engine
    engine.dispose()


def test_head_is_the_newest_migration_in_the_package() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


def test_migrations_count_up_so_that_newer_is_greater() -> None:
    ids = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert ids == sorted(ids, reverse=True)
    assert all(len(name) == 4 and name.isdigit() for name in ids)


def test_an_empty_database_is_migrated_to_head_once(engine: Engine) -> None:
    assert revision(engine) is None
    migrate(engine)
    migrate(engine)
    assert revision(engine) == HEAD


def test_a_migrated_database_needs_no_alembic(engine: Engine) -> None:
    migrate(engine)
    program = f"""
import sys
from pathlib import Path
from kitaran.foundation.database import connect, migrate
migrate(connect(Path({engine.url.database!r})))
assert "alembic" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(op, "create_index", refuse)
    with pytest.raises(RuntimeError, match="power cut"):
        migrate(engine)
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0


def test_a_database_of_a_newer_kitaran_is_refused(engine: Engine) -> None:
    migrate(engine)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(WorkspaceError, match="newer Kitaran"):
        migrate(engine)


def test_a_commit_survives_a_power_cut_by_its_settings(engine: Engine) -> None:
    with reading(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_what_fails_midway_leaves_nothing(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE pack (id TEXT)")
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO pack VALUES ('a')")
        _ = 1 / 0
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pack").scalar() == 0


def test_a_full_disk_is_told_with_a_remedy_and_the_rest_stays(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE pack (id TEXT)")
        connection.exec_driver_sql("INSERT INTO pack VALUES ('a')")
    with pytest.raises(WorkspaceError, match="disk is full") as error, writing(engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 3")
        connection.exec_driver_sql("INSERT INTO pack VALUES (?)", ("b" * 100_000,))
    assert "Free some space" in error.value.remedy
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT id FROM pack").scalars().all() == ["a"]


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "kitaran.db").write_text("a letter, not a database" * 100)
    with pytest.raises(WorkspaceError, match="not a database"):
        migrate(connect(tmp_path / "kitaran.db"))


def test_a_folder_in_the_place_of_the_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "kitaran.db").mkdir()
    with pytest.raises(WorkspaceError, match="cannot be opened"):
        migrate(connect(tmp_path / "kitaran.db"))


def test_another_program_that_ends_leaves_the_write_ahead_log_of_one_that_runs(tmp_path: Path) -> None:
    """A second connection must not cost the process its locks: without them, whoever else closes the
    database deletes the log into which this process goes on to write.
    """
    path = tmp_path / "kitaran.db"
    engine = connect(path)
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE kept (n INTEGER)")
    with reading(engine), reading(engine):  # two at once: the second opens a connection of its own
        pass
    log = Path(f"{path}-wal")
    before = log.stat().st_ino
    opened = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
    insert = opened + "c.execute('INSERT INTO kept VALUES (1)'); c.commit(); c.close()"
    subprocess.run([sys.executable, "-c", insert, str(path)], check=True)
    assert log.stat().st_ino == before
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO kept VALUES (2)")
    total = opened + "print(c.execute('SELECT SUM(n) FROM kept').fetchone()[0])"
    assert subprocess.check_output([sys.executable, "-c", total, str(path)], text=True).strip() == "3"
    engine.dispose()
