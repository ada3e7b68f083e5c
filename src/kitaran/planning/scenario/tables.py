"""Tables of a run as columns, filled economy by economy, and written as Parquet in one fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TEXT = "VARCHAR"
WHOLE = "INTEGER"
NUMBER = "DOUBLE"
SAMPLE = "FLOAT"

Column = NDArray[np.generic]


@dataclass
class Table:
    """Columns that grow by blocks of rows.

    types : DuckDB type by column, in the order of the file
    """

    types: Mapping[str, str]
    _blocks: dict[str, list[Column]] = field(default_factory=dict)

    def add(self, rows: int, **columns: Column | str | float | int) -> None:
        """A block of rows; a single value stands in all of them."""
        for name, kind in self.types.items():
            cells = columns[name]
            array = cells if isinstance(cells, np.ndarray) else np.full(rows, cells, dtype=_dtype(kind))
            self._blocks.setdefault(name, []).append(array.astype(_dtype(kind), copy=False))

    def columns(self) -> dict[str, Column]:
        return {
            name: np.concatenate(self._blocks[name])
            if name in self._blocks
            else np.zeros(0, dtype=_dtype(kind))
            for name, kind in self.types.items()
        }


def _dtype(kind: str) -> np.dtype[np.generic]:
    return np.dtype({TEXT: "O", WHOLE: "i4", NUMBER: "f8", SAMPLE: "f4"}[kind])


def write_parquet(tables: Mapping[str, Table], folder: Path) -> None:
    """Each table as NAME.parquet; the same tables give the same bytes.

    One thread and insertion order, because DuckDB's row groups otherwise depend on timing.
    """
    import duckdb

    connection = duckdb.connect(config={"threads": 1, "preserve_insertion_order": True})
    try:
        for name, table in tables.items():
            rows = table.columns()
            types = ", ".join(f'"{column}"::{kind} AS "{column}"' for column, kind in table.types.items())
            connection.register("rows", rows)
            target = str(folder / f"{name}.parquet").replace("'", "''")
            connection.execute(
                f"COPY (SELECT {types} FROM rows) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
            )
            connection.unregister("rows")
    finally:
        connection.close()


def repeated(values: Sequence[object], times: int) -> Column:
    """Each value `times` in a row, as text."""
    return np.repeat(np.array(values, dtype=object), times)


def cycled(values: Sequence[object] | Column, times: int) -> Column:
    """The whole sequence `times` over."""
    return np.tile(np.array(values), times)
