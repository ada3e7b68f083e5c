"""A fact table: frozen rows, arrays of its columns, selection and resolution of conflicting sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.reference.row import Cell, Row
from kitaran.reference.sidecar import GRADES, TableMeta

FEW_ROWS = 64
"""Up to here looking at every row is quicker than an index."""


@dataclass(frozen=True)
class FactTable:
    """Rows of one table in file order.

    overridden : ids of the rows that a workspace put in place of packaged ones, or added
    """

    name: str
    meta: TableMeta
    rows: tuple[Row, ...]
    overridden: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def column(self, name: str) -> NDArray[Any]:
        """One column as a read-only array.

        Numbers: float64 with NaN for unknown. Whole numbers, years and months: int64, or float64 with NaN if
        a cell is empty. Anything else: text.
        """
        self._position(name)
        return self._array(name)

    def where(self, **keys: Cell | Collection[Cell]) -> FactTable:
        """The rows whose cells equal the given values; a collection means any of its members."""
        rows: Sequence[Row] = self.rows
        for column, wanted in keys.items():
            at = self._position(column)
            options = (wanted,) if isinstance(wanted, str) or not isinstance(wanted, Collection) else wanted
            if rows is self.rows and len(rows) > FEW_ROWS:
                lines = self._lines(column)
                rows = [self.rows[n] for n in sorted({n for cell in options for n in lines.get(cell, ())})]
            else:
                rows = [row for row in rows if row.cells[at] in options]
        return self if rows is self.rows else self._of(tuple(rows))

    def key(self, row: Row) -> tuple[Cell, ...]:
        """The cells that say which figure a row gives."""
        return tuple(row.cells[at] for at in self.meta.key_positions)

    def figure(self, cells: Mapping[str, Cell]) -> tuple[Cell, ...]:
        """The key with interchangeable cells made one: equal for rows of which one may replace the other."""
        alike = self.meta.interchangeable
        return tuple(
            alike[column][0] if cells[column] in alike.get(column, ()) else cells[column]
            for column in self.meta.keys
        )

    def replaced_by(self, cells: Mapping[str, Cell]) -> set[tuple[Cell, ...]]:
        """Figures that an own row with these cells replaces: its own, and those that are parts of it."""
        figure, covers = self.figure(cells), self.meta.covers
        options = [
            (cell, *covers.get(column, {}).get(str(cell), ()))
            for column, cell in zip(self.meta.keys, figure, strict=True)
        ]
        return set(product(*options))

    def same_key(self, row: Row) -> tuple[Row, ...]:
        """All rows that give the same figure, whatever their source, `row` among them."""
        return self._by_key.get(self.key(row), ())

    def by_id(self, row_id: str) -> Row | None:
        return self._by_id.get(row_id)

    def resolve(self) -> FactTable:
        """One row a key: the best grade, then the newest edition and year; low and high span all its rows.

        Rows in another unit than the chosen one do not widen it.
        """
        return self._resolved

    @cached_property
    def _resolved(self) -> FactTable:
        return self._of(tuple(_resolve(rows) for rows in self._by_key.values()))

    @cached_property
    def _by_key(self) -> dict[tuple[Cell, ...], tuple[Row, ...]]:
        groups: dict[tuple[Cell, ...], list[Row]] = {}
        for row in self.rows:
            groups.setdefault(self.key(row), []).append(row)
        return {key: tuple(rows) for key, rows in groups.items()}

    @cached_property
    def by_figure(self) -> Mapping[tuple[Cell, ...], Row]:
        """The resolved row of each figure; of interchangeable ones that which its sidecar names first."""
        found: dict[tuple[Cell, ...], Row] = {}
        for row in self.resolve():
            if self.figure(row) not in found or self.figure(row) == self.key(row):
                found[self.figure(row)] = row
        return found

    @cached_property
    def _by_id(self) -> dict[str, Row]:
        return {row.id: row for row in self.rows}

    @cached_property
    def _indices(self) -> dict[str, dict[Cell, list[int]]]:
        return {}

    @cached_property
    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {}

    def _lines(self, column: str) -> dict[Cell, list[int]]:
        if column not in self._indices:
            index: dict[Cell, list[int]] = {}
            at = self._position(column)
            for line, row in enumerate(self.rows):
                index.setdefault(row.cells[at], []).append(line)
            self._indices[column] = index
        return self._indices[column]

    def _array(self, column: str) -> NDArray[Any]:
        if column not in self._arrays:
            array = _as_array([row[column] for row in self.rows], self.meta.columns[column].type)
            array.flags.writeable = False
            self._arrays[column] = array
        return self._arrays[column]

    def _position(self, column: str) -> int:
        try:
            return self.meta.positions[column]
        except KeyError:
            raise InputError(
                f"The table has no column {column!r}.",
                self.name,
                f"Choose one of {', '.join(self.meta.columns)}.",
            ) from None

    def _of(self, rows: tuple[Row, ...]) -> FactTable:
        if not self.overridden:
            return FactTable(self.name, self.meta, rows)
        kept = {row.id for row in rows}
        own = tuple(row_id for row_id in self.overridden if row_id in kept)
        return FactTable(self.name, self.meta, rows, own)


def _as_array(cells: list[Cell], kind: str) -> NDArray[Any]:
    if kind == "number" or (kind in ("integer", "year", "month") and None in cells):
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    if kind in ("integer", "year", "month"):
        return np.array(cells, dtype=np.int64)
    return np.array(["" if cell is None else str(cell) for cell in cells], dtype=np.str_)


def _preference(row: Row) -> tuple[int, str, int, str]:
    """Sort key: best grade first, then the newest edition and year, then the source's name."""
    grade = GRADES.index(row.grade) if row.grade in GRADES else len(GRADES)
    return (-grade, row.text("edition"), row.year or 0, row.source)


def _resolve(rows: tuple[Row, ...]) -> Row:
    if len(rows) == 1:
        return rows[0]
    best = max(rows, key=_preference)
    peers = [row for row in rows if row.unit == best.unit]
    if len(peers) == 1 or "value" not in best.index:
        return best
    ends = [end for row in peers for end in row.span if end == end]
    cells = list(best.cells)
    cells[best.index["low"]] = min(ends)
    cells[best.index["high"]] = max(ends)
    return replace(best, cells=tuple(cells))
