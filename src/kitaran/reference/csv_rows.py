"""From CSV text to typed rows and back. Every cell that cannot be read is a finding, none is guessed."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kitaran.reference.findings import Finding
from kitaran.reference.row import Cell, Origin, Row
from kitaran.reference.sidecar import TableMeta


@dataclass(frozen=True)
class Parsed:
    """The rows that could be read, and what was wrong with the others."""

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def parse_rows(name: str, text: str, meta: TableMeta, origin: Origin) -> Parsed:
    """Typed rows of CSV text whose first line names the columns.

    A column of the sidecar that the file lacks reads as empty: an override need not repeat every column.
    """
    findings: list[Finding] = []
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    index = meta.positions
    rows: list[Row] = []
    try:
        header = next(reader, [])
        findings += _header_findings(origin, header, meta)
        for record in reader:
            if not any(record):
                continue
            if len(record) != len(header):
                cause = f"The line has {len(record)} cells, the header {len(header)}."
                findings.append(_error(origin, reader.line_num, cause, "Quote cells that hold a comma."))
                continue
            given = dict(zip(header, record, strict=True))
            cells = _cells(origin, reader.line_num, given, meta, findings)
            rows.append(Row(row_id(name, meta, index, cells), reader.line_num, index, cells, origin))
    except csv.Error as error:
        findings.append(_error(origin, reader.line_num, f"The file is not CSV: {error}.", "Mend the quotes."))
    return Parsed(tuple(rows), tuple(findings))


def row_id(name: str, meta: TableMeta, index: Mapping[str, int], cells: Sequence[Cell]) -> str:
    """table/key.key@source; a register has no @source."""
    key = ".".join("" if cells[index[column]] is None else str(cells[index[column]]) for column in meta.keys)
    return f"{name}/{key}@{cells[index['source']]}" if meta.kind == "facts" else f"{name}/{key}"


def write_rows(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    """CSV text that `parse_rows` reads back to the same cells."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([format_cell(row.get(column)) for column in columns])
    return out.getvalue()


def format_cell(cell: Cell) -> str:
    """A cell as CSV text: the shortest text that reads back to the same number; empty for unknown."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def parse_cell(text: str, kind: str) -> Cell:
    """One cell by its column type; ValueError if it does not fit."""
    text = text.strip()
    if kind == "number":
        number = float(text) if text else None
        if number is not None and not math.isfinite(number):
            raise ValueError(text)
        return number
    if kind in ("integer", "year", "month"):
        return int(text) if text else None
    return text


def _cells(
    origin: Origin, line: int, given: Mapping[str, str], meta: TableMeta, findings: list[Finding]
) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for column, about in meta.columns.items():
        try:
            cells.append(parse_cell(given.get(column, ""), about.type))
        except ValueError:
            cause = f"{given[column]!r} in column {column} is no {about.type}."
            findings.append(
                _error(origin, line, cause, "Write a plain number without separators, or leave it empty.")
            )
            cells.append(None)
    return tuple(cells)


def _header_findings(origin: Origin, header: list[str], meta: TableMeta) -> list[Finding]:
    needed = [*meta.keys, *(["unit", "source", "grade"] if meta.kind == "facts" else [])]
    known = ", ".join(meta.columns)
    return [
        *(
            _error(origin, 1, f"Unknown column {column!r}.", f"Known columns: {known}.")
            for column in header
            if column not in meta.columns
        ),
        *(
            _error(origin, 1, f"Column {column!r} stands twice.", "Remove one.")
            for column in sorted({column for column in header if header.count(column) > 1})
        ),
        *(
            _error(origin, 1, f"Column {column!r} is missing.", "Add it.")
            for column in dict.fromkeys(needed)
            if column not in header
        ),
    ]


def _error(origin: Origin, line: int, cause: str, remedy: str) -> Finding:
    return Finding("error", origin.table, "", line, cause, remedy, "form", origin.file)
