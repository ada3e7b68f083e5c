"""Reading the given data: rows of a CSV file as text, and the figure of a row that cites its page."""

from __future__ import annotations

import csv
from pathlib import Path

Given = dict[str, str]


def read(folder: Path, name: str) -> list[Given]:
    """Rows of one given file, every cell stripped; empty = not available."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return [{key: (cell or "").strip() for key, cell in row.items()} for row in csv.DictReader(file)]


def number(text: str) -> float | None:
    """A plain number, None if the cell is empty."""
    return float(text) if text else None
