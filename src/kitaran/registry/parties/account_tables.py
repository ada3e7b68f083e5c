"""People and how they get in: kept beside the log, never in it, so that a person can be forgotten."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_ID = sa.String(64)
_TIME = sa.String(24)
_DIGEST = sa.LargeBinary(32)

account = sa.Table(
    "access_account",
    metadata,
    sa.Column("account", _ID, primary_key=True),
    sa.Column("operator", _ID, nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("sign_in_name", sa.String(200), nullable=False, unique=True),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("password", sa.String(255), nullable=True),
    sa.Column("made_at", _TIME, nullable=False),
    sa.Column("ended_at", _TIME, nullable=True),
)

session = sa.Table(
    "access_session",
    metadata,
    sa.Column("digest", _DIGEST, primary_key=True),
    sa.Column("session", _ID, nullable=False, unique=True),
    sa.Column("account", _ID, nullable=False, index=True),
    sa.Column("means", sa.String(20), nullable=False),
    sa.Column("made_at", _TIME, nullable=False),
    sa.Column("seen_at", _TIME, nullable=False),
    sa.Column("valid_until", _TIME, nullable=False),
    sa.Column("ended_at", _TIME, nullable=True),
)

link = sa.Table(
    "access_link",
    metadata,
    sa.Column("digest", _DIGEST, primary_key=True),
    sa.Column("purpose", sa.String(20), nullable=False),
    sa.Column("account", _ID, nullable=True, index=True),
    sa.Column("made_by", _ID, nullable=True),
    sa.Column("made_at", _TIME, nullable=False),
    sa.Column("valid_until", _TIME, nullable=False),
    sa.Column("used_at", _TIME, nullable=True),
)

browser = sa.Table(
    "access_browser",
    metadata,
    sa.Column("digest", _DIGEST, primary_key=True),
    sa.Column("account", _ID, nullable=False, index=True),
    sa.Column("made_at", _TIME, nullable=False),
)

outside_identity = sa.Table(
    "access_outside_identity",
    metadata,
    sa.Column("issuer", sa.String(255), primary_key=True),
    sa.Column("subject", sa.String(255), primary_key=True),
    sa.Column("account", _ID, nullable=False, index=True),
    sa.Column("made_at", _TIME, nullable=False),
)

act = sa.Table(
    "access_act",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", _TIME, nullable=False, index=True),
    sa.Column("what", sa.String(40), nullable=False),
    sa.Column("account", _ID, nullable=True, index=True),
    sa.Column("operator", _ID, nullable=True, index=True),
    sa.Column("by", _ID, nullable=True),
)
