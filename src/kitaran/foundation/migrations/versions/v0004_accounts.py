"""People, their sessions, one-time links and identities elsewhere; what a token may do; acts of access."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.String(64)
TIME = sa.String(24)
DIGEST = sa.LargeBinary(32)


def upgrade() -> None:
    _accounts()
    _ways_in()
    _acts()
    _tokens()


def _accounts() -> None:
    op.create_table(
        "access_account",
        sa.Column("account", ID, primary_key=True),
        sa.Column("operator", ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sign_in_name", sa.String(200), nullable=False, unique=True),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("password", sa.String(255), nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
    )
    op.create_index("ix_access_account_operator", "access_account", ["operator"])


def _ways_in() -> None:
    op.create_table(
        "access_session",
        sa.Column("digest", DIGEST, primary_key=True),
        sa.Column("session", ID, nullable=False, unique=True),
        sa.Column("account", ID, nullable=False),
        sa.Column("means", sa.String(20), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("valid_until", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
    )
    op.create_table(
        "access_link",
        sa.Column("digest", DIGEST, primary_key=True),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("account", ID, nullable=True),
        sa.Column("made_by", ID, nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("valid_until", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
    )
    op.create_table(
        "access_browser",
        sa.Column("digest", DIGEST, primary_key=True),
        sa.Column("account", ID, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
    )
    op.create_table(
        "access_outside_identity",
        sa.Column("issuer", sa.String(255), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("account", ID, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
    )
    for table in ("session", "link", "browser", "outside_identity"):
        op.create_index(f"ix_access_{table}_account", f"access_{table}", ["account"])


def _acts() -> None:
    op.create_table(
        "access_act",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("account", ID, nullable=True),
        sa.Column("operator", ID, nullable=True),
        sa.Column("by", ID, nullable=True),
    )
    for column in ("at", "account", "operator"):
        op.create_index(f"ix_access_act_{column}", "access_act", [column])


def _tokens() -> None:
    """A token from before has every scope and every role of its operator, and no end."""
    for column in (
        sa.Column("label", sa.String(200), nullable=True),
        sa.Column("scopes", sa.JSON, nullable=True),
        sa.Column("roles", sa.JSON, nullable=True),
        sa.Column("made_by", ID, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("used_on", sa.String(10), nullable=True),
    ):
        op.add_column("party_token", column)
