"""The packaged figure beside each own figure, the difference, and what looks wrong about the own one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kitaran.reference.difference import added_up, replaced_rows
from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library, packaged
from kitaran.reference.own_data.upload import OwnRow, Upload
from kitaran.reference.row import Cell, Row


@dataclass(frozen=True)
class Compared:
    """One own figure and what stands there now.

    replaces : rows in use (packaged, or of an earlier upload) whose place the own figure takes; several where
               it counts together what they count in parts
    overlap  : rows in use that count the same vehicles under another split and stay beside the own figure
    checked  : what the checker finds odd about the own figure
    """

    own: OwnRow
    replaces: tuple[Row, ...]
    overlap: tuple[Row, ...]
    checked: tuple[str, ...]

    @property
    def figure(self) -> float:
        return _central(self.own.cells)

    @property
    def label(self) -> str:
        """Which figure it is, in the words of the sheet: THA car BEV 2024."""
        names = ["economy", "item", "vehicle_class", "powertrain", "period", "year"]
        if self.own.table == "ev_targets":
            names.insert(-1, "measure")
        return " ".join(str(self.own.cells[name]) for name in names if self.own.cells.get(name))

    @property
    def present(self) -> float | None:
        """The figure in use, parts added up; None without one in the same unit."""
        return added_up(self.replaces, str(self.own.cells.get("unit")))

    @property
    def flags(self) -> tuple[str, ...]:
        """All that looks odd; the figure is taken nevertheless if the user wishes."""
        return (*self.checked, *_far_off(self.figure, self.present))

    @property
    def difference(self) -> float | None:
        """Own less present figure."""
        return None if self.present is None else self.figure - self.present

    @property
    def ratio(self) -> float | None:
        """Difference as a fraction of the present figure."""
        return self.difference / self.present if self.difference is not None and self.present else None

    def as_dict(self) -> dict[str, object]:
        return {
            "sheet": self.own.sheet,
            "line": self.own.line,
            "table": self.own.table,
            "own": dict(self.own.cells),
            "figure": self.figure,
            "present": self.present,
            "difference": self.difference,
            "ratio": self.ratio,
            "replaces": [{"row": row.id, **row} for row in self.replaces],
            "overlap": [row.id for row in self.overlap],
            "flags": list(self.flags),
        }


def compare(upload: Upload, library: Library | None = None) -> tuple[Compared, ...]:
    """Every row of the upload beside the figures in use, in order of sheets and rows."""
    library = library or packaged()
    flags = _flags(upload, library)
    return tuple(
        Compared(
            row,
            replaced_rows(library.table(row.table), row.cells),
            _overlap(library.table(row.table), row),
            flags.get((row.table, library.table(row.table).figure(row.cells)), ()),
        )
        for row in upload.rows
    )


FAR = 10.0


def _far_off(figure: float, present: float | None) -> tuple[str, ...]:
    """A figure ten times the present one, or a tenth, is another unit or class more often than news."""
    if present is None or present <= 0 or figure <= 0 or 1 / FAR < figure / present < FAR:
        return ()
    times = figure / present if figure > present else present / figure
    word = "larger" if figure > present else "smaller"
    return (f"The figure is {times:,.0f} times {word} than the one in use: check unit, class and year.",)


_SPLITS = {"BEV": ("EV",), "PHEV": ("EV",)}
_SAME_VEHICLES = {"BEV": ("BEV", "EV"), "PHEV": ("PHEV", "EV"), "EV": ("BEV", "PHEV", "EV")}
_CLASSES = {
    "two_wheeler": ("two_three_wheeler",),
    "three_wheeler": ("two_three_wheeler",),
    "bus": ("bus_truck",),
    "truck": ("bus_truck",),
}
_EVERY_CLASS = "all"


def _overlap(table: FactTable, own: OwnRow) -> tuple[Row, ...]:
    if "powertrain" not in table.meta.keys:
        return ()
    vehicle_class, powertrain = str(own.cells["vehicle_class"]), str(own.cells["powertrain"])
    others = table.where(economy=own.cells["economy"], year=own.cells["year"]).resolve()
    split = others.where(vehicle_class=vehicle_class, powertrain=_SPLITS.get(powertrain, ()))
    joint = others.where(
        vehicle_class=(*_CLASSES.get(vehicle_class, ()), _EVERY_CLASS),
        powertrain=_SAME_VEHICLES.get(powertrain, ()),
    )
    return (*split.rows, *joint.rows)


def _flags(upload: Upload, library: Library) -> Mapping[tuple[str, tuple[Cell, ...]], tuple[str, ...]]:
    """What the checker says of the own rows once they are laid over the library."""
    from kitaran.reference.checks import check_library

    with on_trial(upload, library) as folder:
        trial = Library(library.folder, folder)
        found: dict[tuple[str, tuple[Cell, ...]], tuple[str, ...]] = {}
        for finding in check_library(trial, upload.tables):
            table = trial.table(finding.table)
            row = table.by_id(finding.row_id)
            if row is not None and row.source == upload.source_id:
                key = (finding.table, table.figure(row))
                found[key] = (*found.get(key, ()), finding.cause)
    return found


@contextmanager
def on_trial(upload: Upload, library: Library | None = None) -> Iterator[Path]:
    """A folder of overrides as it would be with the upload accepted; it goes when the block ends."""
    from kitaran.reference.own_data.acceptance import override_files

    with tempfile.TemporaryDirectory() as folder:
        for name, text in override_files(library or packaged(), upload).items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        yield Path(folder)


def _central(cells: Mapping[str, Cell]) -> float:
    value, low, high = (cells.get(name) for name in ("value", "low", "high"))
    if isinstance(value, int | float):
        return float(value)
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    return (low + high) / 2
