"""Flags on figures that differ more than a hundredfold from the year before, or between sources."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kitaran.reference.checks.registry import Remark, general
from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library
from kitaran.reference.row import Cell, Row

FACTOR = 100.0
FEW = {"vehicle": 100.0, "fraction": 1e-4}
"""Below this a hundredfold rise is how every market begins."""


@general("jump", "flag")
def a_hundredfold_in_a_year(table: FactTable, library: Library) -> Iterator[Remark]:
    """The same source gives a figure a hundred times that of the year before, or a hundredth."""
    for series in _series(table).values():
        for before, after in pairwise(series):
            if after.year == (before.year or 0) + 1 and _far_apart(before, after):
                cause = f"{after.central:g} {after.unit} follows {before.central:g} in {before.year}."
                yield after, cause, "Look for a changed unit, class or cumulative count in the source."


@general("conflict", "flag")
def sources_a_hundredfold_apart(table: FactTable, library: Library) -> Iterator[Remark]:
    """Another source gives a figure a hundred times this one, or a hundredth."""
    for row in table if table.meta.kind == "facts" else ():
        best = max(table.same_key(row), key=lambda peer: (-ord(peer.grade[:1] or "Z"), peer.source))
        if best.id != row.id and best.unit == row.unit and _far_apart(best, row):
            cause = f"{best.source} (grade {best.grade}) gives {best.central:g}, this row {row.central:g}."
            yield row, cause, "One of them counts something else: read both notes."


def _far_apart(one: Row, other: Row) -> bool:
    small, large = sorted((abs(one.central), abs(other.central)))
    return small > FEW.get(one.unit, 0.0) and large > FACTOR * small


def _series(table: FactTable) -> dict[tuple[Cell, ...], list[Row]]:
    """Rows of one source that differ only in the year, in order of years."""
    found: dict[tuple[Cell, ...], list[Row]] = {}
    if table.meta.kind == "facts" and "year" in table.meta.keys:
        for row in sorted(table, key=lambda row: row.year or 0):
            rest = tuple(row[key] for key in table.meta.keys if key != "year")
            found.setdefault((*rest, row.source, row.unit), []).append(row)
    return found
