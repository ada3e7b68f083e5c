"""Limits of triage: rows of the table `triage_limits`, each with source and grade."""

from __future__ import annotations

from functools import cache

from kitaran.foundation.errors import NotFoundError
from kitaran.reference import read

TABLE = "triage_limits"


@cache
def limit(name: str) -> float:
    """The figure of a limit; units stand in the table. Raises NotFoundError if there is no such row."""
    rows = read(TABLE).where(limit=name).resolve()
    for row in rows:
        return float(row.central)
    raise NotFoundError(f"There is no limit {name}.", TABLE, "Add a row with its source.")
