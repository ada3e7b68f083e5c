"""A profile: what one cell goes through, read from a CSV file and judged row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import Fault, InputError
from kitaran.planning.lifetime.columns import MOST_FAULTS, plain_number, read_columns
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.stressors import DAY_S

COLUMNS = ("time_s", "soc", "temperature_c")
FEWEST_SAMPLES = 25
COLDEST_C, HOTTEST_C = -60.0, 120.0
KELVIN_FROM = 200.0
Rows = NDArray[np.int_]


@dataclass(frozen=True)
class Profile:
    """Even series over whole days with both end points, (sample,) each.

    time_s from 0 [s]; soc 0 to 1; temperature_c of the cell [degC].
    """

    time_s: Array
    soc: Array
    temperature_c: Array


def read_profile(path: str | Path) -> Profile:
    """Read `time_s, soc, temperature_c`. InputError names each faulty row and its remedy."""
    place = str(path)
    rows, values = _numbers(path, place)
    faults = list(_faults(values, rows, place))
    if faults:
        shown = faults[:MOST_FAULTS]
        more = len(faults) - len(shown)
        cause = "The profile cannot be used" + (f" ({more} faults more than shown)." if more else ".")
        raise InputError(cause, faults=shown)
    return Profile(*values.T)


def _numbers(path: str | Path, place: str) -> tuple[Rows, Array]:
    """Rows of the file (sample,) and values (sample, column)."""
    faults: list[Fault] = []
    given = read_columns(path, COLUMNS)
    values = np.array(
        [
            [_cell(cells[name], f"{place}, row {row}, {name}", faults) for name in COLUMNS]
            for row, cells in given
        ]
    )
    if faults:
        raise InputError("The profile holds cells that are not numbers.", faults=faults[:MOST_FAULTS])
    return np.array([row for row, _ in given]), values


def _cell(text: str, place: str, faults: list[Fault]) -> float:
    try:
        value = plain_number(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        shown = f"{text!r} is not a number." if text else "The cell is empty."
        comma = "," in text
        faults.append(Fault(place, shown, "Write decimals with a point." if comma else "Give a number."))
    return value


def _faults(values: Array, rows: Rows, place: str) -> Iterator[Fault]:
    time, soc, temperature = values.T
    if time.size < FEWEST_SAMPLES:
        yield Fault(
            f"{place}, row {rows[-1]}",
            f"The profile ends after {time.size} samples.",
            f"Give at least {FEWEST_SAMPLES}: one day by the hour with both end points.",
        )
    yield from _soc_faults(soc, rows, place)
    yield from _temperature_faults(temperature, rows, place)
    yield from _time_faults(time, rows, place)


def _soc_faults(soc: Array, rows: Rows, place: str) -> Iterator[Fault]:
    for index in np.flatnonzero((soc < 0) | (soc > 1)):
        percent = 1 < soc[index] <= 100
        yield Fault(
            f"{place}, row {rows[index]}, soc",
            f"A state of charge of {soc[index]:g} is outside 0 to 1.",
            "Divide per cent by 100." if percent else "Give a fraction from 0 to 1.",
        )


def _temperature_faults(temperature: Array, rows: Rows, place: str) -> Iterator[Fault]:
    for index in np.flatnonzero((temperature < COLDEST_C) | (temperature > HOTTEST_C)):
        kelvin = temperature[index] > KELVIN_FROM
        guess = "; this looks like Kelvin" if kelvin else ""
        yield Fault(
            f"{place}, row {rows[index]}, temperature_c",
            f"A cell at {temperature[index]:g} degC is not credible{guess}.",
            "Subtract 273.15." if kelvin else f"Give degrees Celsius from {COLDEST_C:g} to {HOTTEST_C:g}.",
        )


def _time_faults(time: Array, rows: Rows, place: str) -> Iterator[Fault]:
    if time[0] != 0:
        yield Fault(f"{place}, row {rows[0]}, time_s", f"The time starts at {time[0]:g}.", "Start at 0 s.")
    steps = np.diff(time)
    backward = np.flatnonzero(steps <= 0)
    for index in backward:
        yield Fault(
            f"{place}, row {rows[index + 1]}, time_s",
            f"The time goes from {time[index]:g} to {time[index + 1]:g} s.",
            "Sort the rows; let the time increase from row to row.",
        )
    if not backward.size and steps.size:
        yield from _step_faults(time, steps, rows, place)


def _step_faults(time: Array, steps: Array, rows: Rows, place: str) -> Iterator[Fault]:
    step = float(np.median(steps))
    uneven = np.flatnonzero(np.abs(steps - step) > 1e-6 * step)
    for index in uneven:
        kind = "There is a gap" if steps[index] > step else "The step changes"
        yield Fault(
            f"{place}, row {rows[index + 1]}, time_s",
            f"{kind}: {steps[index]:g} s after {time[index]:g} s, elsewhere {step:g} s.",
            "Fill in the missing rows or resample to even steps.",
        )
    if uneven.size:
        return
    if abs(DAY_S / step - round(DAY_S / step)) > 1e-6:
        yield Fault(
            f"{place}, row {rows[1]}, time_s",
            f"Steps of {step:g} s do not divide a day.",
            "Resample to 3600 s.",
        )
    elif (time.size - 1) % round(DAY_S / step):
        yield Fault(
            f"{place}, row {rows[-1]}, time_s",
            f"The profile ends at {time[-1]:g} s, which is not a whole number of days.",
            "End it on a multiple of 86400 s, that sample included.",
        )
