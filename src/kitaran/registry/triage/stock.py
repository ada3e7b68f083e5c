"""The tested batteries that an operator holds, as tests that can be graded and built again."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.triage import counting, standing
from kitaran.registry.triage import tables as t

MOST = 2_000


def tested_cells(connection: Connection, operator: str, overrides: Path | None) -> list[dict[str, str]]:
    """What was measured of each battery that the operator holds or owns, by its result that counts now: rows
    as of a file of tests, whose id is the battery. Erased measurements are left out. At most `MOST`, by id.
    """
    c = t.result.c
    live = sa.select(c.battery).where(c.superseded_by.is_(None)).distinct().order_by(c.battery)
    rows: list[dict[str, str]] = []
    for battery in connection.execute(live).scalars():
        if len(rows) == MOST:
            break
        if not standing.answers_for(connection, str(battery), operator):
            continue
        found = counting.current(connection, str(battery), overrides)
        if found is not None and found.result.measured is not None:
            rows.append({**found.result.measured, "id": str(battery)})
    return rows
