"""Who has acted on which item: one look-up tells whether an operator may see it. Filled from the log."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_AT_ONCE = 5_000


def upgrade() -> None:
    table = op.create_table(
        "ledger_item_actor",
        sa.Column("item", sa.String(128), primary_key=True),
        sa.Column("actor", sa.String(64), primary_key=True),
        sqlite_with_rowid=False,
    )
    _fill(op.get_bind(), table)


def _fill(connection: sa.Connection, table: sa.Table) -> None:
    event = sa.table("ledger_event", sa.column("seq"), sa.column("entry"))
    known: set[tuple[str, str]] = set()
    after = -1
    query = sa.select(event).order_by(event.c.seq).limit(_AT_ONCE)
    while rows := connection.execute(query.where(event.c.seq > after)).all():
        after = rows[-1].seq
        envelopes = [json.loads(row.entry)["envelope"] for row in rows]
        found = {(item, one["actor"]) for one in envelopes for item in one["items"]} - known
        known |= found
        if found:
            connection.execute(table.insert(), [{"item": i, "actor": a} for i, a in sorted(found)])
