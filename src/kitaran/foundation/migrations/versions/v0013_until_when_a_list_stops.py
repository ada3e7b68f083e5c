"""Until when a row of a restriction list stops; empty for rows that say no day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("movement_restriction", sa.Column("until", sa.String(10), nullable=True))
