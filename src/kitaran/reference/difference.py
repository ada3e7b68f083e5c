"""What a workspace's own rows change: the figure in use beside the packaged one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library, packaged
from kitaran.reference.row import Cell, Row


@dataclass(frozen=True)
class Difference:
    """One own row and what it replaces; several rows where it counts together what they count in parts."""

    own: Row
    replaces: tuple[Row, ...]

    @property
    def present(self) -> float | None:
        return added_up(self.replaces, self.own.unit)

    @property
    def difference(self) -> float | None:
        """Own less packaged figure; None without one in the same unit."""
        return None if self.present is None else self.own.central - self.present

    def as_dict(self) -> dict[str, object]:
        return {
            "row": self.own.id,
            "file": self.own.origin.file,
            "line": self.own.line,
            "own": self.own.central if "value" in self.own else None,
            "packaged": self.present,
            "difference": self.difference,
            "unit": self.own.unit,
            "replaces": [row.id for row in self.replaces],
        }


def differences(library: Library) -> tuple[Difference, ...]:
    """Every own row of the library's overrides beside the packaged figure."""
    return tuple(
        Difference(row, replaced_rows(packaged().table(name), row))
        for name in library.overridden
        for row in library.parse_override(name).rows
    )


def replaced_rows(table: FactTable, cells: Mapping[str, Cell]) -> tuple[Row, ...]:
    """The resolved row of the same figure; or, without one, the rows that count its parts."""
    same = table.by_figure.get(table.figure(cells))
    if same is not None:
        return (same,)
    parts = sorted(table.replaced_by(cells) & table.by_figure.keys(), key=str)
    return tuple(table.by_figure[part] for part in parts)


def added_up(rows: tuple[Row, ...], unit: str) -> float | None:
    """Sum of the central figures; None if there is no row or one in another unit."""
    if not rows or any(row.unit != unit or "value" not in row for row in rows):
        return None
    return sum(row.central for row in rows)
