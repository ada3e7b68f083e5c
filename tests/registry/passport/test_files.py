"""Files of batteries are read as spreadsheets write them, and what cannot be read is named."""

from __future__ import annotations

import contextlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.xml.constants import SHARED_STRINGS

from kitaran.foundation.errors import InputError
from kitaran.registry.passport import files
from kitaran.registry.passport.files import UnreadableRowError, read, rows_about
from kitaran.registry.passport.model_file import read_text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_heading_tells_what_stands_between_the_cells(tmp_path: Path, separator: str, mark: str) -> None:
    path = tmp_path / "packs.csv"
    rows = [["model", "serial_number", "codes"], ["pack-52", "S1", '"a;b"']]
    path.write_text(mark + "\r\n".join(separator.join(row) for row in rows), encoding="utf-8", newline="")
    assert list(read(path)) == [(2, {"model": "pack-52", "serial_number": "S1", "codes": "a;b"})]


def test_a_file_that_is_not_there_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no such file"):
        list(read(tmp_path / "nothing.csv"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b"\r\n  \r\n", "The file is empty"),
        (b",,\r\npack-52,S-1\r\n", "The first row is empty"),
        (b"\r\nmodel,serial_number\r\n", "The first row is empty"),
        (b"model,,serial_number\r\n", "A column has no name"),
    ],
)
def test_a_table_without_a_heading_says_what_is_wrong_with_it(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "packs.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableRowError, match=words) as error:
        list(read(path))
    assert error.value.row == 1


def test_a_table_of_a_heading_alone_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "packs.csv"
    path.write_text("model,serial_number\n", encoding="utf-8-sig")
    assert list(read(path)) == []


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "cp874"])
def test_another_encoding_is_named_and_how_to_save(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "packs.csv"
    word = "แพ็ค" if encoding == "cp874" else "Paço"
    path.write_bytes(f"model,serial_number\npack-52,{word}\n".encode(encoding))
    with pytest.raises(InputError, match=r"not in UTF-8.*CSV UTF-8 or XLSX"):
        list(read(path))


def test_objects_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "packs.ndjson"
    path.write_text('{"model": "pack-52"}\n', encoding="utf-8-sig")
    assert list(read(path)) == [(1, {"model": "pack-52"})]


def test_a_spreadsheet_without_cells_says_so(tmp_path: Path) -> None:
    path, book = tmp_path / "packs.xlsx", Workbook()
    book.save(path)
    with pytest.raises(UnreadableRowError, match="The first sheet is empty"):
        list(read(path))
    book.worksheets[0].append(["model", "serial_number"])
    book.save(path)
    assert list(read(path)) == []
    book = Workbook()
    book.create_chartsheet()
    book.remove(book.worksheets[0])
    book.save(path)
    with pytest.raises(InputError, match="no XLSX file"):
        list(read(path))


def test_a_damaged_spreadsheet_is_named_as_such(tmp_path: Path) -> None:
    path, book = tmp_path / "packs.xlsx", Workbook()
    for number in range(50):
        book.worksheets[0].append(["model", f"serial {number}"])
    book.save(path)
    whole = path.read_bytes()
    for start in range(0, len(whole) - 40, 400):
        path.write_bytes(whole[:start] + b"\0" * 40 + whole[start + 40 :])
        with contextlib.suppress(InputError):  # any other would be a mistake of the program
            list(read(path))


@pytest.mark.parametrize("renamed", [False, True])
def test_a_small_spreadsheet_that_unpacks_to_much_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renamed: bool
) -> None:
    plain, path = tmp_path / "plain.xlsx", tmp_path / "packs.xlsx"
    Workbook().save(plain)
    part = f'<Override PartName="/xl/theme/other.xml" ContentType="{SHARED_STRINGS}"/></Types>'
    with ZipFile(plain) as packed, ZipFile(path, "w", ZIP_DEFLATED) as other:
        for name in packed.namelist():
            content = packed.read(name)
            if renamed and name == "[Content_Types].xml":
                content = content.replace(b"</Types>", part.encode())
            other.writestr(name, content + b" " * 5_000_000 * (not renamed and name == "xl/styles.xml"))
        if renamed:
            monkeypatch.setattr("kitaran.registry.passport.files._MOST_TEXTS", 9)
            other.writestr("xl/theme/other.xml", b"<sst>          </sst>")
    with pytest.raises(InputError, match="too large"):
        list(read(path))


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        (b"<row>%s</row>" % (b'<c r="A1"><v>1</v></c>' * 400), True),
        (b"<row>%s</row>" % (b"<row/><!--</row>--><c><v>1</v></c>" * 400), True),
        (b"<row/>" * 1100, True),
        (b'<row r="2000000000"/>', True),
        (b'<row r="2e9"/>', True),
        (b'<row><c t="str"><v>1</v></c></row>' * 400, False),
    ],
)
def test_a_sheet_with_an_endless_row_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: bytes, refused: bool
) -> None:
    monkeypatch.setattr(files, "_MOST_OF_A_ROW", 5000)
    monkeypatch.setattr(files, "_MOST_ROWS", 1000)
    plain, path = tmp_path / "plain.xlsx", tmp_path / "packs.xlsx"
    book = Workbook()
    book.worksheets[0].append(["model"])
    book.save(plain)
    with ZipFile(plain) as packed, ZipFile(path, "w", ZIP_DEFLATED) as other:
        for name in packed.namelist():
            content = packed.read(name)
            if name.startswith("xl/worksheets/"):
                content = content.replace(b"</sheetData>", rows + b"</sheetData>")
            other.writestr(name, content)
    if refused:
        with pytest.raises(InputError, match="rows, or one far too long") as error:
            list(read(path))
        assert "xl/worksheets/sheet1.xml" in str(error.value)
        assert rows_about(path) == 0
    else:
        assert len(list(read(path))) == 400


def test_a_model_that_unfolds_itself_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    text = "model: m\nattributes:\n  " + "\n  ".join(lines)
    with pytest.raises(InputError, match="refers to itself"):
        read_text(text.encode(), "model.yaml")
