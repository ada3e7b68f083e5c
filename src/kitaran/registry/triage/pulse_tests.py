"""Read a file of pulse tests and of what was seen of each battery."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import Fault, InputError
from kitaran.registry.triage.columns import SEEN, VOLTAGE_COLUMNS
from kitaran.registry.triage.intake import LINE, read_rows

Array = NDArray[np.float64]
Texts = NDArray[np.str_]

_RANGES: Mapping[str, tuple[float, float]] = {
    "q_nominal_ah": (0.01, 5000.0),
    "pulse_s": (0.01, 3600.0),
    "soc_pct": (0.0, 110.0),
    "insulation_mohm": (0.0, 1e6),
    "capacity_test_ah": (0.0, 6000.0),
    "nominal_v": (0.5, 1500.0),
    "spread_mv": (0.0, 5000.0),
    "undiagnosable": (0.0, 1.0),
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
    nominal_v          : (test,) nominal voltage [V]; NaN for a single cell, whose chemistry tells it
    spread_mv          : (test,) highest less lowest cell at rest [mV]
    undiagnosable      : (test,) 1 if its state cannot be told
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
    nominal_v: Array
    spread_mv: Array
    undiagnosable: Array

    def take(self, rows: NDArray[np.bool_]) -> PulseTests:
        """The chosen tests, in their order."""
        return PulseTests(*(getattr(self, field.name)[rows] for field in fields(self)))

    def __len__(self) -> int:
        return len(self.id)


def read_pulse_tests(file: Path) -> PulseTests:
    """Pulse tests of a CSV or XLSX file; columns as in docs/triage.md.

    Raises InputError with every fault of the file, each with its line and column.
    """
    return pulse_tests_of(read_rows(file), file.name)


def pulse_tests_of(rows: Sequence[Mapping[str, str]], place: str) -> PulseTests:
    """Tests from rows of texts; raises InputError with every fault.

    A row that does not tell its line is taken for the next of a file whose first line has the names.
    """
    faults: list[Fault] = []
    lines = [row.get(LINE) or str(number) for number, row in enumerate(rows, 2)]

    def column(name: str, low: float, high: float) -> Array:
        cells = (_number(row.get(name, ""), low, high) for row in rows)
        return np.array(
            [
                _noted(faults, each, f"{place}, line {line}, column {name}")
                for line, each in zip(lines, cells, strict=True)
            ],
            dtype=np.float64,
        )

    voltages = [column(name, 0.0, _HIGHEST_V) for name in VOLTAGE_COLUMNS]
    numbers = {name: column(name, *limits) for name, limits in _RANGES.items()}
    seen = [column(name, 0.0, 1.0) for name in SEEN]
    answers = dict(zip(SEEN, seen, strict=True)) | {"undiagnosable": numbers["undiagnosable"]}
    faults += _half_seen(answers, lines, place) + _half_tested(np.array(voltages), lines, place)
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
        numbers["nominal_v"],
        numbers["spread_mv"],
        numbers["undiagnosable"],
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


def _half_seen(answers: Mapping[str, Array], lines: list[str], place: str) -> list[Fault]:
    return [
        Fault(
            f"{place}, line {lines[row]}, column {name}",
            f"{column[row]:g} is neither 0 nor 1.",
            "Write 1 for yes.",
        )
        for name, column in answers.items()
        for row in np.flatnonzero((column > 0) & (column < 1))
    ]


def _half_tested(voltages: Array, lines: list[str], place: str) -> list[Fault]:
    known = np.isfinite(voltages).sum(axis=0)
    return [
        Fault(
            f"{place}, line {lines[row]}",
            f"{known[row]} of {len(VOLTAGE_COLUMNS)} voltages are given.",
            "Give all of U1 to U21, or none if no pulse test was made.",
        )
        for row in np.flatnonzero((known > 0) & (known < len(VOLTAGE_COLUMNS)))
    ]
