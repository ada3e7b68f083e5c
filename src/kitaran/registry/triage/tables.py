"""Read models of recorded triage, rebuilt from the log. Health and measurements stay beside it, sealed."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_ID = sa.String(64)
_TIME = sa.String(24)
_COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")

result = sa.Table(
    "triage_result",
    metadata,
    sa.Column("result", _ID, primary_key=True),
    sa.Column("seq", _COUNT, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("battery", _ID, nullable=False, index=True),
    sa.Column("by", _ID, nullable=False),
    sa.Column("at", _TIME, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("supersedes", _ID, nullable=True),
    sa.Column("superseded_by", _ID, nullable=True),
    sa.Column("set_aside", sa.Boolean, nullable=False),
)

dispute = sa.Table(
    "triage_dispute",
    metadata,
    sa.Column("dispute", _ID, primary_key=True),
    sa.Column("seq", _COUNT, nullable=False),
    sa.Column("result", _ID, nullable=False, index=True),
    sa.Column("by", _ID, nullable=False),
    sa.Column("at", _TIME, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("outcome", sa.String(10), nullable=True),
    sa.Column("outcome_at", _TIME, nullable=True),
    sa.Column("outcome_by", _ID, nullable=True),
    sa.Column("outcome_seq", _COUNT, nullable=True),
)

PROJECTED = (result, dispute)
