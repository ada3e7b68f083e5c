"""The packaged figure beside each own figure, the difference, and what looks wrong about the own one."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library, packaged
from kitaran.reference.own_data.upload import OwnRow, Upload
from kitaran.reference.row import Cell, Row


@dataclass(frozen=True)
class Compared:
    """One own figure and what stands there now.

    now     : the row in use without this upload (packaged, or of an earlier upload); None if there is none
    overlap : rows in use that count the same vehicles under another split; they stay beside the own figure
    flags   : what the checker finds odd about the own figure
    """

    own: OwnRow
    now: Row | None
    overlap: tuple[Row, ...]
    flags: tuple[str, ...]

    @property
    def figure(self) -> float:
        return _central(self.own.cells)

    @property
    def difference(self) -> float | None:
        """Own less present figure; None without one in the same unit."""
        if self.now is None or self.now.unit != self.own.cells.get("unit"):
            return None
        return self.figure - self.now.central

    @property
    def ratio(self) -> float | None:
        """Difference as a fraction of the present figure."""
        if self.now is None or self.difference is None or not self.now.central:
            return None
        return self.difference / self.now.central

    def as_dict(self) -> dict[str, object]:
        return {
            "sheet": self.own.sheet,
            "line": self.own.line,
            "table": self.own.table,
            "own": dict(self.own.cells),
            "now": dict(self.now) if self.now else None,
            "now_row": self.now.id if self.now else None,
            "difference": self.difference,
            "ratio": self.ratio,
            "overlap": [row.id for row in self.overlap],
            "flags": list(self.flags),
        }


def compare(upload: Upload, library: Library | None = None) -> tuple[Compared, ...]:
    """Every row of the upload beside the figure in use, in order of sheets and rows."""
    library = library or packaged()
    flags = _flags(upload, library)
    figures = {name: _figures(library.table(name)) for name in upload.tables}
    return tuple(
        Compared(
            row,
            figures[row.table].get(library.table(row.table).figure(row.cells)),
            _overlap(library.table(row.table), row),
            flags.get((row.table, library.table(row.table).figure(row.cells)), ()),
        )
        for row in upload.rows
    )


def _figures(table: FactTable) -> dict[tuple[Cell, ...], Row]:
    """The row in use for each figure; of interchangeable ones the first of the sidecar's list."""
    found: dict[tuple[Cell, ...], Row] = {}
    for row in table.resolve():
        if table.figure(row) not in found or table.figure(row) == table.key(row):
            found[table.figure(row)] = row
    return found


_SPLITS = {"EV": ("BEV", "PHEV"), "BEV": ("EV",), "PHEV": ("EV",)}
_CLASSES = {
    "two_three_wheeler": ("two_wheeler", "three_wheeler"),
    "two_wheeler": ("two_three_wheeler",),
    "three_wheeler": ("two_three_wheeler",),
}


def _overlap(table: FactTable, own: OwnRow) -> tuple[Row, ...]:
    if "powertrain" not in table.meta.keys:
        return ()
    vehicle_class, powertrain = str(own.cells["vehicle_class"]), str(own.cells["powertrain"])
    others = table.where(economy=own.cells["economy"], year=own.cells["year"]).resolve()
    split = others.where(vehicle_class=vehicle_class, powertrain=_SPLITS.get(powertrain, ()))
    joint = others.where(vehicle_class=_CLASSES.get(vehicle_class, ()))
    return (*split.rows, *joint.rows)


def _flags(upload: Upload, library: Library) -> Mapping[tuple[str, tuple[Cell, ...]], tuple[str, ...]]:
    """What the checker says of the own rows once they are laid over the library."""
    from kitaran.reference.checks import check_library
    from kitaran.reference.own_data.acceptance import override_files

    with tempfile.TemporaryDirectory() as folder:
        for name, text in override_files(library, upload).items():
            (Path(folder) / name).write_text(text or "", encoding="utf-8")
        trial = Library(library.folder, Path(folder))
        found: dict[tuple[str, tuple[Cell, ...]], tuple[str, ...]] = {}
        for finding in check_library(trial, upload.tables):
            table = trial.table(finding.table)
            row = table.by_id(finding.row_id)
            if row is not None and row.source == upload.source_id:
                key = (finding.table, table.figure(row))
                found[key] = (*found.get(key, ()), finding.cause)
    return found


def _central(cells: Mapping[str, Cell]) -> float:
    value, low, high = (cells.get(name) for name in ("value", "low", "high"))
    if isinstance(value, int | float):
        return float(value)
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    return (low + high) / 2
