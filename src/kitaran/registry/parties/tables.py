"""Read models of the parties, rebuilt from the log; and, beside it, tokens and keys that the node keeps."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_ID = sa.String(64)
_TIME = sa.String(24)

operator = sa.Table(
    "party_operator",
    metadata,
    sa.Column("operator", _ID, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("economy", sa.String(3), nullable=True),
)

role = sa.Table(
    "party_role",
    metadata,
    sa.Column("operator", _ID, primary_key=True),
    sa.Column("role", sa.String(40), primary_key=True),
    sa.Column("valid_from", _TIME, primary_key=True),
    sa.Column("valid_until", _TIME, nullable=True),
)

key = sa.Table(
    "party_key",
    metadata,
    sa.Column("key_id", _ID, primary_key=True),
    sa.Column("operator", _ID, nullable=False, index=True),
    sa.Column("public_key", sa.LargeBinary(32), nullable=False),
    sa.Column("custody", sa.String(10), nullable=False),
    sa.Column("valid_from", _TIME, nullable=False),
    sa.Column("valid_until", _TIME, nullable=True),
)

licence = sa.Table(
    "party_licence",
    metadata,
    sa.Column("licence", _ID, primary_key=True),
    sa.Column("operator", _ID, nullable=False, index=True),
    sa.Column("number", sa.String(100), nullable=False),
    sa.Column("activities", sa.JSON, nullable=False),
    sa.Column("authority", sa.String(200), nullable=False),
    sa.Column("valid_from", _TIME, nullable=False),
    sa.Column("valid_until", _TIME, nullable=True),
)

PROJECTED = (operator, role, key, licence)

token = sa.Table(
    "party_token",
    metadata,
    sa.Column("digest", sa.LargeBinary(32), primary_key=True),
    sa.Column("operator", _ID, nullable=False, index=True),
    sa.Column("made_at", _TIME, nullable=False),
    sa.Column("valid_until", _TIME, nullable=True),
    sa.Column("label", sa.String(200), nullable=True),
    sa.Column("scopes", sa.JSON, nullable=True),
    sa.Column("roles", sa.JSON, nullable=True),
    sa.Column("made_by", _ID, nullable=True),
    sa.Column("ended_at", _TIME, nullable=True),
    sa.Column("used_on", sa.String(10), nullable=True),
)

kept_key = sa.Table(
    "party_kept_key",
    metadata,
    sa.Column("key_id", _ID, primary_key=True),
    sa.Column("nonce", sa.LargeBinary(12), nullable=False),
    sa.Column("locked", sa.LargeBinary, nullable=False),
)
