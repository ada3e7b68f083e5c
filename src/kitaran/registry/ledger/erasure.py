"""Erasing a sealed value: an event like any other says so, the value goes, its commitment and every proof
stay.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy import Connection, Engine

from kitaran.foundation.database import connect_raw, writing
from kitaran.foundation.errors import WorkspaceError
from kitaran.registry.ledger import tables as t
from kitaran.registry.ledger.kinds import EventKind, Payload, Recorded
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.receipt import Receipt


class Erased(Payload):
    """seq, name: which sealed value; reason: why it goes, without naming anyone."""

    seq: int = Field(ge=0)
    name: str = Field(min_length=1, max_length=64)
    reason: str = Field(min_length=1, max_length=500)


def _erase(connection: Connection, recorded: Recorded) -> None:
    payload = recorded.event.payload
    connection.execute(
        sa.delete(t.sealed).where(t.sealed.c.seq == payload["seq"], t.sealed.c.name == payload["name"])
    )


_WRITE_ANEW = (  # VACUUM FULL would keep the value for whoever still reads an older state
    "CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM ledger_sealed",
    "TRUNCATE ledger_sealed",
    "INSERT INTO ledger_sealed SELECT * FROM kept",
)

KIND = EventKind("ledger.erased", Erased, project=_erase, moves_head=False)


def erase(ledger: Ledger, submitted: Any) -> Receipt:
    """Append an event of kind `ledger.erased`, then make sure that no file of the database holds the value.

    Raises what `Ledger.append` raises, and WorkspaceError if the event is recorded but a reader kept the old
    pages alive: then call `scrub` again.
    """
    receipt = ledger.append(submitted)
    scrub(ledger.engine)
    return receipt


def scrub(engine: Engine) -> None:
    """Overwrite and cut off what deleted rows left behind.

    SQLite: deleted bytes are overwritten (secure_delete), and the write-ahead log is folded in and cut to
    nothing. PostgreSQL: the table is written anew; its write-ahead log is the administrator's to keep short.
    Raises WorkspaceError if somebody reads an older state just now.
    """
    if engine.dialect.name == "postgresql":
        with writing(engine) as connection:
            connection.exec_driver_sql("LOCK TABLE ledger_sealed")
            for statement in _WRITE_ANEW:
                connection.exec_driver_sql(statement)
        return
    with connect_raw(engine) as connection:
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
    if busy:
        raise WorkspaceError(
            "The value is erased, but its bytes stay in the write-ahead log while someone reads.",
            f"{engine.url.database}-wal",
            "Erase it again in a moment.",
        )
