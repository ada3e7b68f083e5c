"""Recorded triage: results of batteries, and disputes about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ID = sa.String(64)
TIME = sa.String(24)
COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "triage_result",
        sa.Column("result", ID, primary_key=True),
        sa.Column("seq", COUNT, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("battery", ID, nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("supersedes", ID, nullable=True),
        sa.Column("superseded_by", ID, nullable=True),
        sa.Column("set_aside", sa.Boolean, nullable=False),
    )
    op.create_table(
        "triage_dispute",
        sa.Column("dispute", ID, primary_key=True),
        sa.Column("seq", COUNT, nullable=False),
        sa.Column("result", ID, nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("outcome_at", TIME, nullable=True),
        sa.Column("outcome_by", ID, nullable=True),
        sa.Column("outcome_seq", COUNT, nullable=True),
    )
    op.create_index("ix_triage_result_battery", "triage_result", ["battery"])
    op.create_index("ix_triage_dispute_result", "triage_dispute", ["result"])
