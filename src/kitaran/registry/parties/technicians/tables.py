"""Read model of the certificates, rebuilt from the log. Names and numbers stay beside it, under `seq`."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_ID = sa.String(64)
_TIME = sa.String(24)
_Count = sa.BigInteger().with_variant(sa.Integer, "sqlite")

certificate = sa.Table(
    "party_certificate",
    metadata,
    sa.Column("certificate", _ID, primary_key=True),
    sa.Column("technician", _ID, nullable=False, index=True),
    sa.Column("operator", _ID, nullable=False, index=True),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("issuer", sa.String(200), nullable=False),
    sa.Column("valid_from", _TIME, nullable=False),
    sa.Column("valid_until", _TIME, nullable=True),
    sa.Column("seq", _Count, nullable=False),
)

PROJECTED = (certificate,)
