"""Reading the given data: rows of a CSV file as text, and text as numbers or ranges."""

from __future__ import annotations

import csv
import re
from pathlib import Path

Given = dict[str, str]

RANGE = re.compile(r"^\s*(-?[\d.]+)\s*(?:-|to)\s*(-?[\d.]+)")


def read(folder: Path, name: str) -> list[Given]:
    """Rows of one given file, every cell stripped; empty = not available."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return [{key: (cell or "").strip() for key, cell in row.items()} for row in csv.DictReader(file)]


def number(text: str) -> float | None:
    """A plain number, None if the cell is empty."""
    return float(text) if text else None


def span(text: str) -> tuple[float | None, float | None, float | None]:
    """value, low and high of a cell that holds a number or a range such as `0.77-0.79`."""
    found = RANGE.match(text)
    if found:
        low, high = sorted((float(found[1]), float(found[2])))
        return None, low, high
    return float(text), None, None
