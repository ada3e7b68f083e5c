"""The facts that an authority enters in the pages: each is a small table of its own in the workspace.

Tables are read in the order of their names, so a later fact can replace an earlier one, and taking a table
out takes exactly one fact back.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from kitaran.foundation.disk import write_whole
from kitaran.law import Book
from kitaran.law.own_facts import COLUMNS

ENTERED = "entered-"
_NUMBERED = re.compile(rf"{ENTERED}(\d+)-.*\.csv")
_one_at_a_time = threading.Lock()  # a workspace has one server; two browsers may write at once
Row = Mapping[str, str]


def add(folder: Path, row: Row) -> str:
    """Keep a fact as the newest table; returns the name of the table. The same fact is kept once."""
    with _one_at_a_time:
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.glob(f"{ENTERED}*.csv")):
            if path.read_bytes() == as_table({**row, "id": f"{row['id']}.{_number(path.name)}"}):
                return path.name
        number = 1 + max((_number(path.name) for path in folder.glob(f"{ENTERED}*.csv")), default=0)
        name = f"{ENTERED}{number:04d}-{row['id']}.csv"
        write_whole(folder / name, as_table({**row, "id": f"{row['id']}.{number}"}))
    return name


def with_row(book: Book, row: Row) -> Book:
    """The book as it would be with one more fact. Raises InputError if it cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{ENTERED}now.csv"
        path.write_bytes(as_table(row))
        return book.with_own_facts(path)


def as_table(row: Row) -> bytes:
    """A fact as the CSV that the law book reads."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerow(row)
    return text.getvalue().encode()


def _number(name: str) -> int:
    found = _NUMBERED.fullmatch(name)
    return int(found[1]) if found else 0
