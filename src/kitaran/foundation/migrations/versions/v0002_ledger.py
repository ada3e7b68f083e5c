"""The log: events, what follows from them, checkpoints; and the refusal to change what was logged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")
GROW_ONLY = ("ledger_event", "ledger_row", "ledger_key", "ledger_origin", "ledger_checkpoint")
PG_REFUSAL = """
CREATE FUNCTION kitaran_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def upgrade() -> None:
    _log()
    _derived()
    _beside()
    _checkpoints()
    _refuse_changes()


def _log() -> None:
    op.create_table(
        "ledger_event",
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.String(64), nullable=False, unique=True),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "ledger_key",
        sa.Column("key_id", sa.String(64), primary_key=True),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
    )


def _derived() -> None:
    op.create_table(
        "ledger_item_event",
        sa.Column("item", sa.String(128), primary_key=True),
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("item_seq", COUNT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_head",
        sa.Column("item", sa.String(128), primary_key=True),
        sa.Column("item_seq", COUNT, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_node",
        sa.Column("height", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", COUNT, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def _beside() -> None:
    op.create_table(
        "ledger_sealed",
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "ledger_row",
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("position", COUNT, primary_key=True, autoincrement=False),
        sa.Column("item", sa.String(128), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_ledger_row_item", "ledger_row", ["item"])


def _checkpoints() -> None:
    op.create_table(
        "ledger_origin",
        sa.Column("origin", sa.String(200), primary_key=True),
        sa.Column("began_at", sa.String(24), nullable=False),
    )
    op.create_table(
        "ledger_checkpoint",
        sa.Column("size", COUNT, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("signed_at", sa.String(24), nullable=False),
    )
    op.create_table(
        "ledger_cosignature",
        sa.Column("size", COUNT, primary_key=True, autoincrement=False),
        sa.Column("witness", sa.String(200), primary_key=True),
        sa.Column("line", sa.Text, nullable=False),
    )


def _refuse_changes() -> None:
    """Triggers that stop every UPDATE and DELETE; on PostgreSQL also TRUNCATE, and the privileges
    themselves.
    """
    if op.get_bind().dialect.name == "sqlite":
        for table in GROW_ONLY:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
                )
        return
    op.execute(PG_REFUSAL)
    for table in GROW_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION kitaran_refuse()"
        )
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER")
