"""Flags on shares of a whole that do not add up to it."""

from __future__ import annotations

from collections.abc import Iterator

from kitaran.reference.checks.registry import Remark, specific
from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library
from kitaran.reference.row import Cell, Row

TOLERANCE = 0.02


@specific("chemistry_shares_sum", "flag")
def chemistry_shares_do_not_sum_to_one(table: FactTable, library: Library) -> Iterator[Remark]:
    """The chemistries of one region, class and year are more or less than all batteries sold."""
    yield from _open_sums(table, "chemistry")


@specific("use_shares_sum", "flag")
def use_shares_do_not_sum_to_one(table: FactTable, library: Library) -> Iterator[Remark]:
    """The uses of one region and class are more or less than all vehicles sold."""
    yield from _open_sums(table, "use")


def _open_sums(table: FactTable, parts: str) -> Iterator[Remark]:
    wholes: dict[tuple[Cell, ...], list[Row]] = {}
    for row in table.resolve():
        wholes.setdefault(tuple(row[key] for key in table.meta.keys if key != parts), []).append(row)
    for whole, rows in wholes.items():
        total = sum(row.central for row in rows)
        if abs(total - 1) > TOLERANCE:
            where = ", ".join(str(cell) for cell in whole)
            yield rows[0], f"The shares of {where} add up to {total:.3g}.", "They are scaled to 1 when used."
