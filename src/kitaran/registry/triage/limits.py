"""Limits of triage: rows of the table `triage_limits`, each with source and grade, or a workspace's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from kitaran.foundation.errors import NotFoundError
from kitaran.reference import FactTable, read

TABLE = "triage_limits"
Limits = Mapping[str, float]


def limits_of(overrides: Path | None = None) -> Limits:
    """Every limit by name; units stand in the table. A workspace's own rows go before the packaged ones."""
    return packaged_limits() if overrides is None else _by_name(read(TABLE, overrides))


@lru_cache(maxsize=1)
def packaged_limits() -> Limits:
    """The limits that are shipped."""
    return _by_name(read(TABLE))


def limit(name: str) -> float:
    """A limit that is shipped. Raises NotFoundError if there is no such row."""
    try:
        return packaged_limits()[name]
    except KeyError:
        raise NotFoundError(f"There is no limit {name}.", TABLE, "Add a row with its source.") from None


def _by_name(table: FactTable) -> Limits:
    return {row.text("limit"): row.central for row in table.resolve()}
