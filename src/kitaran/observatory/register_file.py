"""Reading a vehicle register from XLSX or CSV: every fault with its cell, counted at the door.

Only known columns are looked at. Number plates, chassis numbers and names are neither kept nor repeated in a
fault; the file itself is not stored.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from kitaran.observatory.register import ANY, FIRST_COHORT, Register, RegisterCell, counted, fields
from kitaran.reference.own_data import CellFault, UploadError
from kitaran.reference.own_data import cells as cell_kinds
from kitaran.reference.own_data.cells import Unfit, is_empty
from kitaran.reference.own_data.faults import refuse_file
from kitaran.reference.own_data.sheets import IGNORED_MARKS, MARK, Field
from kitaran.reference.own_data.workbook import open_workbook

SHEET: Final = "vehicles"
MAX_BYTES: Final = 50_000_000
MAX_FAULTS: Final = 200
MAX_COLUMNS: Final = 200
"""Of a sheet: one cell far to the right makes every row above it as long."""
HEADER_WITHIN: Final = 10
EARLIEST: Final = 1950
_ALSO: Final = {
    "firstregistration": "first registered",
    "yearoffirstregistration": "first registered",
    "cohort": "first registered",
    "year": "first registered",
    "number": "count",
    "vehicles": "count",
    "energy": "energy kwh",
    "batterykwh": "energy kwh",
}
Line = tuple[int, Sequence[object]]


def read_register(content: bytes, economy: str, observed: int | None = None) -> Register:
    """Counts of a register. UploadError lists what is wrong, cell by cell; nothing is taken then.

    economy  : that the register is of; a row of another one is a fault
    observed : year at whose end the vehicles were in use; without it any past year may stand
    """
    reader = _Reader(economy, observed)
    cells = counted(reader.cells(_lines(content)))
    if reader.faults:
        more = " or more" if len(reader.faults) >= MAX_FAULTS else ""
        count = len(reader.faults)
        raise UploadError(
            f"The register has {count}{more} {'fault' if count == 1 else 'faults'}; nothing was taken in.",
            reader.faults,
        )
    if not cells:
        raise refuse_file("There is no vehicle in the file.", "Fill a row below the header.")
    return Register(cells, reader.rows, tuple(reader.not_read))


def _lines(content: bytes) -> Iterator[Line]:
    if len(content) > MAX_BYTES:
        raise refuse_file(
            f"The file has {len(content) / 1e6:.1f} MB; the limit is {MAX_BYTES / 1e6:.0f} MB.",
            "Count the vehicles by class, powertrain and year first, and send the counts.",
        )
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or not content:
        yield from _of_workbook(content)
    else:
        yield from _of_csv(content)


def _of_workbook(content: bytes) -> Iterator[Line]:
    book = open_workbook(content).results
    sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
    if sheet.max_column > MAX_COLUMNS:
        raise refuse_file(
            f"The sheet reaches to column {sheet.max_column:,}; the limit is {MAX_COLUMNS}.",
            "Copy the rows into a fresh template.",
        )
    yield from enumerate(sheet.iter_rows(values_only=True), start=1)


def _of_csv(content: bytes) -> Iterator[Line]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse_file(
            "The file is no UTF-8 text and no XLSX workbook.", "Save it as CSV UTF-8."
        ) from error
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        for row in (reader := csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)):
            yield reader.line_num, row
    except csv.Error as error:
        raise refuse_file(f"The file is not CSV: {error}.", "Mend the quotes.") from error


class _Reader:
    """Reads lines once; faults, the number of rows and the columns left alone stand in it afterwards."""

    def __init__(self, economy: str, observed: int | None) -> None:
        self.faults: list[CellFault] = []
        self.not_read: list[str] = []
        self.rows = 0
        self._economy, self._observed = economy, observed
        self._fields = {field.label: field for field in fields()}
        self._columns: dict[str, int] = {}

    def cells(self, lines: Iterator[Line]) -> Iterator[tuple[RegisterCell, float | None]]:
        """A cell for each row without fault, with the energy of one vehicle."""
        if not self._find_header(lines):
            return
        for number, row in lines:
            if all(is_empty(cell) for cell in row) or self._is_ignored(row):
                continue
            self.rows += 1
            found = self._cell(number, row)
            if found is not None:
                yield found
            if len(self.faults) >= MAX_FAULTS:
                return

    def _find_header(self, lines: Iterator[Line]) -> bool:
        for number, row in lines:
            found = {self._label(word): at for at, word in enumerate(row) if self._label(word)}
            if len(found) >= 2:
                self._columns = {label: at for label, at in found.items() if label}
                self.not_read = [
                    cell_kinds.text(word)[:40]
                    for at, word in enumerate(row)
                    if not is_empty(word) and at not in found.values()
                ]
                return self._has_all(number)
            if number >= HEADER_WITHIN:
                break
        self._fault(1, 0, "The header is missing.", f"Name the columns {', '.join(self._fields)}.")
        return False

    def _label(self, word: object) -> str:
        loose = re.sub(r"[^a-z]", "", str(word or "").casefold())
        known = {re.sub(r"[^a-z]", "", label): label for label in (*self._fields, "economy", MARK)}
        return known.get(loose) or _ALSO.get(loose, "")

    def _has_all(self, number: int) -> bool:
        missing = [f.label for f in self._fields.values() if f.required and f.label not in self._columns]
        if missing:
            self._fault(
                number, 0, f"The column {', '.join(missing)} is missing.", "Add it; see the template."
            )
        return not missing

    def _is_ignored(self, row: Sequence[object]) -> bool:
        mark = row[self._columns[MARK]] if MARK in self._columns and self._columns[MARK] < len(row) else None
        return str(mark or "").strip().upper() in IGNORED_MARKS

    def _cell(self, number: int, row: Sequence[object]) -> tuple[RegisterCell, float | None] | None:
        before = len(self.faults)
        self._check_economy(number, row)
        got = {label: self._read(number, row, field) for label, field in self._fields.items()}
        if len(self.faults) > before:
            return None
        kwh = got["energy kwh"]
        cell = RegisterCell(
            str(got["vehicle class"]),
            str(got["powertrain"]),
            max(int(str(got["first registered"])), FIRST_COHORT),
            str(got["chemistry"] or ANY),
            "all",
            int(float(str(got["count"]))) if "count" in self._columns else 1,
        )
        return cell, None if kwh is None else float(str(kwh))

    def _check_economy(self, number: int, row: Sequence[object]) -> None:
        at = self._columns.get("economy")
        word = row[at] if at is not None and at < len(row) else None
        if at is not None and not is_empty(word) and str(word).strip().upper() != self._economy:
            cause = f"This row is not of {self._economy}."
            self._fault(number, at, cause, "Send the register of each economy by itself.")

    def _read(self, number: int, row: Sequence[object], field: Field) -> object:
        at = self._columns.get(field.label)
        word = row[at] if at is not None and at < len(row) else None
        try:
            if is_empty(word):
                if at is not None and (field.required or field.label == "count"):
                    raise Unfit(f"The {field.label} is missing.", field.help)
                return None
            return self._taken(field, word)
        except Unfit as unfit:
            self._fault(number, at or 0, unfit.cause, unfit.remedy)
            return None

    def _taken(self, field: Field, word: object) -> object:
        match field.kind:
            case "choice":
                return cell_kinds.choice(word, field)
            case "count":
                return int(cell_kinds.count(word))
            case "figure":
                return self._energy(word)
            case _:
                return self._cohort(word)

    def _energy(self, word: object) -> float:
        kwh = cell_kinds.number(word)
        if not 0 < kwh <= 2000:
            raise Unfit(f"{kwh:g} kWh is no battery of a vehicle.", "Write kWh, for example 51.2.")
        return kwh

    def _cohort(self, word: object) -> int:
        if isinstance(word, datetime | date):
            year = word.year
        elif day := re.fullmatch(r"(\d{4})-\d{2}(-\d{2})?", str(word).strip()):
            year = int(day[1])
        else:
            year = cell_kinds.year(word).calendar
        if year < EARLIEST:
            raise Unfit(f"{year} is before {EARLIEST}.", "Write the year with four digits.")
        if self._observed is not None and year > self._observed:
            raise Unfit(
                f"{year} is after the year of the register, {self._observed}.",
                "Leave out vehicles registered later, or give a later year of the register.",
            )
        return year

    def _fault(self, number: int, at: int, cause: str, remedy: str) -> None:
        self.faults.append(CellFault("register", f"{_letters(at)}{number}", cause, remedy))


def _letters(at: int) -> str:
    """Name of a column as a spreadsheet shows it, from its place: 0 is A, 26 is AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
