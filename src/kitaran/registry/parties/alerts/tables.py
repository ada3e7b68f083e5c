"""Read models of the alerts, rebuilt from the log. `content` is canonical JSON as it stood in the event."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_ID = sa.String(64)
_TIME = sa.String(24)

alert = sa.Table(
    "party_alert",
    metadata,
    sa.Column("alert", _ID, primary_key=True),
    sa.Column("issued_by", _ID, nullable=False),
    sa.Column("issued_at", _TIME, nullable=False),
    sa.Column("withdrawn_at", _TIME, nullable=True),
    sa.Column("withdrawal", sa.Text, nullable=True),
    sa.Column("content", sa.Text, nullable=False),
)

notice = sa.Table(
    "party_alert_notice",
    metadata,
    sa.Column("alert", _ID, primary_key=True),
    sa.Column("operator", _ID, primary_key=True),
    sa.Column("at", _TIME, nullable=False),
    sa.Column("how", sa.String(20), nullable=False),
)

PROJECTED = (alert, notice)
