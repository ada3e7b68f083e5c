"""Reading one sheet of figures: finding the header, leaving out the example, and every cell by its column."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kitaran.reference.library import Library
from kitaran.reference.own_data import cells as cell_kinds
from kitaran.reference.own_data.cells import Unfit, Year, is_empty
from kitaran.reference.own_data.faults import CellFault, FaultyRow
from kitaran.reference.own_data.sheets import IGNORED_MARKS, MARK, Field, Sheet, economy_codes
from kitaran.reference.own_data.workbook import Opened
from kitaran.reference.row import Cell

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MAX_ROWS = 5000
SHOWN_LETTERS = 60
HEADER_WITHIN = 10


class SheetReader:
    """Reads the rows of one sheet once; what was wrong stands in `faults` afterwards."""

    def __init__(self, form: Sheet, opened: Opened, library: Library, this_year: int) -> None:
        self.form = form
        self.faults: list[CellFault] = []
        self.faulty_rows: list[FaultyRow] = []
        self._results: Worksheet = opened.results[form.name]
        self._formulas: Worksheet = opened.formulas[form.name]
        self._codes = economy_codes(library)
        self._fiscal_start = {
            row.text("economy"): row.number("fiscal_year_start_month") for row in library.table("economies")
        }
        self._this_year = this_year
        self._columns: dict[str, int] = {}

    def rows(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """Line in the sheet and cells of the fact table, for each row without fault."""
        header = self._header()
        if header is None or not self._size_fits():
            return
        line, columns = header
        self._columns = columns
        self._refuse_merged(line)
        for number in range(line + 1, self._results.max_row + 1):
            if self._is_figure(number, columns):
                before = len(self.faults)
                cells = self._cells(number, columns)
                if len(self.faults) == before:
                    yield number, cells
                else:
                    self.faulty_rows.append(self.as_it_stands(number))

    def as_it_stands(self, number: int) -> FaultyRow:
        """A row in the words of the sheet, in the order of its columns."""
        columns = self._columns
        cells = [self._formulas.cell(number, at) for at in columns.values()]
        words = ["" if cell.value is None else str(cell.value)[:SHOWN_LETTERS] for cell in cells]
        places = [cell.coordinate for cell in cells]
        return FaultyRow(self.form.name, number, tuple(zip(places, columns, words, strict=True)))

    def _header(self) -> tuple[int, dict[str, int]] | None:
        """Line of the header and the position of each column in it."""
        labels = {_loose(field.label): field.label for field in self.form.fields} | {MARK: MARK}
        for number in range(1, HEADER_WITHIN + 1):
            found = {
                labels[word]: position
                for position in range(1, min(self._results.max_column, 50) + 1)
                if (word := _loose(self._results.cell(number, position).value)) in labels
            }
            if len(found) >= 3:
                return (number, found) if self._complete(number, found) else None
        self._fault("A1", "The header of the template is missing.", "Copy your rows into a fresh template.")
        return None

    def _complete(self, number: int, found: dict[str, int]) -> bool:
        missing = [field.label for field in self.form.fields if field.required and field.label not in found]
        if missing:
            cause = f"The column {', '.join(missing)} is missing."
            self._fault(f"A{number}", cause, "Copy your rows into a fresh template.")
        for position in range(1, min(self._results.max_column, 50) + 1):
            word = self._results.cell(number, position).value
            if not is_empty(word) and position not in found.values():
                place = self._results.cell(number, position).coordinate
                self._fault(place, f"Unknown column {str(word)[:40]!r}.", "Remove it or use the column note.")
        return not missing

    def _size_fits(self) -> bool:
        if self._results.max_row > MAX_ROWS:
            cause = f"The sheet reaches to row {self._results.max_row:,}; the limit is {MAX_ROWS:,}."
            self._fault("", cause, "Delete empty rows at the end, or send the years in several files.")
            return False
        return True

    def _refuse_merged(self, header_line: int) -> None:
        for merged in self._results.merged_cells.ranges:
            if merged.max_row > header_line:
                cause = f"The cells {merged.coord} are merged."
                self._fault(merged.start_cell.coordinate, cause, "Split them and fill each cell.")

    def _is_figure(self, number: int, columns: dict[str, int]) -> bool:
        mark = self._results.cell(number, columns[MARK]).value if MARK in columns else None
        if not is_empty(mark):
            if str(mark).strip().upper() not in IGNORED_MARKS:
                place = self._results.cell(number, columns[MARK]).coordinate
                self._fault(place, f"The mark {str(mark)[:40]!r} has no meaning.", "Leave the cell empty.")
            return False
        return any(not is_empty(self._formulas.cell(number, at).value) for at in columns.values())

    def _cells(self, number: int, columns: dict[str, int]) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for field in self.form.fields:
            if field.label in columns:
                self._read(number, columns[field.label], field, found)
        self._finish(number, columns, found)
        return found

    def _read(self, number: int, position: int, field: Field, found: dict[str, Cell]) -> None:
        place = self._results.cell(number, position).coordinate
        value = self._results.cell(number, position).value
        try:
            self._refuse_formula(number, position)
            if not is_empty(value):
                self._take(field, value, found)
            elif field.required:
                raise Unfit(f"The {field.label} is missing.", field.help)
        except Unfit as unfit:
            self._fault(place, unfit.cause, unfit.remedy)

    def _refuse_formula(self, number: int, position: int) -> None:
        result, formula = self._results.cell(number, position), self._formulas.cell(number, position)
        if result.data_type == "e":
            raise Unfit(f"The cell shows the error {result.value}.", "Mend the formula or write the number.")
        if formula.data_type == "f" and result.value is None:
            raise Unfit(
                "The formula was saved without its result.",
                "Open the file in a spreadsheet program and save it, or paste the values.",
            )

    def _take(self, field: Field, value: object, found: dict[str, Cell]) -> None:
        match field.kind:
            case "economy":
                found["economy"] = self._economy(value)
            case "choice":
                found[field.column] = cell_kinds.choice(value, field)
            case "count":
                found[field.column] = cell_kinds.count(value)
            case "figure":
                found[field.column] = cell_kinds.number(value)
            case "target":
                is_share = str(found.get("measure", "")).endswith("share")
                found["value"] = cell_kinds.share(value) if is_share else cell_kinds.count(value)
                found["unit"] = "fraction" if is_share else "vehicle"
            case "past_year":
                self._year(cell_kinds.past_year(value, self._this_year), found)
            case "year":
                found["year"] = cell_kinds.target_year(value).calendar
            case "period":
                found["period"] = cell_kinds.period(value)
                found["year"] = int(cell_kinds.period(value)[:4])
            case "text":
                found[field.column] = "; ".join(
                    filter(None, (str(found.get(field.column, "")), cell_kinds.text(value)))
                )

    def _economy(self, value: object) -> str:
        code = str(value).strip().upper()
        if code not in self._codes:
            raise Unfit(
                f"{str(value)[:40]!r} is no economy of the list.", "Use the alpha-3 code of the sheet lists."
            )
        return code

    def _year(self, year: Year, found: dict[str, Cell]) -> None:
        """A fiscal year stands under the calendar year in which it begins; the note says so."""
        found["year"] = year.calendar
        if self.form.table != "ev_sales":
            if year.fiscal:
                raise Unfit("A stock has a date, not a fiscal year.", "Write the calendar year of the date.")
            return
        found["basis"] = "fiscal_year" if year.fiscal else "annual"
        if year.fiscal:
            start = self._fiscal_start.get(str(found.get("economy")))
            if start == 1:
                raise Unfit(
                    f"The fiscal year of {found['economy']} is the calendar year.", f"Write {year.calendar}."
                )
            begin = f"{month_name[int(start)]} {year.calendar}" if start else f"some month of {year.calendar}"
            label = f"{year.calendar}/{(year.calendar + 1) % 100:02d}"
            found["note"] = f"Fiscal year {label}, from {begin}, stands under {year.calendar}"

    def _finish(self, number: int, columns: dict[str, int], found: dict[str, Cell]) -> None:
        low, high = found.get("low"), found.get("high")
        place = self._results.cell(number, columns.get("low", 1)).coordinate
        ends = [end for end in (low, found.get("value"), high) if isinstance(end, float)]
        if found.get("value") is None and (low is None or high is None) and not self._faulty(number):
            cause = "There is no figure, nor both low and high."
            self._fault(f"A{number}", cause, "Give the figure or its range, or clear the row.")
        elif ends != sorted(ends):
            self._fault(place, "Low, figure and high are not in order.", "Low may not exceed high.")

    def _faulty(self, number: int) -> bool:
        return any(fault.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(number) for fault in self.faults)

    def _fault(self, cell: str, cause: str, remedy: str) -> None:
        self.faults.append(CellFault(self.form.name, cell, cause, remedy))


def _loose(word: object) -> str:
    return " ".join(str(word or "").replace("_", " ").replace("*", " ").casefold().split())
