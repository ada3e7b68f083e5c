"""Changing a stored log as someone would who has the database in his hands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text

from kitaran.foundation.database import writing

LOCKED = ("ledger_event", "ledger_checkpoint", "ledger_key", "ledger_row")


def tamper(engine: Engine, statement: str, **values: Any) -> None:
    """Run a statement with triggers and privileges out of the way. {blob} is the type of bytes."""
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            for name in (f"{table}_no_{act}" for table in LOCKED for act in ("update", "delete")):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for table in LOCKED:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                connection.exec_driver_sql(f"GRANT ALL ON {table} TO CURRENT_USER")
        blob = "BLOB" if engine.dialect.name == "sqlite" else "BYTEA"
        connection.execute(text(statement.replace("{blob}", blob)), values)
