"""Rows of a file of batteries: CSV, NDJSON or XLSX, each as text by column, with its number in the file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat
from zipfile import ZipFile

from kitaran.foundation.disk import explain
from kitaran.foundation.errors import InputError

Cells = dict[str, str]
KINDS: Final = (".csv", ".ndjson", ".jsonl", ".xlsx")
_SEPARATORS: Final = (",", ";", "\t")
"""What spreadsheets put between cells, by country; the heading tells which, and of none the first holds."""
_HEADING: Final = "Write the names of the columns into the first row, and one battery into each row below."
_SAVE_AGAIN: Final = "Save the table from your spreadsheet again, on its first sheet."
_MOST_UNPACKED: Final = 1_500_000_000
_MOST_TEXTS: Final = 200_000_000
_MOST_HELD: Final = 4_000_000
"""Bytes of a spreadsheet, of the texts in it that are held at once, and of its styles, of which each
byte takes a hundred of memory.
"""
_MOST_OF_A_ROW: Final = 8_000_000
_MOST_ROWS: Final = 1_048_576
"""Bytes of a sheet from the end of one row to the end of the next, which are held at once, and rows of a
sheet in any spreadsheet program (ECMA-376).
"""
_ROW: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main row"
_ROW_DEPTH: Final = 3
"""worksheet, sheetData, row: one within a row frees nothing."""
_HELD_WHOLE: Final = (
    "xl/styles",
    "xl/workbook",
    "xl/_rels/",
    *("xl/theme/", "docProps/", "_rels/", "[Content_Types]"),
)


class UnreadableRowError(InputError):
    """A row that is none: nothing behind it is read. row : as the file counts"""

    def __init__(self, row: int, cause: str, remedy: str) -> None:
        self.row = row
        super().__init__(cause, f"row {row}", remedy)


def read(path: Path) -> Iterator[tuple[int, Cells]]:
    """Number and cells of each row; empty cells and rows are left out. The heading of a table is row 1.

    Raises InputError if the file cannot be read at all.
    """
    readers = {".csv": _csv, ".xlsx": _xlsx, ".ndjson": _ndjson, ".jsonl": _ndjson}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError("This kind of file is not read.", str(path), f"Give one of {', '.join(KINDS)}.")
    try:
        yield from reader(path)
    except FileNotFoundError:
        raise InputError("There is no such file.", str(path), "Look at its name and folder.") from None
    except OSError as error:
        raise explain(error, path) from error
    except UnicodeDecodeError:
        raise InputError("The file is not in UTF-8.", str(path), "Save it as CSV UTF-8 or XLSX.") from None


def rows_about(path: Path) -> int:
    """About how many rows the file has, by its line ends or as a spreadsheet says itself; 0: unknown."""
    try:
        if path.suffix.lower() != ".xlsx":
            with path.open("rb") as file:
                return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
        from openpyxl import load_workbook

        _check_unpacked(path)
        book = load_workbook(path, read_only=True)
        try:
            return int(book.worksheets[0].max_row or 0)
        finally:
            book.close()
    except Exception:  # `read` says better what is wrong with it
        return 0


def _csv(path: Path) -> Iterator[tuple[int, Cells]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading = file.readline()
        if not heading.strip() and not any(line.strip() for line in file):
            raise UnreadableRowError(1, "The file is empty.", _HEADING)
        file.seek(0)
        lines = csv.reader(file, delimiter=max(_SEPARATORS, key=heading.count), strict=True)
        try:
            names = [name.strip() for name in next(lines, [])]
            _check_names(names)
            for row in lines:
                if cells := _cells(names, row, lines.line_num):
                    yield lines.line_num, cells
        except csv.Error as error:
            cause = f"This is no CSV: {error}."
            raise UnreadableRowError(lines.line_num, cause, "Save the table as CSV UTF-8.") from None


def _xlsx(path: Path) -> Iterator[tuple[int, Cells]]:
    rows = _first_sheet(path)
    names = [_written(value).strip() for value in next(rows, ())]
    while names and not names[-1]:
        names.pop()
    if not names and not any(value is not None for row in rows for value in row):
        raise UnreadableRowError(1, "The first sheet is empty.", _HEADING)
    _check_names(names)
    for number, row in enumerate(rows, start=2):
        if cells := _cells(names, [_written(value) for value in row], number):
            yield number, cells


def _first_sheet(path: Path) -> Iterator[tuple[Any, ...]]:
    """Values of each row. What an odd or damaged file leads its reader to raise has no end."""
    from openpyxl import load_workbook

    try:
        _check_unpacked(path)
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # or one cell far to the right makes every row as long
            yield from sheet.iter_rows(values_only=True)
        finally:
            book.close()
    except (OSError, InputError):
        raise
    except Exception:
        raise InputError("This is no XLSX file, or it is damaged.", str(path), _SAVE_AGAIN) from None


def _check_unpacked(path: Path) -> None:
    """Raises InputError for a small file that unpacks to a huge one; BadZipFile if it is none."""
    with ZipFile(path) as packed:
        sizes = {one.filename: one.file_size for one in packed.infolist()}
        beside = {name: size for name, size in sizes.items() if name.startswith(_HELD_WHOLE)}
        if sum(beside.values()) > _MOST_HELD:
            raise _too_large(path)
        texts = sum(sizes.get(name, 0) for name in _texts_of(packed))
        if sum(sizes.values()) > _MOST_UNPACKED or texts > _MOST_TEXTS:
            raise _too_large(path)
        for name in _sheets_of(path):
            if name in sizes:
                _check_rows(packed, name, path)


def _sheets_of(path: Path) -> list[str]:
    """Parts that its reader takes for sheets: it may look through each when it opens the file."""
    from openpyxl.reader.excel import ExcelReader

    reader = ExcelReader(path, read_only=True)
    with reader.archive:
        reader.read_manifest()
        reader.read_workbook()
        return [relation.target for _, relation in reader.parser.find_sheets()]


def _check_rows(packed: ZipFile, name: str, path: Path) -> None:
    """Raises InputError for a sheet with too long a row or too many; ExpatError if it is no XML."""
    depth = rows = last = end_of_row = longest = fed = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, last
        depth += 1
        if tag == _ROW and "r" in attributes:
            last = max(last, _row_number(attributes["r"]))

    def end(tag: str) -> None:
        nonlocal depth, rows, end_of_row, longest
        if depth == _ROW_DEPTH and tag == _ROW:
            rows, begun, end_of_row = rows + 1, end_of_row, parser.CurrentByteIndex
            longest = max(longest, end_of_row - begun)
        depth -= 1

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    with packed.open(name) as sheet:
        for block in iter(lambda: sheet.read(1 << 16), b""):
            parser.Parse(block)
            fed += len(block)
            if max(rows, last) > _MOST_ROWS or max(longest, fed - end_of_row) > _MOST_OF_A_ROW:
                cause = f"The sheet has more than {_MOST_ROWS} rows, or one far too long."
                raise InputError(cause, f"{path}, {name}", "Save the table as CSV UTF-8.")


def _row_number(told: str) -> int:
    """The number that a row says it has: what is left out before it, a reader fills with empty rows.

    What is no plain number of at most nine digits counts as one too many; readers take "2e9" too.
    """
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= 9 else _MOST_ROWS + 1


def _texts_of(packed: ZipFile) -> Iterator[str]:
    """Parts that hold texts, whatever they are called."""
    from openpyxl.packaging.manifest import Manifest
    from openpyxl.xml.constants import ARC_CONTENT_TYPES, SHARED_STRINGS
    from openpyxl.xml.functions import fromstring

    told = Manifest.from_tree(fromstring(packed.read(ARC_CONTENT_TYPES)))
    return (one.PartName.removeprefix("/") for one in told.findall(SHARED_STRINGS))


def _too_large(path: Path) -> InputError:
    return InputError("The spreadsheet is too large.", str(path), "Save the table as CSV UTF-8.")


def _ndjson(path: Path) -> Iterator[tuple[int, Cells]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line, parse_float=str, parse_int=str)
            except (json.JSONDecodeError, RecursionError):
                value = None
            if not isinstance(value, dict):
                raise UnreadableRowError(number, "This line is no JSON object.", "Write one object a line.")
            yield number, {str(name): _written(cell) for name, cell in value.items() if cell is not None}


def _check_names(names: list[str]) -> None:
    if not any(names):
        raise UnreadableRowError(1, "The first row is empty.", _HEADING)
    if not all(names):
        raise UnreadableRowError(1, "A column has no name.", "Write a name above each column.")
    if len(set(names)) < len(names):
        raise UnreadableRowError(1, "Two columns have one name.", "Leave one of them out.")


def _cells(names: list[str], row: list[str], number: int) -> Cells:
    if any(cell.strip() for cell in row[len(names) :]):
        cause = "The row has more cells than the heading."
        raise UnreadableRowError(number, cause, "Put texts with commas in quotes.")
    return {name: cell.strip() for name, cell in zip(names, row, strict=False) if cell.strip()}


def _written(value: Any) -> str:
    """A cell of a spreadsheet or of JSON as one would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ";".join(_written(one) for one in value)
    return str(value)
