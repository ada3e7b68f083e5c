"""What the world says: tables of facts with value, range, unit, source and grade; one reader, one checker.

    >>> from kitaran import reference
    >>> reference.names()                                   # doctest: +SKIP
    ('battery_capacity', 'chemistry_share', ...)
    >>> sales = reference.read("ev_sales").where(economy="THA", vehicle_class="car")
    >>> sales.resolve().column("value")                     # doctest: +SKIP

Nothing is read before it is asked for. A workspace lays its own rows over the packaged ones by files of the
same form in its folder `overrides`; `FactTable.overridden` names them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kitaran.reference.difference import Difference, differences
from kitaran.reference.fact_table import FactTable
from kitaran.reference.findings import Finding
from kitaran.reference.library import Library, packaged, with_overrides
from kitaran.reference.proxy import Found, find, lower_grade
from kitaran.reference.region import ALL_ECONOMIES, Economy, economies, economy, region_chain
from kitaran.reference.row import Cell, Row
from kitaran.reference.sidecar import ColumnMeta, TableMeta

__all__ = [
    "ALL_ECONOMIES",
    "Cell",
    "ColumnMeta",
    "Difference",
    "Economy",
    "FactTable",
    "Finding",
    "Found",
    "Row",
    "TableMeta",
    "check",
    "diff",
    "economies",
    "economy",
    "find",
    "lower_grade",
    "names",
    "read",
    "region_chain",
]


def names() -> tuple[str, ...]:
    """Names of the packaged tables in alphabetical order."""
    return packaged().names


def read(name: str, overrides: Path | None = None) -> FactTable:
    """One table, with the rows of OVERRIDES/NAME.csv in place of the packaged rows of the same key.

    Packaged tables are read once. NotFoundError if there is no such table; InputError names unreadable cells.
    """
    return library(overrides).table(name)


def library(overrides: Path | None = None) -> Library:
    """The packaged library, or that library with the overrides of a workspace laid over it."""
    return packaged() if overrides is None else with_overrides(Path(overrides))


def diff(overrides: Path) -> tuple[Difference, ...]:
    """Every row of a workspace's overrides beside the packaged figure that it replaces."""
    return differences(library(overrides))


def check(tables: Iterable[str] | None = None, overrides: Path | None = None) -> list[Finding]:
    """Errors and flags of the named tables (all by default), those of a workspace's overrides included."""
    from kitaran.reference.checks import check_library

    return check_library(library(overrides), tables)
