"""Read a file of pulse tests and of what was seen of each battery."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import Fault, InputError
from kitaran.registry.triage.features import VOLTAGES

Array = NDArray[np.float64]
Texts = NDArray[np.str_]

VOLTAGE_COLUMNS = tuple(f"U{number}" for number in range(1, VOLTAGES + 1))
SEEN = ("swollen", "leaked", "vented", "water", "crash")
_RANGES: Mapping[str, tuple[float, float]] = {
    "q_nominal_ah": (0.01, 5000.0),
    "pulse_s": (0.01, 3600.0),
    "soc_pct": (0.0, 110.0),
    "insulation_mohm": (0.0, 1e6),
    "capacity_test_ah": (0.0, 6000.0),
}
_HIGHEST_V = 60.0


@dataclass(frozen=True)
class PulseTests:
    """Batteries in the order of the file; what is not known is NaN or an empty text.

    id                 : (test,) name in the file, or the number of the row
    chemistry          : (test,) as written on the label; may be wrong
    nominal_ah         : (test,) [Ah]
    pulse_s            : (test,) length of a pulse [s]
    ampere_hours_share : (test,) ampere-hours in the cell over nominal [fraction], no state of charge
    voltages           : (test, 21) [V], NaN in all if no pulse test was made
    seen               : (test, 5) swollen, leaked, vented, water, crash: 1 yes, 0 no, NaN not looked
    insulation_mohm    : (test,) [megohm]
    capacity_ah        : (test,) result of a full capacity test [Ah]
    """

    id: Texts
    chemistry: Texts
    nominal_ah: Array
    pulse_s: Array
    ampere_hours_share: Array
    voltages: Array
    seen: Array
    insulation_mohm: Array
    capacity_ah: Array

    def take(self, rows: NDArray[np.bool_]) -> PulseTests:
        """The chosen tests, in their order."""
        return PulseTests(*(getattr(self, field.name)[rows] for field in fields(self)))

    def __len__(self) -> int:
        return len(self.id)


def read_pulse_tests(file: Path) -> PulseTests:
    """Pulse tests of a CSV file; columns as in docs/triage.md.

    Raises InputError with every fault of the file, each with its line and column.
    """
    return pulse_tests_of(read_rows(file), file.name)


def read_rows(file: Path) -> list[dict[str, str]]:
    """Rows by column name; raises InputError if the file is no CSV of tests of batteries."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The file cannot be read: {error}.", str(file), "Name a CSV file in UTF-8."
        ) from error
    reader = csv.reader(io.StringIO(text))
    try:
        lines = [[cell.strip() for cell in line] for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise InputError(
            f"Line {reader.line_num} is not CSV: {error}.", file.name, "Save it as CSV."
        ) from error
    heads = lines[0] if lines else []
    if faults := [*_faults_of_heads(heads, file.name)]:
        raise InputError(f"{file.name} cannot be graded", faults=faults)
    return [dict(zip(heads, [*line, *[""] * len(heads)], strict=False)) for line in lines[1:]]


def _faults_of_heads(heads: list[str], place: str) -> Iterator[Fault]:
    for name in sorted({head for head in heads if head and heads.count(head) > 1}):
        yield Fault(place, f"The column {name} stands twice.", "Keep one of them.")
    missing = [name for name in VOLTAGE_COLUMNS if name not in heads]
    if missing and (len(missing) < VOLTAGES or "capacity_test_ah" not in heads):
        yield Fault(
            place,
            f"The columns {', '.join(missing)} are missing.",
            "A pulse test has the voltages U1 to U21; a capacity test alone has capacity_test_ah.",
        )
    if "q_nominal_ah" not in heads:
        yield Fault(
            place,
            "The column q_nominal_ah is missing.",
            "Give the nominal capacity in Ah, or leave cells empty.",
        )


def pulse_tests_of(rows: Sequence[Mapping[str, str]], place: str) -> PulseTests:
    """Tests from rows of texts; raises InputError with every fault, the first row being line 2."""
    faults: list[Fault] = []

    def column(name: str, low: float, high: float) -> Array:
        cells = (_number(row.get(name, ""), low, high) for row in rows)
        return np.array(
            [
                _noted(faults, each, f"{place}, line {line}, column {name}")
                for line, each in enumerate(cells, 2)
            ],
            dtype=np.float64,
        )

    voltages = [column(name, 0.0, _HIGHEST_V) for name in VOLTAGE_COLUMNS]
    numbers = {name: column(name, *limits) for name, limits in _RANGES.items()}
    seen = [column(name, 0.0, 1.0) for name in SEEN]
    faults += _half_seen(seen, place) + _half_tested(np.array(voltages), place)
    if faults:
        raise InputError(f"{place} cannot be graded", faults=faults)
    return PulseTests(
        np.array([_name(row, number) for number, row in enumerate(rows, 1)], dtype=np.str_),
        np.array([row.get("chemistry", "") for row in rows], dtype=np.str_),
        numbers["q_nominal_ah"],
        numbers["pulse_s"],
        numbers["soc_pct"] / 100.0,
        np.stack(voltages, axis=1),
        np.stack(seen, axis=1),
        numbers["insulation_mohm"],
        numbers["capacity_test_ah"],
    )


def _name(row: Mapping[str, str], number: int) -> str:
    return row.get("id") or row.get("ID") or str(number)


def _number(text: str, low: float, high: float) -> float | str:
    """The number of a cell, NaN if it is empty, or what is wrong with it."""
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        return f"{text[:40]!r} is not a number"
    if not low <= value <= high:
        return f"{text[:40]} is not between {low:g} and {high:g}"
    return value


def _noted(faults: list[Fault], value: float | str, place: str) -> float:
    if isinstance(value, str):
        faults.append(Fault(place, f"{value}.", "Correct the cell, or leave it empty if it is not known."))
        return math.nan
    return value


def _half_seen(seen: list[Array], place: str) -> list[Fault]:
    return [
        Fault(
            f"{place}, line {line + 2}, column {name}",
            f"{column[line]:g} is neither 0 nor 1.",
            "Write 1 for yes.",
        )
        for name, column in zip(SEEN, seen, strict=True)
        for line in np.flatnonzero((column > 0) & (column < 1))
    ]


def _half_tested(voltages: Array, place: str) -> list[Fault]:
    known = np.isfinite(voltages).sum(axis=0)
    return [
        Fault(
            f"{place}, line {line + 2}",
            f"{known[line]} of {VOLTAGES} voltages are given.",
            "Give all of U1 to U21, or none if no pulse test was made.",
        )
        for line in np.flatnonzero((known > 0) & (known < VOLTAGES))
    ]
