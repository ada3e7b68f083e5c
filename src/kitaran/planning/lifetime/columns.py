"""Named columns of a CSV file, cell by cell with the row of each, and what is wrong with the file named."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from kitaran.foundation.errors import Fault, InputError

MOST_FAULTS = 5
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read_columns(path: str | Path, names: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """(row of the file, cell by column name) for each row that is not empty; the header is row 1.

    InputError for a file that is no CSV in UTF-8, for a column that is missing or stands twice, and for rows
    that are longer than the header.
    """
    place = str(path)
    rows = _rows(Path(path), place)
    if not rows:
        raise InputError(
            "The file is empty.",
            f"{place}, row 1",
            f"Give the columns {', '.join(names)} and a row a sample.",
        )
    line, head = rows[0][0], [cell.strip() for cell in rows[0][1]]
    _judge_head(head, names, f"{place}, row {line}")
    if len(rows) == 1:
        raise InputError("The file holds no samples.", f"{place}, row {line}", "Give a row for each sample.")
    long = [(row, cells) for row, cells in rows[1:] if any(cell.strip() for cell in cells[len(head) :])]
    if long:
        faults = [
            Fault(
                f"{place}, row {row}",
                f"The row has {len(cells)} cells and the header {len(head)}.",
                "Separate cells by commas and write decimals with a point.",
            )
            for row, cells in long[:MOST_FAULTS]
        ]
        raise InputError("Rows are longer than the header.", faults=faults)
    where = {name: head.index(name) for name in names}
    return [
        (row, {name: cells[at].strip() if at < len(cells) else "" for name, at in where.items()})
        for row, cells in rows[1:]
    ]


def _rows(path: Path, place: str) -> list[tuple[int, list[str]]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"The file cannot be read: {reason}.", place, "Give a CSV file in UTF-8.") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            "The file is not text in UTF-8.", f"{place}, row {row}", "Save it as CSV in UTF-8."
        ) from error
    try:
        reader = csv.reader(text.splitlines(keepends=True))
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        row = reader.line_num
        raise InputError(
            f"The file is no CSV: {error}.", f"{place}, row {row}", "Give a CSV file."
        ) from error


def _judge_head(head: list[str], names: Sequence[str], place: str) -> None:
    twice = sorted({name for name in names if head.count(name) > 1})
    if twice:
        raise InputError(f"The column {', '.join(twice)} stands twice.", place, "Keep one of them.")
    missing = [name for name in names if name not in head]
    if not missing:
        return
    wanted = ",".join(names)
    for sign, word in _SEPARATORS.items():
        if len(head) < len(names) and sign in head[0]:
            raise InputError(
                f"The cells are separated by {word}.",
                place,
                f"Separate them by commas, write decimals with a point, and begin with {wanted}.",
            )
    raise InputError(f"The column {', '.join(missing)} is missing.", place, f"Name the columns {wanted}.")


def plain_number(text: str) -> float:
    """A number as people write it; ValueError for what Python alone would take, such as 18_000."""
    if "_" in text:
        raise ValueError(text)
    return float(text)
