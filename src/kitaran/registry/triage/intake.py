"""Files of tests in and out: CSV or XLSX as they come back filled, and blank ones to fill."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kitaran.foundation.errors import Fault, InputError
from kitaran.foundation.given_files import bytes_of
from kitaran.registry.triage.columns import COLUMNS, SEEN, VOLTAGE_COLUMNS

LINE = ""
"""Key under which a row tells its line in the file."""
MAX_ROWS = 20_000
_MAX_WORKBOOK = 2_000_000
_MAX_TEXT = 64_000_000
_MAX_COLUMNS = 200
"""Of a sheet: one cell far to the right makes every row above it as long."""
_SEPARATORS = (",", ";", "\t")
_COMMA = re.compile(r"-?\d+,\d+", re.ASCII)
_ZIP = b"PK\x03\x04"
_YES_NO = (*SEEN, "undiagnosable")


def read_rows(file: Path) -> list[dict[str, str]]:
    """Rows by column name; raises InputError if the file is no table of tests of batteries."""
    return rows_of(bytes_of(file, "Name a CSV or XLSX file."), file.name)


def rows_of(content: bytes, place: str) -> list[dict[str, str]]:
    """Rows of a CSV in UTF-8 or of the first sheet of an XLSX, told apart by their first bytes.

    Each row has its line under `LINE`; empty lines are passed over. Raises InputError.
    """
    lines = list(_workbook_lines(content, place) if content.startswith(_ZIP) else _text_lines(content, place))
    filled = [(number, cells) for number, cells in lines if any(cells)]
    if not filled:
        raise InputError("The file is empty.", place, "Name the columns in the first line.")
    heads = _named(filled[0][1])
    if faults := [*_faults_of_heads(heads, place)]:
        raise InputError(f"{place} cannot be graded", faults=faults)
    if len(filled) == 1:
        raise InputError("The file holds no battery.", place, "Give one battery a line under the names.")
    if len(filled) > MAX_ROWS + 1:
        raise InputError(
            f"The file holds {len(filled) - 1} batteries.", place, f"Give at most {MAX_ROWS} at once."
        )
    return [
        dict(zip(heads, [*cells, *[""] * len(heads)], strict=False)) | {LINE: str(number)}
        for number, cells in filled[1:]
    ]


def _named(heads: Sequence[str]) -> list[str]:
    """Names of columns as they are known, in whatever letters they are written; `ID` stays beside `id`."""
    known = {column.name.casefold(): column.name for column in COLUMNS}
    return [head if head == "ID" else known.get(head.casefold(), head) for head in heads]


def _text_lines(content: bytes, place: str) -> Iterator[tuple[int, list[str]]]:
    if len(content) > _MAX_TEXT:
        cause = f"The file has {len(content) / 1e6:.0f} MB; the limit is {_MAX_TEXT / 1e6:.0f} MB."
        raise InputError(cause, place, "Send fewer batteries at once.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("The file is not in UTF-8.", place, "Save it as CSV UTF-8 or as XLSX.") from error
    lines = io.StringIO(text, newline=None)
    first = lines.readline()
    lines.seek(0)
    mark = max(_SEPARATORS, key=first.count)
    reader = csv.reader(lines, delimiter=mark)
    try:
        for line in reader:
            yield reader.line_num, [_pointed(cell.strip(), mark) for cell in line]
    except csv.Error as error:
        raise InputError(f"Line {reader.line_num} is not CSV: {error}.", place, "Save it as CSV.") from error


def _pointed(cell: str, separator: str) -> str:
    """Where no comma separates, one between digits is a decimal comma."""
    return cell.replace(",", ".") if separator != "," and _COMMA.fullmatch(cell) else cell


def _workbook_lines(content: bytes, place: str) -> Iterator[tuple[int, list[str]]]:
    from kitaran.reference.own_data.workbook import open_workbook

    if len(content) > _MAX_WORKBOOK:
        raise InputError(
            f"The workbook has {len(content) / 1e6:.1f} MB; the limit is {_MAX_WORKBOOK / 1e6:.0f} MB.",
            place,
            "Send fewer batteries at once, or save it as CSV.",
        )
    sheet = open_workbook(content).results.worksheets[0]
    if sheet.max_column > _MAX_COLUMNS:
        cause = f"The sheet reaches to column {sheet.max_column:,}; the limit is {_MAX_COLUMNS}."
        raise InputError(cause, place, "Copy the rows into a fresh workbook.")
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_row=MAX_ROWS + 2), 1):
        yield number, [_written(value) for value in values]


def _written(value: Any) -> str:
    """A cell as it would stand in a CSV; yes and no of a spreadsheet are 1 and 0."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _faults_of_heads(heads: Sequence[str], place: str) -> Iterator[Fault]:
    for name in sorted({head for head in heads if head and heads.count(head) > 1}):
        yield Fault(place, f"The column {name} stands twice.", "Keep one of them.")
    missing = [name for name in VOLTAGE_COLUMNS if name not in heads]
    if missing and (len(missing) < len(VOLTAGE_COLUMNS) or "capacity_test_ah" not in heads):
        yield Fault(
            place,
            f"The columns {', '.join(missing)} are missing.",
            "A pulse test has the voltages U1 to U21; a capacity test alone has capacity_test_ah.",
        )
    if "q_nominal_ah" not in heads:
        yield Fault(
            place,
            "The column q_nominal_ah is missing.",
            "Give the nominal capacity in Ah, or leave cells empty.",
        )


def blank_csv() -> bytes:
    """The names of all columns, to be filled one battery a line."""
    return (",".join(column.name for column in COLUMNS) + "\r\n").encode("utf-8-sig")


def blank_workbook() -> bytes:
    """A workbook with an empty sheet of tests, yes and no as choices, and a sheet that tells the columns."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    tests = book.worksheets[0]
    tests.title = "tests"
    yes_no = DataValidation(type="list", formula1='"1,0"', allow_blank=True)
    yes_no.error = "1 yes, 0 no, empty: nobody looked"
    tests.add_data_validation(yes_no)
    for number, column in enumerate(COLUMNS, 1):
        letter = get_column_letter(number)
        tests.cell(1, number, column.name).font = Font(bold=True)
        tests.column_dimensions[letter].width = max(8, len(column.name) + 2)
        if column.name in _YES_NO:
            yes_no.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
    tests.freeze_panes = "B2"
    _tell_columns(book.create_sheet("columns"))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _tell_columns(sheet: Any) -> None:
    from openpyxl.styles import Font

    lines: Iterable[tuple[str, str, str]] = (
        ("column", "unit", "meaning"),
        *(
            (each.name, each.unit or ("1 yes, 0 no" if each.name in _YES_NO else ""), each.meaning)
            for each in COLUMNS
        ),
    )
    for line in lines:
        sheet.append(line)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in (("A", 20), ("B", 14), ("C", 70)):
        sheet.column_dimensions[letter].width = width
