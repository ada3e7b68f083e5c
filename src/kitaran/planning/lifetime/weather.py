"""Readers of hourly years of air temperature: EPW, NSRDB, ERA5 and plain CSV, as 8761 local hours in degC.

EPW   : eight header lines; dry bulb in the seventh column, at the end of hours 1 to 24; 99.9 is missing.
NSRDB : two lines of what the file is, with its time zone and the local one; then Year to Minute, Temperature.
ERA5  : time or valid_time in universal time, t2m in kelvin, and longitude where the file names it.
CSV   : Time_s and Temperature_C.
29 February is left out, short gaps are bridged, and samples are read at whole hours.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import numpy as np

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.stressors import ICE_POINT_K

YEAR_HOURS = 8760
EPW_HEADER_LINES, EPW_DRY_BULB, EPW_MISSING = 8, 6, 99.9
NSRDB_HEADER_LINES = 2
MISSING = frozenset({"", "nan", "NaN", "NA", "-9999", "-9999.0", "-9900", "-999", "-999.0"})
COLDEST_C, HOTTEST_C, KELVIN_FROM = -70.0, 62.0, 150.0
LONGEST_GAP_H = 6.0
_DAYS_BEFORE = np.concatenate([[0], np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])])

Cells = list[list[str]]
Sample = tuple[int, float, float]
"""Row of the file, hours since the start of the year, degC; NaN where it is missing."""


def read_weather(path: str | Path, utc_offset_h: float | None = None) -> Array:
    """Air temperature at 8761 hours of a year of local time, (8761,) [degC]; the last repeats the first.

    utc_offset_h : hours that local time is ahead of universal time, for ERA5; by its longitude without it,
                   and where the file has none its times are taken as local
    InputError names file, row and remedy where the year is not whole or a value not credible.
    """
    place = str(path)
    try:
        with Path(path).open(newline="", encoding="utf-8-sig", errors="replace") as file:
            lines = list(csv.reader(file))
    except (OSError, csv.Error) as error:
        raise InputError(f"The file cannot be read: {error}.", place, "Give an EPW or CSV file.") from error
    samples, shift = _known_form(lines, place)(lines, place)
    return _whole_year(list(samples), shift if utc_offset_h is None else utc_offset_h, place)


Reader = Callable[[Cells, str], tuple[Iterator[Sample], float]]


def _known_form(lines: Cells, place: str) -> Reader:
    if lines and lines[0] and lines[0][0].strip().upper() == "LOCATION":
        return _epw
    if len(lines) > NSRDB_HEADER_LINES and {"Month", "Day", "Hour"} <= set(_head(lines, NSRDB_HEADER_LINES)):
        return _nsrdb
    head = set(_head(lines, 0)) if lines else set()
    if "t2m" in head and head & {"time", "valid_time"}:
        return _era5
    if "Temperature_C" in head:
        return _plain
    raise InputError(
        "No column of temperature is known in this file.",
        f"{place}, row 1",
        "Give EPW, NSRDB, ERA5 with valid_time and t2m, or a CSV with Time_s and Temperature_C.",
    )


def _head(lines: Cells, line: int) -> list[str]:
    return [name.strip() for name in lines[line]]


def _epw(lines: Cells, place: str) -> tuple[Iterator[Sample], float]:
    per_hour = max(int(_number(lines[EPW_HEADER_LINES - 1][2:3], 0, place, EPW_HEADER_LINES, 1.0)), 1)

    def samples() -> Iterator[Sample]:
        for row, cells in _rows(lines, EPW_HEADER_LINES):
            month, day, hour = (int(_number(cells, column, place, row)) for column in (1, 2, 3))
            part = 1.0 if per_hour == 1 else _number(cells, 4, place, row) / 60.0
            value = _number(cells, EPW_DRY_BULB, place, row, np.nan)
            if (month, day) != (2, 29):
                missing = value >= EPW_MISSING and value < KELVIN_FROM
                yield row, _hour(month, day, place, row) + hour - 1 + part, np.nan if missing else value

    return samples(), 0.0


def _nsrdb(lines: Cells, place: str) -> tuple[Iterator[Sample], float]:
    about = dict(zip(_head(lines, 0), _head(lines, 1), strict=False))
    head = _head(lines, NSRDB_HEADER_LINES)
    name = next((name for name in ("Temperature", "Air Temperature") if name in head), None)
    if name is None:
        raise InputError("There is no column Temperature.", f"{place}, row 3", "Order air_temperature.")
    month, day, hour, value = (head.index(column) for column in ("Month", "Day", "Hour", name))
    minute = head.index("Minute") if "Minute" in head else None

    def samples() -> Iterator[Sample]:
        for row, cells in _rows(lines, NSRDB_HEADER_LINES + 1):
            m, d, h = (int(_number(cells, column, place, row)) for column in (month, day, hour))
            part = 0.0 if minute is None else _number(cells, minute, place, row) / 60.0
            if (m, d) != (2, 29):
                yield row, _hour(m, d, place, row) + h + part, _number(cells, value, place, row, np.nan)

    zones = [_zone(about.get(name, "")) for name in ("Local Time Zone", "Time Zone")]
    return samples(), (zones[0] - zones[1]) if None not in zones else 0.0  # type: ignore[operator]


def _era5(lines: Cells, place: str) -> tuple[Iterator[Sample], float]:
    head = _head(lines, 0)
    stamp = next(head.index(name) for name in ("valid_time", "time") if name in head)
    value = head.index("t2m")
    east = head.index("longitude") if "longitude" in head else None

    def samples() -> Iterator[Sample]:
        for row, cells in _rows(lines, 1):
            when = _when(cells[stamp] if stamp < len(cells) else "", place, row)
            kelvin = _number(cells, value, place, row, np.nan)
            if kelvin < KELVIN_FROM:
                raise InputError(
                    f"t2m is {kelvin:g}, which is no kelvin.",
                    f"{place}, row {row}",
                    "Name the column Temperature_C if it is in degrees Celsius.",
                )
            if (when.month, when.day) != (2, 29):
                hour = _hour(when.month, when.day, place, row) + when.hour + when.minute / 60.0
                yield row, hour, kelvin - ICE_POINT_K

    if east is None or len(lines) < 2:
        return samples(), 0.0
    longitude = (_number(lines[1], east, place, 2) + 180.0) % 360.0 - 180.0
    return samples(), float(round(longitude / 15.0))


def _plain(lines: Cells, place: str) -> tuple[Iterator[Sample], float]:
    head = _head(lines, 0)
    value = head.index("Temperature_C")
    time = head.index("Time_s") if "Time_s" in head else None

    def samples() -> Iterator[Sample]:
        for count, (row, cells) in enumerate(_rows(lines, 1)):
            hour = float(count) if time is None else _number(cells, time, place, row) / 3600.0
            if hour < YEAR_HOURS:
                yield row, hour, _number(cells, value, place, row, np.nan)

    return samples(), 0.0


def _rows(lines: Cells, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with its line in the file, from 1."""
    return ((row, cells) for row, cells in enumerate(lines[skipped:], skipped + 1) if any(cells))


