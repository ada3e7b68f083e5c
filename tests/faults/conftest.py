"""The stores that are hurt here, at two sizes: small in the quick suite, full in the slow one."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from kitaran.foundation.database import connect, connect_postgres, migrate

FULL = pytest.param("full", marks=pytest.mark.slow)


def open_store(address: str) -> Engine:
    """The database at a path or an address of PostgreSQL."""
    return connect_postgres(address) if address.startswith("postgresql:") else connect(Path(address))


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database: the path of a file, or an address of PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres").migrated())
    made = connect(tmp_path / "kitaran.db")
    migrate(made)
    made.dispose()
    return str(tmp_path / "kitaran.db")


@pytest.fixture(params=["small", FULL])
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the test runs at the size that the project promises."""
    return bool(request.param == "full")
