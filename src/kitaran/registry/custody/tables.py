"""Read models of custody, rebuilt from the log. Masses are decimal strings in kg, digests hexadecimal."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_ID = sa.String(64)
_ITEM = sa.String(128)
_TIME = sa.String(24)
_MASS = sa.String(32)
_COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")

item = sa.Table(
    "custody_item",
    metadata,
    sa.Column("item", _ITEM, primary_key=True),
    sa.Column("form", sa.String(10), nullable=False),
    sa.Column("holder", _ID, nullable=False, index=True),
    sa.Column("owner", _ID, nullable=False, index=True),
    sa.Column("basis", sa.String(30), nullable=True),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("count", _COUNT, nullable=False),
    sa.Column("mass_kg", _MASS, nullable=True),
    sa.Column("inside", _ITEM, nullable=True, index=True),
    sa.Column("last_at", _TIME, nullable=False),
    sa.Column("last_seq", _COUNT, nullable=False),
    sa.Column("last_digest", sa.String(64), nullable=False),
)

interval = sa.Table(
    "custody_interval",
    metadata,
    sa.Column("item", _ITEM, primary_key=True),
    sa.Column("role", sa.String(6), primary_key=True),
    sa.Column("seq", _COUNT, primary_key=True, autoincrement=False),
    sa.Column("operator", _ID, nullable=False, index=True),
    sa.Column("since", _TIME, nullable=False),
    sa.Column("until", _TIME, nullable=True),
    sa.Column("until_seq", _COUNT, nullable=True),
    sa.Column("place", sa.String(200), nullable=True),
    sa.Column("facility", _ID, nullable=True),
)

offer = sa.Table(
    "custody_offer",
    metadata,
    sa.Column("offer", _ID, primary_key=True),
    sa.Column("seq", _COUNT, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("signed", sa.String(10), nullable=False),
    sa.Column("giver", _ID, nullable=False, index=True),
    sa.Column("receiver", _ID, nullable=False, index=True),
    sa.Column("passes", sa.String(10), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("valid_until", _TIME, nullable=True),
    sa.Column("made_at", _TIME, nullable=False),
    sa.Column("place", sa.String(200), nullable=True),
    sa.Column("answer", sa.String(10), nullable=True),
    sa.Column("answer_seq", _COUNT, nullable=True),
    sa.Column("answer_digest", sa.String(64), nullable=True),
    sa.Column("answer_signed", sa.String(10), nullable=True),
    sa.Column("answered_at", _TIME, nullable=True),
    sa.Column("answer_place", sa.String(200), nullable=True),
)

offered_item = sa.Table(
    "custody_offer_item",
    metadata,
    sa.Column("offer", _ID, primary_key=True),
    sa.Column("item", _ITEM, primary_key=True, index=True),
    sa.Column("form", sa.String(10), nullable=False),
    sa.Column("count", _COUNT, nullable=False),
    sa.Column("mass_kg", _MASS, nullable=True),
)

claim = sa.Table(
    "custody_claim",
    metadata,
    sa.Column("offer", _ID, primary_key=True),
    sa.Column("item", _ITEM, primary_key=True),
    sa.Column("claimant", _ID, nullable=False, index=True),
    sa.Column("against", _ID, nullable=False, index=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("seq", _COUNT, nullable=False),
    sa.Column("made_at", _TIME, nullable=False),
    sa.Column("answer_by", _TIME, nullable=False),
    sa.Column("outcome", sa.String(10), nullable=True),
    sa.Column("outcome_at", _TIME, nullable=True),
    sa.Column("outcome_by", _ID, nullable=True),
    sa.Column("outcome_seq", _COUNT, nullable=True),
)

part = sa.Table(
    "custody_part",
    metadata,
    sa.Column("source", _ITEM, primary_key=True),
    sa.Column("product", _ITEM, primary_key=True, index=True),
    sa.Column("seq", _COUNT, primary_key=True, autoincrement=False),
    sa.Column("act", sa.String(10), nullable=False),
    sa.Column("count", _COUNT, nullable=False),
    sa.Column("mass_kg", _MASS, nullable=False),
    sa.Column("at", _TIME, nullable=False),
)

stay = sa.Table(
    "custody_stay",
    metadata,
    sa.Column("item", _ITEM, primary_key=True),
    sa.Column("seq", _COUNT, primary_key=True, autoincrement=False),
    sa.Column("what", sa.String(20), nullable=False),
    sa.Column("host", sa.String(64), nullable=False),
    sa.Column("since", _TIME, nullable=False),
    sa.Column("until", _TIME, nullable=True),
)

late = sa.Table(
    "custody_late",
    metadata,
    sa.Column("seq", _COUNT, primary_key=True, autoincrement=False),
    sa.Column("event", _ID, nullable=False),
    sa.Column("operator", _ID, nullable=False, index=True),
    sa.Column("key_id", sa.String(64), nullable=False, index=True),
    sa.Column("number", _COUNT, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=True),
    sa.Column("awaits", _ID, nullable=True, index=True),
    sa.Column("content", sa.Text, nullable=False),
)

PROJECTED = (item, interval, offer, offered_item, claim, part, stay, late)
