"""Flags on a joint count that is far from the sum of its parts: IEA's two- and three-wheelers, say."""

from __future__ import annotations

from collections.abc import Iterator

from kitaran.reference.checks.registry import Remark, general
from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library
from kitaran.reference.row import Row

FACTOR = 3.0
FEW = 100.0


@general("parts", "flag")
def parts_far_from_the_whole(table: FactTable, library: Library) -> Iterator[Remark]:
    """A joint count is three times the sum of its parts, or a third; all parts must be known."""
    for column, covers in table.meta.covers.items():
        for whole, parts in covers.items():
            for row in table.where(**{column: whole}).resolve():
                total = _sum_of_parts(table, row, column, parts)
                if total and min(total, row.central) > FEW and not 1 / FACTOR < row.central / total < FACTOR:
                    cause = f"{row.central:,.0f}, but {' and '.join(parts)} together are {total:,.0f}."
                    yield row, cause, "The sources count different vehicles, or registration came later."


def _sum_of_parts(table: FactTable, row: Row, column: str, parts: tuple[str, ...]) -> float | None:
    found = [table.by_figure.get(table.figure({**row, column: part})) for part in parts]
    return sum(part.central for part in found if part is not None) if all(found) else None
