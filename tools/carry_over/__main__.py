"""Carry figures over from the given data into the packaged fact tables.

    python tools/carry_over SHARED_DIR [--out FOLDER]

Reads SHARED_DIR/data and SHARED_DIR/facts and the hand-kept rows in own/, and writes one CSV a table beside its
sidecar. The package itself never reads the given data. Running it twice gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any

import carried
from sources import Register
from writing import TABLES, write

ORDERED = {"economies"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, help="folder with data/ and facts/")
    parser.add_argument("--out", type=Path, default=TABLES, help="where to write (default: the package)")
    arguments = parser.parse_args()
    register = Register()
    tables: dict[str, list[dict[str, Any]]] = carried.tables(arguments.shared, register)
    used: set[str] = set()
    for name, rows in tables.items():
        count = write(name, rows, arguments.out, ordered=name in ORDERED)
        with (arguments.out / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            used |= {row["source"] for row in csv.DictReader(file)}
        print(f"{name:24} {count:6}")
    print(f"{'sources':24} {write('sources', register.rows(used), arguments.out):6}")


main()
