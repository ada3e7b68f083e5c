"""Readers of hourly years of air temperature: EPW, NSRDB, ERA5 and plain CSV, all as 8761 hours in degC."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.stressors import ICE_POINT_K

EPW_HEADER_LINES = 8
EPW_DRY_BULB = 6
NSRDB_HEADER_LINES = 2
YEAR_HOURS = 8760
_MONTH_AND_DAY = slice(5, 10)


def read_weather(path: str | Path) -> Array:
    """Air temperature at 8761 hours of a year, (8761,) [degC]; the last hour repeats the first.

    Read by what the file holds: EPW (EnergyPlus), NSRDB CSV (Year, Month, ... Temperature), ERA5 CSV
    (time or valid_time and t2m in kelvin), or Time_s and Temperature_C. Parts of an hour are averaged, 29
    February is left out. InputError if the year is not whole or a value not credible.
    """
    place = str(path)
    try:
        with Path(path).open(newline="", encoding="utf-8-sig", errors="replace") as file:
            lines = list(csv.reader(file))
    except (OSError, csv.Error) as error:
        raise InputError(f"The file cannot be read: {error}.", place, "Give an EPW or CSV file.") from error
    energy_plus = bool(lines) and lines[0][:1] == ["LOCATION"]
    return _whole_year(_epw(lines, place) if energy_plus else _table(lines, place), place)


def _epw(lines: list[list[str]], place: str) -> Array:
    rows = [
        row for row in lines[EPW_HEADER_LINES:] if row and (row[1].strip(), row[2].strip()) != ("2", "29")
    ]
    return _numbers(((n, row[EPW_DRY_BULB]) for n, row in enumerate(rows, EPW_HEADER_LINES + 1)), place)


def _table(lines: list[list[str]], place: str) -> Array:
    for skipped in (0, NSRDB_HEADER_LINES):
        head = [name.strip() for name in lines[skipped]] if len(lines) > skipped else []
        body = list(enumerate(lines[skipped + 1 :], skipped + 2))
        if "t2m" in head:
            stamp = next((head.index(name) for name in ("time", "valid_time") if name in head), 0)
            kept = (row for row in body if row[1][stamp][_MONTH_AND_DAY] != "02-29")
            return _numbers(((n, row[head.index("t2m")]) for n, row in kept), place) - ICE_POINT_K
        if {"Month", "Day", "Temperature"} <= set(head):
            month, day, column = (head.index(name) for name in ("Month", "Day", "Temperature"))
            kept = (row for row in body if (int(row[1][month]), int(row[1][day])) != (2, 29))
            return _numbers(((n, row[column]) for n, row in kept), place)
        if "Temperature_C" in head:
            return _numbers(((n, row[head.index("Temperature_C")]) for n, row in body), place)
    raise InputError(
        "No column of temperature is known in this file.",
        place,
        "Name it t2m (K), Temperature with Month and Day, or Temperature_C.",
    )


def _numbers(cells: Iterator[tuple[int, str]], place: str) -> Array:
    values = []
    for line, cell in cells:
        try:
            values.append(float(cell))
        except ValueError:
            raise InputError(f"{cell!r} is not a number.", f"{place}, row {line}", "Give a number.") from None
    return np.array(values)


def _whole_year(values: Array, place: str) -> Array:
    values = values[: values.size - values.size % YEAR_HOURS] if values.size > YEAR_HOURS else values
    if values.size < YEAR_HOURS:
        raise InputError(
            f"The file holds {values.size} values.", place, "Give one whole year, by the hour or finer."
        )
    hourly = values.reshape(YEAR_HOURS, -1).mean(axis=1)
    if not ((hourly > -70) & (hourly < 65)).all():
        worst = hourly[np.argmax(np.abs(hourly))]
        raise InputError(f"Air at {worst:.1f} degC is not credible.", place, "Give degrees Celsius.")
    return np.append(hourly, hourly[0])
