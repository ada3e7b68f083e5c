"""Whose a job is: the operator that asked for it; empty for the person at this computer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("job", sa.Column("owner", sa.String(64), nullable=False, server_default=""))
