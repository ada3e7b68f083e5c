"""Read models of the shipment procedure, rebuilt from the log; and, beside it, the lists that users load."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_ID = sa.String(64)
_ITEM = sa.String(128)
_TIME = sa.String(24)
_DAY = sa.String(10)
_MASS = sa.String(32)
_ECONOMY = sa.String(3)
_WORD = sa.String(20)
_COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")

notification = sa.Table(
    "movement_notification",
    metadata,
    sa.Column("notification", _ID, primary_key=True),
    sa.Column("exporter", _ID, nullable=False, index=True),
    sa.Column("importer", _ID, nullable=False, index=True),
    sa.Column("facility", _ID, nullable=False),
    sa.Column("corridor", _ID, nullable=True, index=True),
    sa.Column("quantity_kg", _MASS, nullable=False),
    sa.Column("shipments", _COUNT, nullable=False),
    sa.Column("last_departure", _DAY, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("submitted_at", _TIME, nullable=False),
    sa.Column("withdrawn_at", _TIME, nullable=True),
    sa.Column("last_at", _TIME, nullable=False),
)

concerned = sa.Table(
    "movement_concerned",
    metadata,
    sa.Column("notification", _ID, primary_key=True),
    sa.Column("economy", _ECONOMY, primary_key=True, index=True),
    sa.Column("role", _WORD, nullable=False),
    sa.Column("place", _COUNT, nullable=False),
    sa.Column("acknowledged_at", _TIME, nullable=True),
    sa.Column("answer", _WORD, nullable=True),
    sa.Column("answered_at", _TIME, nullable=True),
    sa.Column("answered_by", _ID, nullable=True),
    sa.Column("answer_seq", _COUNT, nullable=True),
    sa.Column("valid_from", _DAY, nullable=True),
    sa.Column("valid_until", _DAY, nullable=True),
    sa.Column("quantity_kg", _MASS, nullable=True),
    sa.Column("shipments", _COUNT, nullable=True),
    sa.Column("notice_days", _COUNT, nullable=True),
    sa.Column("content", sa.Text, nullable=True),
)

question = sa.Table(
    "movement_question",
    metadata,
    sa.Column("question", _ID, primary_key=True),
    sa.Column("notification", _ID, nullable=False, index=True),
    sa.Column("economy", _ECONOMY, nullable=False),
    sa.Column("asked_by", _ID, nullable=False),
    sa.Column("asked_at", _TIME, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("answered_at", _TIME, nullable=True),
    sa.Column("answer", sa.Text, nullable=True),
)

movement = sa.Table(
    "movement_movement",
    metadata,
    sa.Column("movement", _ID, primary_key=True),
    sa.Column("notification", _ID, nullable=True, index=True),
    sa.Column("serial", _COUNT, nullable=True),
    sa.Column("exporter", _ID, nullable=False, index=True),
    sa.Column("importer", _ID, nullable=False, index=True),
    sa.Column("facility", _ID, nullable=False),
    sa.Column("corridor", _ID, nullable=True, index=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("announced_at", _TIME, nullable=False),
    sa.Column("departs", _TIME, nullable=False),
    sa.Column("arrives_by", _TIME, nullable=False),
    sa.Column("mass_kg", _MASS, nullable=False),
    sa.Column("started_at", _TIME, nullable=True),
    sa.Column("cancelled_at", _TIME, nullable=True),
    sa.Column("arrived_at", _TIME, nullable=True),
    sa.Column("received_at", _TIME, nullable=True),
    sa.Column("received_kg", _MASS, nullable=True),
    sa.Column("certified_kg", _MASS, nullable=False),
    sa.Column("recovered_kg", _MASS, nullable=False),
    sa.Column("completed_at", _TIME, nullable=True),
    sa.Column("failed_at", _TIME, nullable=True),
    sa.Column("ground", _WORD, nullable=True),
    sa.Column("taken_back_at", _TIME, nullable=True),
    sa.Column("last_at", _TIME, nullable=False),
)

travelling = sa.Table(
    "movement_item",
    metadata,
    sa.Column("movement", _ID, primary_key=True),
    sa.Column("item", _ITEM, primary_key=True, index=True),
)

side = sa.Table(
    "movement_side",
    metadata,
    sa.Column("subject", _ITEM, primary_key=True),
    sa.Column("operator", _ID, primary_key=True, index=True),
    sa.Column("role", _WORD, primary_key=True),
)

route = sa.Table(
    "movement_route",
    metadata,
    sa.Column("subject", _ITEM, primary_key=True),
    sa.Column("economy", _ECONOMY, primary_key=True, index=True),
    sa.Column("role", _WORD, nullable=False),
)

check = sa.Table(
    "movement_check",
    metadata,
    sa.Column("seq", _COUNT, primary_key=True, autoincrement=False),
    sa.Column("movement", _ID, nullable=False, index=True),
    sa.Column("economy", _ECONOMY, nullable=False),
    sa.Column("officer", _ID, nullable=False),
    sa.Column("finding", _WORD, nullable=False),
    sa.Column("at", _TIME, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)

document = sa.Table(
    "movement_document",
    metadata,
    sa.Column("given", _ID, primary_key=True),
    sa.Column("seq", _COUNT, nullable=False),
    sa.Column("subject", _ITEM, nullable=False, index=True),
    sa.Column("document", sa.String(60), nullable=False),
    sa.Column("about", _ITEM, nullable=True),
    sa.Column("digest", sa.String(64), nullable=True, index=True),
    sa.Column("given_by", _ID, nullable=False),
    sa.Column("given_at", _TIME, nullable=False),
    sa.Column("withdrawn_at", _TIME, nullable=True),
    sa.Column("content", sa.Text, nullable=False),
)

corridor = sa.Table(
    "movement_corridor",
    metadata,
    sa.Column("corridor", _ID, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("agreed_at", _TIME, nullable=False),
    sa.Column("agreed_by", _ID, nullable=False),
)

corridor_authority = sa.Table(
    "movement_corridor_authority",
    metadata,
    sa.Column("corridor", _ID, primary_key=True),
    sa.Column("operator", _ID, primary_key=True, index=True),
    sa.Column("joined_at", _TIME, nullable=True),
    sa.Column("left_at", _TIME, nullable=True),
)

barrier = sa.Table(
    "movement_barrier",
    metadata,
    sa.Column("barrier", _ID, primary_key=True),
    sa.Column("corridor", _ID, nullable=False, index=True),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("movement", _ID, nullable=True),
    sa.Column("met_by", _ID, nullable=False),
    sa.Column("met_at", _TIME, nullable=False),
    sa.Column("lifted_at", _TIME, nullable=True),
    sa.Column("how", sa.Text, nullable=True),
)

preconsent_report = sa.Table(
    "movement_preconsent_report",
    metadata,
    sa.Column("seq", _COUNT, primary_key=True, autoincrement=False),
    sa.Column("preconsent", _ID, nullable=False, index=True),
    sa.Column("facility", _ID, nullable=False),
    sa.Column("period_from", _DAY, nullable=False),
    sa.Column("period_until", _DAY, nullable=False),
    sa.Column("reported_at", _TIME, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)

restriction = sa.Table(
    "movement_restriction",
    metadata,
    sa.Column("list", _ID, primary_key=True),
    sa.Column("line", _COUNT, primary_key=True, autoincrement=False),
    sa.Column("dated", _DAY, nullable=False),
    sa.Column("kind", _WORD, nullable=False),
    sa.Column("subject", _WORD, nullable=False),
    sa.Column("value", sa.String(300), nullable=False, index=True),
    sa.Column("as_written", sa.String(300), nullable=False),
    sa.Column("reason", sa.Text, nullable=True),
    sa.Column("until", _DAY, nullable=True),
)

PROJECTED = (
    notification,
    concerned,
    question,
    movement,
    travelling,
    side,
    route,
    check,
    document,
    corridor,
    corridor_authority,
    barrier,
    preconsent_report,
)
"""All but `restriction`: what a user has loaded is no event."""
