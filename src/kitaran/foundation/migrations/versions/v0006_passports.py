"""Passports: versions of models, batteries, names under which they are known, and what happened to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.String(64)
TIME = sa.String(24)
COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "passport_model",
        sa.Column("model", ID, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("operator", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("seq", COUNT, nullable=False),
    )
    op.create_table(
        "passport_battery",
        sa.Column("battery", ID, primary_key=True),
        sa.Column("operator", ID, nullable=False),
        sa.Column("model", ID, nullable=True),
        sa.Column("serial_number", sa.String(500), nullable=True),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("predecessor", ID, nullable=True),
        sa.Column("successor", ID, nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("seq", COUNT, nullable=False),
    )
    op.create_table(
        "passport_alias",
        sa.Column("scheme", sa.String(30), primary_key=True),
        sa.Column("value", sa.String(600), primary_key=True),
        sa.Column("battery", ID, nullable=False),
    )
    op.create_table(
        "passport_step",
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("battery", ID, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    for table, column in (
        ("model", "operator"),
        ("battery", "operator"),
        ("battery", "model"),
        ("battery", "serial_number"),
        ("alias", "battery"),
        ("step", "battery"),
    ):
        op.create_index(f"ix_passport_{table}_{column}", f"passport_{table}", [column])
