"""Readers see one state, whatever others write meanwhile; what the server refuses is told in words."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from kitaran.foundation.database import connect_postgres, reading, writing
from kitaran.foundation.errors import WorkspaceError
from kitaran.registry.ledger import repository


def test_a_reader_sees_one_state_while_others_write(engine: Engine) -> None:
    with reading(engine) as connection:
        assert repository.origin(connection) is None
        with writing(engine) as other:
            repository.add_origin(other, "registry.example/log", "2026-01-31T08:00:00.000Z")
        assert repository.origin(connection) is None
    with reading(engine) as connection:
        assert repository.origin(connection) == "registry.example/log"


def test_what_is_not_an_address_of_postgresql_is_told() -> None:
    with pytest.raises(WorkspaceError, match="not the address"):
        connect_postgres("mysql://kitaran@localhost/kitaran")


def test_a_server_that_is_away_is_told() -> None:
    with (
        pytest.raises(WorkspaceError, match="cannot be reached"),
        reading(connect_postgres("postgresql://kitaran@127.0.0.1:9/kitaran")),
    ):
        pass
