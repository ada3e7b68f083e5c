"""Hourly years of air temperature, rebuilt from monthly normals with an explicit warming term.

The day runs between the month's mean minimum at sunrise and mean maximum at mid-afternoon; the weather's
changes from day to day are waves of a given spread, since ageing is convex in temperature and feels them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kitaran import reference
from kitaran.foundation.errors import NotFoundError
from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.equations import Array
from kitaran.reference import FactTable

YEAR_HOURS = 8760
MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
COLDEST_HOUR, HOTTEST_HOUR = 6.0, 15.0
WEATHER_CYCLES = (73, 41, 26)


@dataclass(frozen=True)
class Normals:
    """Monthly means of the daily maximum and minimum of a place, (12,) each [degC]."""

    economy: str
    place: str
    latitude: float
    longitude: float
    tmax_c: Array
    tmin_c: Array
    grade: str


def places() -> tuple[str, ...]:
    """All places with normals, as ECONOMY/place."""
    rows = reference.read("climate_normals")
    pairs = zip(rows.column("economy"), rows.column("place"), strict=True)
    return tuple(dict.fromkeys(f"{economy}/{place}" for economy, place in pairs))


def normals(place: str) -> Normals:
    """Normals of a city (Bangkok or THA/Bangkok), or of the capital of an economy code (THA)."""
    economy, _, city = place.rpartition("/")
    table = reference.read("climate_normals")
    if not economy and len(city) == 3 and city.isupper():
        economy, city = city, reference.economy(city).capital
    rows = _of_city(table.where(economy=economy) if economy else table, city)
    if not len(rows):
        raise NotFoundError(
            f"There are no climate normals of {place!r}.", "climate", "Choose a city of `climate_normals`."
        )
    first = rows.rows[0]
    return Normals(
        economy=first.text("economy"),
        place=first.text("place"),
        latitude=first.number("lat") or 0.0,
        longitude=first.number("lon") or 0.0,
        tmax_c=_months(rows, "tmax_mean"),
        tmin_c=_months(rows, "tmin_mean"),
        grade=max(row.text("grade") for row in rows),
    )


def _of_city(table: FactTable, city: str) -> FactTable:
    """Rows of a city; a part of its name is enough (Delhi for New Delhi) where nothing fits better."""
    wanted = _plain(city)
    names = sorted({str(name) for name in table.column("place")}) if len(table) else []
    exact = [name for name in names if _plain(name) == wanted]
    rows = table.where(place=exact or [name for name in names if wanted and wanted in _plain(name)][:1])
    economies = sorted({row.text("economy") for row in rows})
    return rows.where(economy=economies[0]) if economies else rows


def _plain(name: str) -> str:
    """A name without accents and capitals: tables write Male and Malé."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def _months(rows: FactTable, parameter: str) -> Array:
    found = {int(row["month"] or 0): row.number("value") for row in rows.where(parameter=parameter).resolve()}
    return np.array([found.get(month) for month in range(1, 13)], dtype=float)


def warming_k(year: float) -> float:
    """Warming of the air from the period of the normals to a year [K]."""
    return assumption("warming_per_decade").value * (year - assumption("normals_centre").value) / 10.0


def hourly_year(
    tmax_c: ArrayLike, tmin_c: ArrayLike, warming: float = 0.0, day_to_day_spread_k: float | None = None
) -> Array:
    """Air temperature at 8761 hours from monthly normals, (..., 8761) [degC].

    tmax_c, tmin_c      : (..., 12) monthly means of daily maximum and minimum [degC]
    warming             : added to both [K]
    day_to_day_spread_k : standard deviation of daily means about the month's [K]; the assumption without it
    """
    highest, lowest = np.asarray(tmax_c, dtype=float), np.asarray(tmin_c, dtype=float)
    spread = _spread(highest + lowest) if day_to_day_spread_k is None else np.asarray(day_to_day_spread_k)
    top, bottom = _daily(highest), _daily(lowest)
    weather = spread[..., None] * _weather() + warming
    hour = np.arange(YEAR_HOURS + 1)
    day = hour // 24
    middle, half = (top + bottom) / 2 + weather, (top - bottom) / 2
    course = _day_course((hour % 24).astype(float))
    return np.asarray(_between_days(middle)[..., day * 24 + hour % 24] + half[..., day % 365] * course)


def _spread(twice_mean: Array) -> Array:
    """Standard deviation of daily means, which grows with the seasons of a place [K]."""
    seasons = 0.5 * (twice_mean.max(axis=-1) - twice_mean.min(axis=-1))
    each = assumption("day_to_day_spread_per_season").value
    return np.asarray(assumption("day_to_day_spread").value + each * seasons)


def _daily(monthly: Array) -> Array:
    """Daily values, (..., 365): straight lines between mid-months, bent so that each month keeps its mean."""
    ends = np.cumsum(MONTH_DAYS)
    middles = ends - MONTH_DAYS / 2
    days = np.arange(365) + 0.5
    lines = np.stack([np.interp(days, middles, row, period=365) for row in np.eye(12)], axis=-1)
    month = np.repeat(np.arange(12), MONTH_DAYS)
    means = np.stack([lines[month == m].mean(axis=0) for m in range(12)])
    return np.asarray(monthly @ np.linalg.inv(means).T @ lines.T)


def _weather() -> Array:
    """Waves of periods between five days and two weeks with a standard deviation of one, (365,)."""
    day = np.arange(365)
    waves = sum(np.sin(2 * np.pi * cycles * day / 365 + cycles) for cycles in WEATHER_CYCLES)
    return np.asarray(waves / np.std(waves))


def _between_days(daily: Array) -> Array:
    """Hourly values through the noons of the days, without steps at midnight, (..., 8761)."""
    noon = 24.0 * np.arange(365) + 12.0
    hour = np.arange(YEAR_HOURS + 1)
    rows = daily.reshape(-1, 365)
    smooth = np.stack([np.interp(hour, noon, row, period=YEAR_HOURS) for row in rows])
    return smooth.reshape(*daily.shape[:-1], YEAR_HOURS + 1)


def _day_course(hour: Array) -> Array:
    """-1 at the coldest hour, 1 at the hottest, half cosines between, the falling one drawn forward."""
    since = (hour - COLDEST_HOUR) % 24
    rise = HOTTEST_HOUR - COLDEST_HOUR
    rising = -np.cos(np.pi * since / rise)
    past = np.maximum(since - rise, 0.0) / (24 - rise)
    falling = np.cos(np.pi * past ** assumption("night_cooling").value)
    return np.asarray(np.where(since <= rise, rising, falling))
