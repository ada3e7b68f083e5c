"""Custody: items with holder and owner, offers, claims, lineage, hosts, and what devices recorded offline."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.String(64)
ITEM = sa.String(128)
TIME = sa.String(24)
MASS = sa.String(32)
PLACE = sa.String(200)
WORD = sa.String(10)
COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _items()
    _offers()
    _lineage()
    _late()
    for table, column in (
        ("item", "holder"),
        ("item", "owner"),
        ("item", "inside"),
        ("interval", "operator"),
        ("offer", "giver"),
        ("offer", "receiver"),
        ("offer_item", "item"),
        ("claim", "claimant"),
        ("claim", "against"),
        ("part", "product"),
        ("late", "operator"),
        ("late", "key_id"),
        ("late", "state"),
        ("late", "awaits"),
    ):
        op.create_index(f"ix_custody_{table}_{column}", f"custody_{table}", [column])


def _number(name: str, **options: bool) -> sa.Column[int]:
    return sa.Column(name, COUNT, nullable=options.get("nullable", False))


def _items() -> None:
    op.create_table(
        "custody_item",
        sa.Column("item", ITEM, primary_key=True),
        sa.Column("form", WORD, nullable=False),
        sa.Column("holder", ID, nullable=False),
        sa.Column("owner", ID, nullable=False),
        sa.Column("basis", sa.String(30), nullable=True),
        sa.Column("status", WORD, nullable=False),
        _number("count"),
        sa.Column("mass_kg", MASS, nullable=True),
        sa.Column("inside", ITEM, nullable=True),
        sa.Column("last_at", TIME, nullable=False),
        _number("last_seq"),
        sa.Column("last_digest", sa.String(64), nullable=False),
    )
    op.create_table(
        "custody_interval",
        sa.Column("item", ITEM, primary_key=True),
        sa.Column("role", sa.String(6), primary_key=True),
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("operator", ID, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=True),
        _number("until_seq", nullable=True),
        sa.Column("place", PLACE, nullable=True),
    )
    op.create_table(
        "custody_stay",
        sa.Column("item", ITEM, primary_key=True),
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("host", ID, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=True),
    )


def _offers() -> None:
    op.create_table(
        "custody_offer",
        sa.Column("offer", ID, primary_key=True),
        _number("seq"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("signed", WORD, nullable=False),
        sa.Column("giver", ID, nullable=False),
        sa.Column("receiver", ID, nullable=False),
        sa.Column("passes", WORD, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("valid_until", TIME, nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("place", PLACE, nullable=True),
        sa.Column("answer", WORD, nullable=True),
        _number("answer_seq", nullable=True),
        sa.Column("answer_digest", sa.String(64), nullable=True),
        sa.Column("answer_signed", WORD, nullable=True),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("answer_place", PLACE, nullable=True),
    )
    op.create_table(
        "custody_offer_item",
        sa.Column("offer", ID, primary_key=True),
        sa.Column("item", ITEM, primary_key=True),
        sa.Column("form", WORD, nullable=False),
        _number("count"),
        sa.Column("mass_kg", MASS, nullable=True),
    )
    op.create_table(
        "custody_claim",
        sa.Column("offer", ID, primary_key=True),
        sa.Column("item", ITEM, primary_key=True),
        sa.Column("claimant", ID, nullable=False),
        sa.Column("against", ID, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        _number("seq"),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("answer_by", TIME, nullable=False),
        sa.Column("outcome", WORD, nullable=True),
        sa.Column("outcome_at", TIME, nullable=True),
        sa.Column("outcome_by", ID, nullable=True),
        _number("outcome_seq", nullable=True),
    )


def _lineage() -> None:
    op.create_table(
        "custody_part",
        sa.Column("source", ITEM, primary_key=True),
        sa.Column("product", ITEM, primary_key=True),
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("act", WORD, nullable=False),
        _number("count"),
        sa.Column("mass_kg", MASS, nullable=False),
        sa.Column("at", TIME, nullable=False),
    )


def _late() -> None:
    op.create_table(
        "custody_late",
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("event", ID, nullable=False),
        sa.Column("operator", ID, nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        _number("number"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("awaits", ID, nullable=True),
        sa.Column("content", sa.Text, nullable=False),
    )
