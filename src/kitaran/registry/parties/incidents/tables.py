"""Read models of the incidents, rebuilt from the log. `content` is canonical JSON of the event."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_ID = sa.String(64)
_TIME = sa.String(24)
_Count = sa.BigInteger().with_variant(sa.Integer, "sqlite")

incident = sa.Table(
    "party_incident",
    metadata,
    sa.Column("incident", _ID, primary_key=True),
    sa.Column("what", sa.String(20), nullable=False),
    sa.Column("reported_by", _ID, nullable=False, index=True),
    sa.Column("facility", _ID, nullable=True, index=True),
    sa.Column("happened_at", _TIME, nullable=False),
    sa.Column("reported_at", _TIME, nullable=False),
    sa.Column("closed_at", _TIME, nullable=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("seq", _Count, nullable=False),
)

step = sa.Table(
    "party_incident_step",
    metadata,
    sa.Column("seq", _Count, primary_key=True, autoincrement=False),
    sa.Column("incident", _ID, nullable=False, index=True),
    sa.Column("at", _TIME, nullable=False),
    sa.Column("by", _ID, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)

subject = sa.Table(
    "party_incident_subject",
    metadata,
    sa.Column("incident", _ID, primary_key=True),
    sa.Column("what", sa.String(10), primary_key=True),
    sa.Column("subject", sa.String(128), primary_key=True, index=True),
)

PROJECTED = (incident, step, subject)
