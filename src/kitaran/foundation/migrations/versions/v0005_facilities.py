"""Facilities with permits, pre-consents and reports; certificates of technicians; incidents; alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.String(64)
TIME = sa.String(24)
COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _facilities()
    _certificates()
    _incidents()
    _alerts()
    for table, column in (
        ("facility", "operator"),
        ("permit", "facility"),
        ("preconsent", "facility"),
        ("environment_report", "facility"),
        ("certificate", "technician"),
        ("certificate", "operator"),
        ("incident", "reported_by"),
        ("incident", "facility"),
        ("incident_step", "incident"),
        ("incident_subject", "subject"),
    ):
        op.create_index(f"ix_party_{table}_{column}", f"party_{table}", [column])


def _facilities() -> None:
    op.create_table(
        "party_facility",
        sa.Column("facility", ID, primary_key=True),
        sa.Column("operator", ID, nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
    )
    op.create_table(
        "party_facility_form",
        sa.Column("facility", ID, primary_key=True),
        sa.Column("valid_from", TIME, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
    )
    for table in ("permit", "preconsent"):
        op.create_table(
            f"party_{table}",
            sa.Column(table, ID, primary_key=True),
            sa.Column("facility", ID, nullable=False),
            sa.Column("content", sa.Text, nullable=False),
            sa.Column("valid_from", TIME, nullable=False),
            sa.Column("valid_until", TIME, nullable=True),
        )
    op.create_table(
        "party_environment_report",
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("facility", ID, nullable=False),
        sa.Column("reported_by", ID, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )


def _certificates() -> None:
    op.create_table(
        "party_certificate",
        sa.Column("certificate", ID, primary_key=True),
        sa.Column("technician", ID, nullable=False),
        sa.Column("operator", ID, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("valid_from", TIME, nullable=False),
        sa.Column("valid_until", TIME, nullable=True),
        sa.Column("seq", COUNT, nullable=False),
    )


def _incidents() -> None:
    op.create_table(
        "party_incident",
        sa.Column("incident", ID, primary_key=True),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("reported_by", ID, nullable=False),
        sa.Column("facility", ID, nullable=True),
        sa.Column("happened_at", TIME, nullable=False),
        sa.Column("reported_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("seq", COUNT, nullable=False),
    )
    op.create_table(
        "party_incident_step",
        sa.Column("seq", COUNT, primary_key=True, autoincrement=False),
        sa.Column("incident", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "party_incident_subject",
        sa.Column("incident", ID, primary_key=True),
        sa.Column("what", sa.String(10), primary_key=True),
        sa.Column("subject", sa.String(128), primary_key=True),
    )


def _alerts() -> None:
    op.create_table(
        "party_alert",
        sa.Column("alert", ID, primary_key=True),
        sa.Column("issued_by", ID, nullable=False),
        sa.Column("issued_at", TIME, nullable=False),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.Column("withdrawal", sa.Text, nullable=True),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "party_alert_notice",
        sa.Column("alert", ID, primary_key=True),
        sa.Column("operator", ID, primary_key=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("how", sa.String(20), nullable=False),
    )
