"""Read models of the passports, rebuilt from the log. `content` is canonical JSON of attributes.

Values that not everyone may read stand beside the log, under the `seq` of the event: erased there, they
are gone.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_ID = sa.String(64)
_TIME = sa.String(24)
_Count = sa.BigInteger().with_variant(sa.Integer, "sqlite")

model = sa.Table(
    "passport_model",
    metadata,
    sa.Column("model", _ID, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("operator", _ID, nullable=False, index=True),
    sa.Column("at", _TIME, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("seq", _Count, nullable=False),
)

battery = sa.Table(
    "passport_battery",
    metadata,
    sa.Column("battery", _ID, primary_key=True),
    sa.Column("operator", _ID, nullable=False, index=True),
    sa.Column("model", _ID, nullable=True, index=True),
    sa.Column("serial_number", sa.String(500), nullable=True, index=True),
    sa.Column("origin", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("predecessor", _ID, nullable=True),
    sa.Column("successor", _ID, nullable=True),
    sa.Column("at", _TIME, nullable=False),
    sa.Column("seq", _Count, nullable=False),
)

alias = sa.Table(
    "passport_alias",
    metadata,
    sa.Column("scheme", sa.String(30), primary_key=True),
    sa.Column("value", sa.String(600), primary_key=True),
    sa.Column("battery", _ID, nullable=False, index=True),
)

step = sa.Table(
    "passport_step",
    metadata,
    sa.Column("seq", _Count, primary_key=True, autoincrement=False),
    sa.Column("battery", _ID, primary_key=True, index=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("at", _TIME, nullable=False),
    sa.Column("by", _ID, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)

PROJECTED = (model, battery, alias, step)
