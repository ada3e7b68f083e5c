"""Measured states of health of one battery, read from a CSV file and judged row by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np

from kitaran.foundation.errors import Fault, InputError
from kitaran.planning.lifetime.columns import plain_number, read_columns
from kitaran.planning.lifetime.equations import Array

COLUMNS = ("date", "soh", "soh_error")
DAYS_OF_A_YEAR = 365.25


@dataclass(frozen=True)
class Measurements:
    """Measurements in order of time: dates, and (point,) years since the first, soh and its error."""

    dates: tuple[date, ...]
    years: Array
    soh: Array
    soh_error: Array


def read_measurements(path: str | Path) -> Measurements:
    """Read `date, soh, soh_error`. InputError names each faulty row and its remedy."""
    place = str(path)
    rows = read_columns(path, COLUMNS)
    faults: list[Fault] = []
    points = [_point(cells, f"{place}, row {row}", faults) for row, cells in rows]
    for (row, _), (before, after) in zip(rows[1:], pairwise(points), strict=True):
        if after[0] < before[0]:
            faults.append(
                Fault(f"{place}, row {row}, date", f"{after[0]} is before {before[0]}.", "Sort the rows.")
            )
    if faults:
        raise InputError("The measurements cannot be used.", faults=faults)
    dates = tuple(point[0] for point in points)
    years = np.array([(day - dates[0]).days for day in dates], dtype=float) / np.float64(DAYS_OF_A_YEAR)
    return Measurements(dates, years, np.array([p[1] for p in points]), np.array([p[2] for p in points]))


def _point(row: dict[str, str], place: str, faults: list[Fault]) -> tuple[date, float, float]:
    try:
        day = date.fromisoformat(row["date"])
    except ValueError:
        faults.append(Fault(f"{place}, date", f"{row['date']!r} is no date.", "Write it as 2026-03-31."))
        day = date.max
    soh = _number(row, "soh", place, faults)
    error = _number(row, "soh_error", place, faults)
    if not 0 < soh <= 1.2:
        remedy = "Divide per cent by 100." if soh > 1.2 else "Give a fraction above 0."
        faults.append(Fault(f"{place}, soh", f"A state of health of {soh:g} cannot be.", remedy))
    if not 0 < error < 0.5:
        faults.append(
            Fault(
                f"{place}, soh_error",
                f"An error of {error:g} cannot be.",
                "Give the standard deviation, 0.02 say.",
            )
        )
    return day, soh, error


def _number(row: dict[str, str], name: str, place: str, faults: list[Fault]) -> float:
    try:
        return plain_number(row[name])
    except ValueError:
        faults.append(Fault(f"{place}, {name}", f"{row[name]!r} is not a number.", "Give a number."))
        return 0.5 if name == "soh" else 0.1


def age_at(measured: Measurements, in_service: str) -> float | None:
    """Age at the first measurement [year] from the date of first use; None if that is not known."""
    if not in_service:
        return None
    try:
        begun = date.fromisoformat(in_service)
    except ValueError as error:
        raise InputError(f"{in_service!r} is no date.", "in-service", "Write it as 2021-06-30.") from error
    if begun > measured.dates[0]:
        raise InputError(
            f"First use on {begun} is after the first measurement.", "in-service", "Mend one of the dates."
        )
    return (measured.dates[0] - begun).days / DAYS_OF_A_YEAR
