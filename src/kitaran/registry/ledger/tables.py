"""Tables of the log. `event` can only grow; `item_event`, `item_actor`, `head` and `node` follow from it and
can be rebuilt.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
Count = sa.BigInteger().with_variant(sa.Integer, "sqlite")

event = sa.Table(
    "ledger_event",
    metadata,
    sa.Column("seq", Count, primary_key=True, autoincrement=False),
    sa.Column("event_id", sa.String(64), nullable=False, unique=True),
    sa.Column("entry", sa.LargeBinary, nullable=False),
    sa.Column("leaf_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
)

item_event = sa.Table(
    "ledger_item_event",
    metadata,
    sa.Column("item", sa.String(128), primary_key=True),
    sa.Column("seq", Count, primary_key=True, autoincrement=False),
    sa.Column("item_seq", Count, nullable=False),
    sqlite_with_rowid=False,
)

item_actor = sa.Table(
    "ledger_item_actor",
    metadata,
    sa.Column("item", sa.String(128), primary_key=True),
    sa.Column("actor", sa.String(64), primary_key=True),
    sqlite_with_rowid=False,
)

head = sa.Table(
    "ledger_head",
    metadata,
    sa.Column("item", sa.String(128), primary_key=True),
    sa.Column("item_seq", Count, nullable=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=True),
    sqlite_with_rowid=False,
)

node = sa.Table(
    "ledger_node",
    metadata,
    sa.Column("height", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", Count, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

sealed = sa.Table(
    "ledger_sealed",
    metadata,
    sa.Column("seq", Count, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("salt", sa.String(64), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

row = sa.Table(
    "ledger_row",
    metadata,
    sa.Column("seq", Count, primary_key=True, autoincrement=False),
    sa.Column("position", Count, primary_key=True, autoincrement=False),
    sa.Column("item", sa.String(128), nullable=False, index=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

key = sa.Table(
    "ledger_key",
    metadata,
    sa.Column("key_id", sa.String(64), primary_key=True),
    sa.Column("public_key", sa.LargeBinary(32), nullable=False),
)

origin = sa.Table(
    "ledger_origin",
    metadata,
    sa.Column("origin", sa.String(200), primary_key=True),
    sa.Column("began_at", sa.String(24), nullable=False),
)

checkpoint = sa.Table(
    "ledger_checkpoint",
    metadata,
    sa.Column("size", Count, primary_key=True, autoincrement=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("signed_at", sa.String(24), nullable=False),
)

cosignature = sa.Table(
    "ledger_cosignature",
    metadata,
    sa.Column("size", Count, primary_key=True, autoincrement=False),
    sa.Column("witness", sa.String(200), primary_key=True),
    sa.Column("line", sa.Text, nullable=False),
)

GROW_ONLY = (event, row, key, origin, checkpoint)
"""No row of these is ever changed or deleted; the database itself refuses it."""

DERIVED = (item_event, item_actor, head, node)
"""Rebuilt from `event` to the same bytes."""
