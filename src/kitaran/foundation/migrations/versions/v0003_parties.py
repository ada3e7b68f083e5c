"""The parties: operators, their roles, keys and licences; tokens, and the keys that the node keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.String(64)
TIME = sa.String(24)


def upgrade() -> None:
    _read_models()
    _beside()


def _read_models() -> None:
    op.create_table(
        "party_operator",
        sa.Column("operator", ID, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("economy", sa.String(3), nullable=True),
    )
    op.create_table(
        "party_role",
        sa.Column("operator", ID, primary_key=True),
        sa.Column("role", sa.String(40), primary_key=True),
        sa.Column("valid_from", TIME, primary_key=True),
        sa.Column("valid_until", TIME, nullable=True),
    )
    op.create_table(
        "party_key",
        sa.Column("key_id", ID, primary_key=True),
        sa.Column("operator", ID, nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("custody", sa.String(10), nullable=False),
        sa.Column("valid_from", TIME, nullable=False),
        sa.Column("valid_until", TIME, nullable=True),
    )
    op.create_index("ix_party_key_operator", "party_key", ["operator"])
    op.create_table(
        "party_licence",
        sa.Column("licence", ID, primary_key=True),
        sa.Column("operator", ID, nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("activities", sa.JSON, nullable=False),
        sa.Column("authority", sa.String(200), nullable=False),
        sa.Column("valid_from", TIME, nullable=False),
        sa.Column("valid_until", TIME, nullable=True),
    )
    op.create_index("ix_party_licence_operator", "party_licence", ["operator"])


def _beside() -> None:
    op.create_table(
        "party_token",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("operator", ID, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("valid_until", TIME, nullable=True),
    )
    op.create_index("ix_party_token_operator", "party_token", ["operator"])
    op.create_table(
        "party_kept_key",
        sa.Column("key_id", ID, primary_key=True),
        sa.Column("nonce", sa.LargeBinary(12), nullable=False),
        sa.Column("locked", sa.LargeBinary, nullable=False),
    )
