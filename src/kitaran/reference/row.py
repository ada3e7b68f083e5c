"""One row of a fact table: a frozen mapping of typed cells, with the standard columns as attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

Cell = str | int | float | None


class Origin(Protocol):
    """Whence a row was read; knows what the checker thinks of it."""

    @property
    def table(self) -> str: ...

    @property
    def file(self) -> str: ...

    @property
    def flags(self) -> Mapping[str, tuple[str, ...]]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Row(Mapping[str, Cell]):
    """One figure (or one entry of a register).

    id    : table/key.key@source, for example ev_sales/THA.car.BEV.2024@iea-2025
    line  : line in the CSV file
    Text cells are str, empty when nothing is known; numbers are None when nothing is known, never zero.
    Two rows are equal when their cells are.
    """

    id: str
    line: int
    index: Mapping[str, int]
    cells: tuple[Cell, ...]
    origin: Origin

    def __getitem__(self, column: str) -> Cell:
        return self.cells[self.index[column]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.index)

    def __len__(self) -> int:
        return len(self.cells)

    def __hash__(self) -> int:
        return hash((self.id, self.cells))

    def __repr__(self) -> str:
        return f"Row({self.id!r}, {dict(self)!r})"

    def text(self, column: str) -> str:
        """The cell as text; empty if the row lacks the column or nothing is known."""
        cell = self.get(column)
        return "" if cell is None else str(cell)

    def number(self, column: str) -> float | None:
        """The cell as a number, or None if nothing is known."""
        cell = self.get(column)
        return float(cell) if isinstance(cell, int | float) else None

    @property
    def value(self) -> float | None:
        return self.number("value")

    @property
    def low(self) -> float | None:
        return self.number("low")

    @property
    def high(self) -> float | None:
        return self.number("high")

    @property
    def central(self) -> float:
        """The value, or the middle of low and high where only those are known; NaN where nothing is."""
        if self.value is not None:
            return self.value
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        return float("nan")

    @property
    def span(self) -> tuple[float, float]:
        """Low and high; the central value stands in for a bound that is not given."""
        return (
            self.central if self.low is None else self.low,
            self.central if self.high is None else self.high,
        )

    @property
    def unit(self) -> str:
        return self.text("unit")

    @property
    def source(self) -> str:
        return self.text("source")

    @property
    def grade(self) -> str:
        return self.text("grade")

    @property
    def note(self) -> str:
        return self.text("note")

    @property
    def year(self) -> int | None:
        cell = self.get("year")
        return cell if isinstance(cell, int) else None

    @property
    def flags(self) -> tuple[str, ...]:
        """What the checker finds that cannot be right, in words; the row is shown with it, not dropped."""
        return self.origin.flags.get(self.id, ())
