"""Read models of the facilities, rebuilt from the log.

`content` holds canonical JSON as it stood in the event, so that a rebuild gives the same bytes.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_ID = sa.String(64)
_TIME = sa.String(24)
_Count = sa.BigInteger().with_variant(sa.Integer, "sqlite")

facility = sa.Table(
    "party_facility",
    metadata,
    sa.Column("facility", _ID, primary_key=True),
    sa.Column("operator", _ID, nullable=False, index=True),
    sa.Column("opened_at", _TIME, nullable=False),
    sa.Column("closed_at", _TIME, nullable=True),
)

form = sa.Table(
    "party_facility_form",
    metadata,
    sa.Column("facility", _ID, primary_key=True),
    sa.Column("valid_from", _TIME, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
)

permit = sa.Table(
    "party_permit",
    metadata,
    sa.Column("permit", _ID, primary_key=True),
    sa.Column("facility", _ID, nullable=False, index=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("valid_from", _TIME, nullable=False),
    sa.Column("valid_until", _TIME, nullable=True),
)

preconsent = sa.Table(
    "party_preconsent",
    metadata,
    sa.Column("preconsent", _ID, primary_key=True),
    sa.Column("facility", _ID, nullable=False, index=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("valid_from", _TIME, nullable=False),
    sa.Column("valid_until", _TIME, nullable=True),
)

release = sa.Table(
    "party_environment_report",
    metadata,
    sa.Column("seq", _Count, primary_key=True, autoincrement=False),
    sa.Column("facility", _ID, nullable=False, index=True),
    sa.Column("reported_by", _ID, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)

PROJECTED = (facility, form, permit, preconsent, release)
