"""Workbooks that were sent and wait for a decision, and those that were accepted, as they were given.

uploads/ID.xlsx is the file; uploads/ID.name holds the name that its sender gave it. ID is the start of the
file's SHA-256, so the same file is kept once.
"""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

from kitaran.foundation.disk import explain, write_whole
from kitaran.foundation.errors import NotFoundError
from kitaran.reference.own_data.upload import upload_id

MAX_WAITING = 30
_ID = re.compile(r"[0-9a-f]{12}")


def keep(folder: Path, content: bytes, filename: str, in_use: Container[str] = ()) -> str:
    """Put a workbook on the shelf; its id. When the shelf is full, the oldest unaccepted gives way."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error, folder) from error
    given = upload_id(content)
    write_whole(folder / f"{given}.name", plain_name(filename).encode())
    write_whole(folder / f"{given}.xlsx", content)
    for old in [item for item in _newest_first(folder) if item not in in_use and item != given][MAX_WAITING:]:
        discard(folder, old)
    return given


def fetch(folder: Path, given: str) -> tuple[bytes, str]:
    """Content and name of a workbook. NotFoundError if it is not there."""
    try:
        if not _ID.fullmatch(given):
            raise FileNotFoundError(given)
        content = (folder / f"{given}.xlsx").read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError(
            "There is no such workbook.", f"upload {given}", "Send the file again on the page Own data."
        ) from error
    name = folder / f"{given}.name"
    return content, name.read_text(encoding="utf-8") if name.is_file() else f"{given}.xlsx"


def discard(folder: Path, given: str) -> None:
    """Take a workbook from the shelf. NotFoundError if it is not there."""
    fetch(folder, given)
    (folder / f"{given}.xlsx").unlink(missing_ok=True)
    (folder / f"{given}.name").unlink(missing_ok=True)


def waiting(folder: Path, in_use: Container[str] = ()) -> tuple[tuple[str, str], ...]:
    """Id and name of each workbook that is not in use, the newest first."""
    return tuple((item, fetch(folder, item)[1]) for item in _newest_first(folder) if item not in in_use)


def plain_name(filename: str) -> str:
    """The last part of a file name without control characters, at most 100 letters."""
    last = re.split(r"[\\/]", filename)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip()[:100] or "workbook.xlsx"


def _newest_first(folder: Path) -> list[str]:
    files = [file for file in folder.glob("*.xlsx") if _ID.fullmatch(file.stem)] if folder.is_dir() else []
    return [file.stem for file in sorted(files, key=lambda file: file.stat().st_mtime_ns, reverse=True)]
