"""Changing a stored log as someone would who has the database in his hands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text

from kitaran.foundation.database import writing


def tamper(engine: Engine, statement: str, **values: Any) -> None:
    """Run a statement with triggers and privileges out of the way. {blob} is the type of bytes."""
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            for act in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS ledger_event_no_{act}")
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS ledger_checkpoint_no_{act}")
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS ledger_key_no_{act}")
        else:
            for table in ("ledger_event", "ledger_checkpoint", "ledger_key"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                connection.exec_driver_sql(f"GRANT ALL ON {table} TO CURRENT_USER")
        blob = "BLOB" if engine.dialect.name == "sqlite" else "BYTEA"
        connection.execute(text(statement.replace("{blob}", blob)), values)
