"""The shipment procedure: notifications, movements, documents, corridors, and the lists that users load."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ID = sa.String(64)
ITEM = sa.String(128)
TIME = sa.String(24)
DAY = sa.String(10)
MASS = sa.String(32)
ECONOMY = sa.String(3)
WORD = sa.String(20)
COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _notifications()
    _movements()
    _documents()
    _corridors()
    for table, column in (
        ("notification", "exporter"),
        ("notification", "importer"),
        ("notification", "corridor"),
        ("concerned", "economy"),
        ("question", "notification"),
        ("movement", "notification"),
        ("movement", "exporter"),
        ("movement", "importer"),
        ("movement", "corridor"),
        ("item", "item"),
        ("side", "operator"),
        ("route", "economy"),
        ("check", "movement"),
        ("document", "subject"),
        ("document", "digest"),
        ("corridor_authority", "operator"),
        ("barrier", "corridor"),
        ("preconsent_report", "preconsent"),
        ("restriction", "value"),
    ):
        op.create_index(f"ix_movement_{table}_{column}", f"movement_{table}", [column])


def _notifications() -> None:
    op.create_table(
        "movement_notification",
        sa.Column("notification", ID, primary_key=True),
        sa.Column("exporter", ID, nullable=False),
        sa.Column("importer", ID, nullable=False),
        sa.Column("facility", ID, nullable=False),
        sa.Column("corridor", ID, nullable=True),
        sa.Column("quantity_kg", MASS, nullable=False),
        sa.Column("shipments", COUNT, nullable=False),
        sa.Column("last_departure", DAY, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("submitted_at", TIME, nullable=False),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.Column("last_at", TIME, nullable=False),
    )
    op.create_table(
        "movement_concerned",
        sa.Column("notification", ID, primary_key=True),
        sa.Column("economy", ECONOMY, primary_key=True),
        sa.Column("role", WORD, nullable=False),
        sa.Column("place", COUNT, nullable=False),
        sa.Column("acknowledged_at", TIME, nullable=True),
        sa.Column("answer", WORD, nullable=True),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("answer_seq", COUNT, nullable=True),
        sa.Column("valid_from", DAY, nullable=True),
        sa.Column("valid_until", DAY, nullable=True),
        sa.Column("quantity_kg", MASS, nullable=True),
        sa.Column("shipments", COUNT, nullable=True),
        sa.Column("notice_days", COUNT, nullable=True),
        sa.Column("content", sa.Text, nullable=True),
    )
    op.create_table(
        "movement_question",
        sa.Column("question", ID, primary_key=True),
        sa.Column("notification", ID, nullable=False),
        sa.Column("economy", ECONOMY, nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("answer", sa.Text, nullable=True),
    )


def _movements() -> None:
    op.create_table(
        "movement_movement",
        sa.Column("movement", ID, primary_key=True),
        sa.Column("notification", ID, nullable=True),
        sa.Column("serial", COUNT, nullable=True),
        sa.Column("exporter", ID, nullable=False),
        sa.Column("importer", ID, nullable=False),
        sa.Column("facility", ID, nullable=False),
        sa.Column("corridor", ID, nullable=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("announced_at", TIME, nullable=False),
        sa.Column("departs", TIME, nullable=False),
        sa.Column("arrives_by", TIME, nullable=False),
        sa.Column("mass_kg", MASS, nullable=False),
        sa.Column("started_at", TIME, nullable=True),
        sa.Column("cancelled_at", TIME, nullable=True),
        sa.Column("arrived_at", TIME, nullable=True),
        sa.Column("received_at", TIME, nullable=True),
        sa.Column("received_kg", MASS, nullable=True),
        sa.Column("certified_kg", MASS, nullable=False),
        sa.Column("recovered_kg", MASS, nullable=False),
        sa.Column("completed_at", TIME, nullable=True),
        sa.Column("failed_at", TIME, nullable=True),
        sa.Column("ground", WORD, nullable=True),
        sa.Column("taken_back_at", TIME, nullable=True),
        sa.Column("last_at", TIME, nullable=False),
    )
    op.create_table(
        "movement_item",
        sa.Column("movement", ID, primary_key=True),
        sa.Column("item", ITEM, primary_key=True),
    )
    op.create_table(
        "movement_side",
        sa.Column("subject", ITEM, primary_key=True),
        sa.Column("operator", ID, primary_key=True),
        sa.Column("role", WORD, primary_key=True),
    )
    op.create_table(
        "movement_route",
        sa.Column("subject", ITEM, primary_key=True),
        sa.Column("economy", ECONOMY, primary_key=True),
        sa.Column("role", WORD, nullable=False),
    )
    op.create_table(
        "movement_check",
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("movement", ID, nullable=False),
        sa.Column("economy", ECONOMY, nullable=False),
        sa.Column("officer", ID, nullable=False),
        sa.Column("finding", WORD, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )


def _documents() -> None:
    op.create_table(
        "movement_document",
        sa.Column("given", ID, primary_key=True),
        sa.Column("seq", COUNT, nullable=False),
        sa.Column("subject", ITEM, nullable=False),
        sa.Column("document", sa.String(60), nullable=False),
        sa.Column("about", ITEM, nullable=True),
        sa.Column("digest", ID, nullable=True),
        sa.Column("given_by", ID, nullable=False),
        sa.Column("given_at", TIME, nullable=False),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "movement_preconsent_report",
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("preconsent", ID, nullable=False),
        sa.Column("facility", ID, nullable=False),
        sa.Column("period_from", DAY, nullable=False),
        sa.Column("period_until", DAY, nullable=False),
        sa.Column("reported_at", TIME, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "movement_restriction",
        sa.Column("list", ID, primary_key=True),
        sa.Column("line", COUNT, primary_key=True, autoincrement=False),
        sa.Column("dated", DAY, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("subject", WORD, nullable=False),
        sa.Column("value", sa.String(300), nullable=False),
        sa.Column("as_written", sa.String(300), nullable=False),
        sa.Column("reason", sa.Text, nullable=True),
    )


def _corridors() -> None:
    op.create_table(
        "movement_corridor",
        sa.Column("corridor", ID, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("agreed_at", TIME, nullable=False),
        sa.Column("agreed_by", ID, nullable=False),
    )
    op.create_table(
        "movement_corridor_authority",
        sa.Column("corridor", ID, primary_key=True),
        sa.Column("operator", ID, primary_key=True),
        sa.Column("joined_at", TIME, nullable=True),
        sa.Column("left_at", TIME, nullable=True),
    )
    op.create_table(
        "movement_barrier",
        sa.Column("barrier", ID, primary_key=True),
        sa.Column("corridor", ID, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("movement", ID, nullable=True),
        sa.Column("met_by", ID, nullable=False),
        sa.Column("met_at", TIME, nullable=False),
        sa.Column("lifted_at", TIME, nullable=True),
        sa.Column("how", sa.Text, nullable=True),
    )
