"""Opening a workbook from a stranger: what it is, how large it grows, and whether it carries programs."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kitaran.reference.own_data.faults import refuse_file

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_BYTES = 2_000_000
MAX_UNPACKED_BYTES = 16_000_000
MAX_PARTS = 500

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_AS_XLSX = "Save it in Excel or LibreOffice as .xlsx (Excel workbook), without a password."


@dataclass(frozen=True)
class Opened:
    """The workbook twice: with the results of its formulas, and with the formulas."""

    results: Workbook
    formulas: Workbook


def open_workbook(content: bytes) -> Opened:
    """Open XLSX bytes. UploadError if they are too large, no XLSX, damaged, or carry macros."""
    _check_form(content)
    _check_parts(content)
    from openpyxl import load_workbook

    try:
        return Opened(
            load_workbook(io.BytesIO(content), data_only=True, keep_links=False),
            load_workbook(io.BytesIO(content), data_only=False, keep_links=False),
        )
    except Exception as error:  # openpyxl lets whatever its parts raise through
        raise refuse_file(
            "The workbook is damaged and cannot be opened.", "Open it, save it again and send that file."
        ) from error


def _check_form(content: bytes) -> None:
    if not content:
        raise refuse_file("The file is empty.", "Choose the filled template.")
    if len(content) > MAX_BYTES:
        raise refuse_file(
            f"The file has {len(content) / 1e6:.1f} MB; the limit is {MAX_BYTES / 1e6:.0f} MB.",
            "Keep only the sheets of the template, or send the years in several files.",
        )
    if content.startswith(_OLD_OFFICE):
        raise refuse_file("The file is an old .xls workbook or is locked with a password.", _AS_XLSX)
    if not content.startswith(_ZIP):
        raise refuse_file("The file is no XLSX workbook, whatever its name says.", _AS_XLSX)


def _check_parts(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_inventory(archive)
            for part in archive.infolist():
                _check_part(part.filename, archive.read(part))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise refuse_file("The file is cut off or damaged.", "Send it again.") from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise refuse_file("The file is cut off or damaged.", "Send it again.") from error
        raise


def _check_inventory(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise refuse_file("The workbook carries macros (programs).", "Save it as .xlsx without macros.")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise refuse_file("The file is a ZIP archive, but no XLSX workbook.", _AS_XLSX)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES or len(parts) > MAX_PARTS:
        raise refuse_file(
            f"The workbook unpacks to {unpacked / 1e6:,.0f} MB in {len(parts)} parts; the limit is "
            f"{MAX_UNPACKED_BYTES / 1e6:.0f} MB and {MAX_PARTS} parts.",
            "Copy your rows into a fresh template: formatting of empty rows or pictures may fill the file.",
        )


def _check_part(name: str, content: bytes) -> None:
    if name == "[Content_Types].xml" and b"macroEnabled" in content:
        raise refuse_file("The workbook is of a kind that carries macros.", "Save it as .xlsx.")
    if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in content.replace(b"\0", b""):
        raise refuse_file(
            "The workbook holds a document type declaration, which no spreadsheet program writes.",
            "Copy your rows into a fresh template.",
        )
