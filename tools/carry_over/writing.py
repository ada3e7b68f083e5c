"""Writing a fact table: the columns and their order come from its sidecar, the rows are sorted by key."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

Row = Mapping[str, Any]

HERE = Path(__file__).resolve().parent
TABLES = HERE.parents[1] / "src" / "kitaran" / "reference" / "tables"
OWN = HERE / "own"
FACT_COLUMNS = ("value", "low", "high", "unit", "source", "year", "licence", "grade", "note")


def write(name: str, rows: Sequence[Row], folder: Path = TABLES, ordered: bool = False) -> int:
    """Write NAME.csv from rows and from own/NAME.csv; the number of rows written.

    Rows are sorted by their key columns and source unless `ordered`. ValueError if a row has a column that
    the sidecar lacks, or if two rows share key and source.
    """
    meta = yaml.safe_load((TABLES / f"{name}.yaml").read_text(encoding="utf-8"))
    facts = meta["kind"] == "facts"
    columns = list(dict.fromkeys([*meta["columns"], *(FACT_COLUMNS if facts else ())]))
    identity = list(dict.fromkeys([*meta["keys"], *(["source"] if facts else [])]))
    rows = [*rows, *own_rows(name)]
    _refuse_unknown_columns(name, rows, columns)
    _refuse_twins(name, rows, identity)
    if not ordered:
        rows.sort(key=lambda row: [_sort_key(row.get(column)) for column in identity])
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
    return len(rows)


def _refuse_unknown_columns(name: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    for row in rows:
        if unknown := set(row) - set(columns):
            raise ValueError(f"{name}: columns {sorted(unknown)} are not in the sidecar: {dict(row)}")


def _refuse_twins(name: str, rows: Sequence[Row], identity: Sequence[str]) -> None:
    counts = Counter(tuple(cell(row.get(column)) for column in identity) for row in rows)
    if twice := [key for key, count in counts.items() if count > 1]:
        raise ValueError(f"{name}: rows with the same key and source: {twice[:8]}")


def own_rows(name: str) -> list[Row]:
    """Rows kept by hand in own/NAME.csv: our assumptions, and figures found after the data were given."""
    return _rows(OWN / f"{name}.csv")


def packaged_rows(name: str) -> list[Row]:
    """Rows of a table as it stands in the package."""
    return _rows(TABLES / f"{name}.csv")


def _rows(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(file)]


def cell(value: Any) -> str:
    """CSV text of a cell: whole numbers in full, others to six significant digits, empty for None."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.6g}"
    return " ".join(str(value).split())


def _sort_key(value: Any) -> tuple[int, float, str]:
    text = cell(value)
    try:
        return (0, float(text), "")
    except ValueError:
        return (1, 0.0, text)
