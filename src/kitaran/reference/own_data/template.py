"""The workbook to fill in: one sheet a table, help at every column, drop-down lists, an ignored example."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from kitaran.reference.library import Library, packaged
from kitaran.reference.own_data.sheet_rows import MAX_ROWS
from kitaran.reference.own_data.sheets import (
    LISTS_SHEET,
    MARK,
    README_SHEET,
    WHO_FIELDS,
    WHO_SHEET,
    Field,
    Sheet,
    economy_codes,
    sheets,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_LINE, HELP_LINE, EXAMPLE_LINE = 2, 3, 4
_WIDTH = 22

_README = (
    "Kitaran: own figures of an economy",
    "1. Say on the sheet 'who are you' who stands behind the figures: it becomes their source.",
    "2. Fill one or more of the sheets. One row is one figure. Leave unknown cells empty; 0 means none.",
    "3. Rows marked HELP or EXAMPLE are ignored. Do not rename columns; do not merge cells.",
    "4. Save as .xlsx and send the file on the page 'Own data', or: kitaran data import FILE.xlsx",
    "Nothing changes before you have seen your figures beside the packaged ones and accepted them.",
    "A fiscal year is written with both years (2024/25) and stands under the year in which it begins.",
)


def template(library: Library | None = None) -> bytes:
    """The workbook as XLSX bytes."""
    from openpyxl import Workbook

    library = library or packaged()
    book = Workbook()
    _write_readme(book.active)
    _write_who(book.create_sheet(WHO_SHEET))
    lists = _Lists(book)
    for form in sheets(library):
        _write_sheet(book.create_sheet(form.name), form, lists, library)
    lists.place_last()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Lists:
    """The sheet of closed lists, one a column; drop-downs point to it."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._sheet: Worksheet = book.create_sheet(LISTS_SHEET)
        self._at: dict[tuple[str, ...], str] = {}

    def reference(self, label: str, options: tuple[str, ...]) -> str:
        """Range of cells that hold the options."""
        if options not in self._at:
            column = len(self._at) + 1
            for line, word in enumerate((label, *options), start=1):
                self._sheet.cell(line, column, word)
            letter = self._sheet.cell(1, column).column_letter
            self._at[options] = f"'{LISTS_SHEET}'!${letter}$2:${letter}${len(options) + 1}"
        return self._at[options]

    def place_last(self) -> None:
        self._book.move_sheet(self._sheet, offset=len(self._book.sheetnames))


def _write_readme(sheet: Worksheet) -> None:
    sheet.title = README_SHEET
    sheet.column_dimensions["A"].width = 110
    for line, words in enumerate(_README, start=1):
        sheet.cell(line, 1, words)
    _embolden(sheet, 1)


def _write_who(sheet: Worksheet) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    for letter, width in (("A", _WIDTH), ("B", 48), ("C", 60)):
        sheet.column_dimensions[letter].width = width
    for line, field in enumerate(WHO_FIELDS, start=1):
        sheet.cell(line, 1, f"{field.label} *" if field.required else field.label)
        sheet.cell(line, 3, f"{field.help} Example: {field.example}" if field.example else field.help)
        if field.choices:
            words = DataValidation("list", formula1=f'"{",".join(field.choices)}"', allow_blank=True)
            words.add(sheet.cell(line, 2))
            sheet.add_data_validation(words)


def _write_sheet(sheet: Worksheet, form: Sheet, lists: _Lists, library: Library) -> None:
    sheet.cell(1, 1, form.title)
    sheet.cell(HEADER_LINE, 1, MARK)
    sheet.cell(HELP_LINE, 1, "HELP")
    sheet.cell(EXAMPLE_LINE, 1, "EXAMPLE")
    for position, field in enumerate(form.fields, start=2):
        _write_column(sheet, position, field)
        options = economy_codes(library) if field.kind == "economy" else field.choices
        if options:
            _offer(sheet, position, lists.reference(f"{form.name}: {field.label}", options))
    _embolden(sheet, 1)
    _embolden(sheet, HEADER_LINE)
    sheet.freeze_panes = sheet.cell(EXAMPLE_LINE + 1, 1)


def _write_column(sheet: Worksheet, position: int, field: Field) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font

    header = sheet.cell(HEADER_LINE, position, f"{field.label} *" if field.required else field.label)
    header.comment = Comment(field.help, "Kitaran")
    sheet.column_dimensions[header.column_letter].width = _WIDTH
    help_cell = sheet.cell(HELP_LINE, position, field.help)
    help_cell.alignment = Alignment(wrap_text=True, vertical="top")
    help_cell.font = Font(italic=True, color="595959")
    sheet.cell(EXAMPLE_LINE, position, field.example).font = Font(italic=True, color="595959")


def _offer(sheet: Worksheet, position: int, options: str) -> None:
    """A drop-down; an entry outside it is refused by the spreadsheet program already."""
    from openpyxl.worksheet.datavalidation import DataValidation

    words = DataValidation("list", formula1=options, allow_blank=True, showErrorMessage=True)
    words.errorTitle, words.error = "Not on the list", "Choose an entry of the list."
    letter = sheet.cell(1, position).column_letter
    words.add(f"{letter}{EXAMPLE_LINE + 1}:{letter}{MAX_ROWS}")
    sheet.add_data_validation(words)


def _embolden(sheet: Worksheet, line: int) -> None:
    from openpyxl.styles import Font

    for cell in sheet[line]:
        cell.font = Font(bold=True)
