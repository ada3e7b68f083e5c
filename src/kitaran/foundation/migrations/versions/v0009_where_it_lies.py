"""At which facility its holder keeps an item. Filled from the log."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_AT_ONCE = 5_000


def upgrade() -> None:
    op.add_column("custody_interval", sa.Column("facility", sa.String(64), nullable=True))
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    event = sa.table("ledger_event", sa.column("seq"), sa.column("entry"))
    interval = sa.table("custody_interval", sa.column("seq"), sa.column("role"), sa.column("facility"))
    after = -1
    query = sa.select(event).order_by(event.c.seq).limit(_AT_ONCE)
    while rows := connection.execute(query.where(event.c.seq > after)).all():
        after = rows[-1].seq
        for row in rows:
            facility = _facility(json.loads(row.entry)["envelope"])
            if facility is not None:
                these = (interval.c.seq == row.seq, interval.c.role == "holder")
                connection.execute(sa.update(interval).where(*these).values(facility=facility))


def _facility(envelope: dict[str, object]) -> str | None:
    """The facility that an act of custody names, whether it came at once or late."""
    kind, payload = str(envelope["kind"]), envelope["payload"]
    assert isinstance(payload, dict)
    if kind == "custody.recorded_offline":
        kind, payload = payload["act"], payload["payload"]
    return payload.get("facility") if kind.startswith("custody.") else None
