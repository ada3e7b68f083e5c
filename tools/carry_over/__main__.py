"""Carry figures over from the given data into the packaged fact tables.

    python tools/carry_over SHARED_DIR [--out FOLDER]

Reads SHARED_DIR/data and SHARED_DIR/facts and the hand-kept rows in own/, and writes one CSV a table beside
its sidecar. The package itself never reads the given data. Running it twice gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import carried
from sources import Register
from writing import TABLES, write

ORDERED = {"economies", "passport_attributes", "triage_ways"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, help="folder with data/ and facts/")
    parser.add_argument("--out", type=Path, default=TABLES, help="where to write (default: the package)")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        for name, count in carry_over(arguments.shared, Path(folder)).items():
            print(f"{name:24} {count:6}")
        for path in Path(folder).iterdir():
            shutil.copyfile(path, arguments.out / path.name)


def carry_over(shared: Path, folder: Path) -> dict[str, int]:
    """Write every table to the folder; rows by table. Nothing in the package changes if one of them fails."""
    register = Register()
    tables: dict[str, list[dict[str, Any]]] = carried.tables(shared, register)
    counts = {name: write(name, rows, folder, ordered=name in ORDERED) for name, rows in tables.items()}
    made_here = {f"{name}.csv" for name in (*tables, "sources")}
    made_elsewhere = {path.name for path in TABLES.glob("*.csv")} - made_here
    used = sources_named(folder.glob("*.csv")) | sources_named(TABLES / name for name in made_elsewhere)
    return {**counts, "sources": write("sources", register.rows(used), folder)}


def sources_named(paths: Iterable[Path]) -> set[str]:
    """Ids of sources that the tables name."""
    named: set[str] = set()
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if path.stem != "sources" and "source" in (reader.fieldnames or ()):
                named |= {row["source"] for row in reader}
    return named


main()
