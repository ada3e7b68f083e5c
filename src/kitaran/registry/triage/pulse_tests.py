"""Read a file of pulse tests and of what was seen of each battery."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import Fault, InputError
from kitaran.registry.triage.columns import ANSWERS, NOT_GIVEN, SEEN, VOLTAGE_COLUMNS
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
    voltages           : (test, 21) [V], NaN where one was not measured
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

    def noted(name: str, cells: Iterable[float | str]) -> Array:
        places = (f"{place}, line {line}, column {name}" for line in lines)
        told = [_noted(faults, each, where) for each, where in zip(cells, places, strict=True)]
        return np.array(told, dtype=np.float64)

    def column(name: str, low: float, high: float) -> Array:
        return noted(name, (_number(row.get(name, ""), low, high) for row in rows))

    def answer(name: str) -> Array:
        cells = (_answer(row.get(name, "")) for row in rows)
        return noted(name, cells)

    voltages = [column(name, 0.0, _HIGHEST_V) for name in VOLTAGE_COLUMNS]
    numbers = {name: column(name, *limits) for name, limits in _RANGES.items()}
    seen = [answer(name) for name in SEEN]
    undiagnosable = answer("undiagnosable")
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
        undiagnosable,
    )


def _name(row: Mapping[str, str], number: int) -> str:
    return row.get("id") or row.get("ID") or str(number)


def _number(text: str, low: float, high: float) -> float | str:
    """The number of a cell, NaN if it is empty, or what is wrong with it."""
    if text.casefold() in NOT_GIVEN:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        return f"{text[:40]!r} is not a number"
    if not low <= value <= high:
        return f"{text[:40]} is not between {low:g} and {high:g}"
    return value


def _answer(text: str) -> float | str:
    """1 for yes, 0 for no, NaN if nobody looked, or what is wrong with the cell."""
    said = text.casefold()
    if said in NOT_GIVEN:
        return math.nan
    return ANSWERS.get(said, f"{text[:40]!r} is neither yes (1) nor no (0)")


def _noted(faults: list[Fault], value: float | str, place: str) -> float:
    if isinstance(value, str):
        faults.append(Fault(place, f"{value}.", "Correct the cell, or leave it empty if it is not known."))
        return math.nan
    return value