def _number(cells: list[str], column: int, place: str, row: int, missing: float | None = None) -> float:
    text = cells[column].strip() if column < len(cells) else ""
    if missing is not None and text in MISSING:
        return missing
    try:
        return float(text)
    except ValueError:
        what = f"{text!r} is not a number." if text else "The cell is empty."
        raise InputError(what, f"{place}, row {row}, column {column + 1}", "Give a number.") from None


def _when(text: str, place: str, row: int) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            f"{text!r} is no time.", f"{place}, row {row}", "Write it as 2023-01-01 00:00:00."
        ) from None


def _zone(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _hour(month: int, day: int, place: str, row: int) -> float:
    """Hours from the start of a year without 29 February to the start of a day."""
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS_BEFORE[month] - _DAYS_BEFORE[month - 1]:
        raise InputError(f"There is no day {day} of month {month}.", f"{place}, row {row}", "Mend the date.")
    return 24.0 * float(_DAYS_BEFORE[month - 1] + day - 1)


def _whole_year(samples: list[Sample], shift: float, place: str) -> Array:
    """Samples of one year at whole local hours. InputError for gaps, disorder or values that cannot be."""
    if not samples:
        raise InputError("The file holds no samples.", place, "Give one whole year, by the hour or finer.")
    rows, hours, values = (np.array(column) for column in zip(*samples, strict=True))
    _judge_values(rows, values, place)
    _judge_times(rows, hours, place)
    known = np.isfinite(values)
    gaps = np.diff(hours[known], append=hours[known][:1] + YEAR_HOURS) if known.any() else np.array([np.inf])
    if gaps.max() > LONGEST_GAP_H:
        row = rows[known][gaps.argmax()] if known.any() else rows[0]
        raise InputError(
            f"The file holds {int(known.sum())} values; {gaps.max():g} hours are missing after row {row}.",
            f"{place}, row {row}",
            "Give one whole year, by the hour or finer.",
        )
    at = np.arange(YEAR_HOURS) - shift
    year = np.interp(at, hours[known], values[known], period=YEAR_HOURS)
    return np.append(year, year[0])


def _judge_values(rows: Array, values: Array, place: str) -> None:
    wrong = np.flatnonzero((values < COLDEST_C) | (values > HOTTEST_C))
    if wrong.size:
        value, row = values[wrong[0]], int(rows[wrong[0]])
        kelvin = value > KELVIN_FROM
        remedy = "This looks like kelvin: subtract 273.15." if kelvin else "Give degrees Celsius."
        raise InputError(f"Air at {value:.1f} degC is not credible.", f"{place}, row {row}", remedy)


def _judge_times(rows: Array, hours: Array, place: str) -> None:
    backward = np.flatnonzero(np.diff(hours) <= 0)
    if backward.size:
        row = int(rows[backward[0] + 1])
        raise InputError(
            "The time does not increase.", f"{place}, row {row}", "Sort the rows, and give one year alone."
        )
