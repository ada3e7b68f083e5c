"""From a filled workbook to rows of fact tables. One fault anywhere, and nothing is taken in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kitaran.foundation.clock import now
from kitaran.reference.library import Library, packaged
from kitaran.reference.own_data.faults import CellFault, FaultyRow, UploadError
from kitaran.reference.own_data.sheet_rows import SheetReader
from kitaran.reference.own_data.sheets import LISTS_SHEET, README_SHEET, WHO_SHEET, Sheet, sheets
from kitaran.reference.own_data.who import read_who
from kitaran.reference.own_data.workbook import Opened, open_workbook
from kitaran.reference.row import Cell

SOURCE_PREFIX = "own-"


@dataclass(frozen=True)
class OwnRow:
    """One figure of the user. cells: as in the fact table, with source and grade; line: of the sheet."""

    sheet: str
    line: int
    table: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Upload:
    """A workbook without faults.

    id     : first 12 digits of the SHA-256 of the file
    source : the row of the table sources that says whose figures these are
    unread : names of sheets that are not of the template and were not looked at
    """

    id: str
    filename: str
    source: Mapping[str, Cell]
    rows: tuple[OwnRow, ...]
    unread: tuple[str, ...] = ()

    @property
    def source_id(self) -> str:
        return str(self.source["source"])

    @property
    def economies(self) -> tuple[str, ...]:
        return tuple(sorted({str(row.cells["economy"]) for row in self.rows if row.cells.get("economy")}))

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.table for row in self.rows))


@dataclass
class _Reading:
    library: Library
    opened: Opened
    this_year: int
    faults: list[CellFault] = field(default_factory=list)
    faulty_rows: list[FaultyRow] = field(default_factory=list)
    readers: dict[str, SheetReader] = field(default_factory=dict)

    def refuse(self, row: OwnRow, cause: str, remedy: str) -> None:
        """A fault of a row that is sound by itself."""
        self.faults.append(CellFault(row.sheet, f"A{row.line}", cause, remedy))
        self.faulty_rows.append(self.readers[row.sheet].as_it_stands(row.line))


def upload_id(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def read_upload(content: bytes, filename: str, library: Library | None = None) -> Upload:
    """Every row of every sheet as fact rows. UploadError lists all faults with sheet and cell."""
    reading = _Reading(library or packaged(), open_workbook(content), now().year)
    forms = sheets(reading.library)
    _check_sheet_names(reading, forms)
    who = read_who(reading.opened, reading.faults)
    source = _source_row(who, upload_id(content)) if who else {}
    rows = [row for form in forms for row in _rows_of(reading, form, source, who)]
    if not rows and not reading.faults:
        reading.faults.append(
            CellFault("file", "", "There is no row to take in.", "Fill a row below the example.")
        )
    _check_doubles(reading, rows)
    if reading.faults:
        total = len(reading.faults)
        raise UploadError(
            f"The workbook has {total} {'fault' if total == 1 else 'faults'}; nothing was taken in.",
            reading.faults,
            reading.faulty_rows,
        )
    return Upload(upload_id(content), filename, source, tuple(rows), _unread(reading, forms))


def _rows_of(
    reading: _Reading, form: Sheet, source: Mapping[str, Cell], who: Mapping[str, str]
) -> Iterator[OwnRow]:
    if form.name not in reading.opened.results.sheetnames:
        return
    reader = SheetReader(form, reading.opened, reading.library, reading.this_year)
    reading.readers[form.name] = reader
    for line, cells in reader.rows():
        evidence: dict[str, Cell] = {
            "source": source.get("source", ""),
            "licence": source.get("licence", ""),
            "grade": who.get("grade", ""),
        }
        yield OwnRow(form.name, line, form.table, {**dict(form.fixed), **cells, **evidence})
    reading.faults.extend(reader.faults)
    reading.faulty_rows.extend(reader.faulty_rows)


def _source_row(who: Mapping[str, str], digest: str) -> dict[str, Cell]:
    slug = re.sub(r"[^a-z0-9]+", "-", who["publisher"].casefold()).strip("-")[:32].strip("-")
    published = re.search(r"\b(19|20)\d{2}\b", who["published"])
    return {
        "source": f"{SOURCE_PREFIX}{slug or 'upload'}-{digest[:6]}",
        "title": who["title"],
        "publisher": who["publisher"],
        "kind": "own",
        "url": who["url"],
        "licence": who["licence"],
        "seen": "primary",
        "year": int(published[0]) if published else None,
        "note": "; ".join(filter(None, (f"Published {who['published']}", who["note"]))),
    }


def _check_sheet_names(reading: _Reading, forms: tuple[Sheet, ...]) -> None:
    names = reading.opened.results.sheetnames
    if not any(form.name in names for form in forms):
        wanted = ", ".join(form.name for form in forms)
        cause = "The workbook has none of the sheets of the template."
        reading.faults.append(CellFault("file", "", cause, f"Use the template; its sheets are {wanted}."))


def _check_doubles(reading: _Reading, rows: list[OwnRow]) -> None:
    """The same figure twice, or unsplit EV beside BEV and PHEV, would be counted twice."""
    first: dict[tuple[str, tuple[Cell, ...]], OwnRow] = {}
    splits: dict[tuple[Cell, ...], OwnRow] = {}
    for row in rows:
        key = (row.table, reading.library.table(row.table).figure(row.cells))
        if key in first:
            cause = f"The same figure stands in row {first[key].line}."
            reading.refuse(row, cause, "Keep one of the two rows.")
        first.setdefault(key, row)
        if powertrain := row.cells.get("powertrain"):
            fleet = (row.table, row.cells["economy"], row.cells["vehicle_class"], row.cells["year"])
            other = splits.setdefault(fleet, row)
            if (powertrain == "EV") != (other.cells["powertrain"] == "EV"):
                cause = f"EV counts what BEV and PHEV count; row {other.line} gives the other split."
                reading.refuse(row, cause, "Give EV, or BEV and PHEV, not both.")


def _unread(reading: _Reading, forms: tuple[Sheet, ...]) -> tuple[str, ...]:
    known = {WHO_SHEET, LISTS_SHEET, README_SHEET, *(form.name for form in forms)}
    return tuple(name for name in reading.opened.results.sheetnames if name not in known)
