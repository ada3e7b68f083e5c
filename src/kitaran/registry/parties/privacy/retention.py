"""How long values are kept where a workspace says otherwise: a ministry's own days, each with its law.

`retention.csv` in the workspace has the columns `value` (of the register), `retention_days`, `law`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kitaran.foundation.errors import Fault, InputError
from kitaran.foundation.given_files import text_of

FILE: Final = "retention.csv"
COLUMNS: Final = ("value", "retention_days", "law")
LONGEST: Final = 36_500
"""Days; a hundred years."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Days that a law, or a rule of the house, demands, and which it is."""

    days: int
    law: str


def read(path: Path, known: frozenset[str]) -> Mapping[str, Retention]:
    """The workspace's own days by value; empty without the file.

    known : values of the register
    Raises InputError naming each line that cannot be used: nothing is erased by a rule half read.
    """
    if not path.is_file():
        return {}
    text = text_of(path, "Save it as CSV in UTF-8.")
    try:
        rows = list(csv.DictReader(text.splitlines()))
    except csv.Error as error:
        raise InputError(f"It cannot be read: {error}.", str(path), "Save it as CSV in UTF-8.") from error
    faults = [fault for line, row in enumerate(rows, 2) for fault in _faults(path, line, row, known)]
    values = [row.get("value") for row in rows]
    faults += [
        Fault(f"{path}, line {line}", f"{value} stands there twice.", "Keep one line.")
        for line, value in enumerate(values, 2)
        if value in values[: line - 2]
    ]
    if faults:
        raise InputError("Some lines of the retention cannot be used.", faults=faults)
    return {row["value"]: Retention(int(row["retention_days"]), row["law"].strip()) for row in rows}


def _faults(path: Path, line: int, row: Mapping[str, str | None], known: frozenset[str]) -> list[Fault]:
    place, found = f"{path}, line {line}", []
    if set(row) != set(COLUMNS) or None in row.values():
        return [Fault(place, "It has other columns.", f"Write {', '.join(COLUMNS)} in the first line.")]
    if row["value"] not in known:
        found.append(
            Fault(place, "The register has no such value.", f"Known are {', '.join(sorted(known))}.")
        )
    days = str(row["retention_days"])
    if not (days.isascii() and days.isdigit() and len(days) < 6 and int(days) <= LONGEST):
        found.append(Fault(place, f"{days!r} is no number of days.", f"Write a number from 0 to {LONGEST}."))
    if not str(row["law"]).strip():
        found.append(Fault(place, "The law is missing.", "Name the act and section, or your own rule."))
    return found
