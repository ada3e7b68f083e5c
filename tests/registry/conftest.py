"""A migrated database of each kind: every test that asks for `engine` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kitaran.foundation.database import connect, connect_postgres, migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = connect(tmp_path / "kitaran.db")
    else:
        made = connect_postgres(request.getfixturevalue("postgres").database())
    migrate(made)
    yield made
    made.dispose()
