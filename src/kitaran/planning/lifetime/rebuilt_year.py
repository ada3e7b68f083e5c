"""An hourly year of air temperature rebuilt from monthly normals, with an explicit warming term.

    T(day, hour) = mean(day) + s(day) z(day) + half range(day) r(day) (course(day, hour) - its mean)

The day runs from its minimum at sunrise to its maximum in the afternoon; how early it cools is set so that
the day keeps its mean. z and r are weather: waves of fixed phase whose spectrum is that of an autoregression
of the first order, with a mean of zero in each month and a standard deviation of one. Ageing is convex in
temperature and feels all of them. Nothing is drawn: the same normals give the same year.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.equations import Array

YEAR_HOURS = 8760
MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
MONTH = np.repeat(np.arange(12), MONTH_DAYS)
LONGEST_NIGHT = 0.7
COOLING = np.linspace(0.3, 4.0, 200)
SLOWEST_WAVE, FASTEST_WAVE, WAVES = 6, 170, 40


def hourly_year(
    tmax_c: ArrayLike,
    tmin_c: ArrayLike,
    warming: float = 0.0,
    day_to_day_spread_k: ArrayLike | None = None,
    tmean_c: ArrayLike | None = None,
    latitude: ArrayLike = 0.0,
    solar_noon: float | None = None,
) -> Array:
    """Air temperature at 8761 hours of local time from monthly normals, (..., 8761) [degC].

    tmax_c, tmin_c      : (..., 12) monthly means of daily maximum and minimum [degC]
    warming             : added to both [K]
    day_to_day_spread_k : () or (..., 12) standard deviation of daily means about the season's course [K];
                          by the seasons of the place without it
    tmean_c             : (..., 12) monthly means of all hours [degC]; by the extremes without it, whose
                          middle is not the mean of a day
    latitude            : (...) [degree], for the hour of sunrise
    solar_noon          : hour of local time at which the sun stands highest [h]; the assumption without it
    """
    highest, lowest = np.asarray(tmax_c, dtype=float), np.asarray(tmin_c, dtype=float)
    middle = mean_of_hours(highest, lowest) if tmean_c is None else np.asarray(tmean_c, dtype=float)
    given = usual_spread(middle) if day_to_day_spread_k is None else np.asarray(day_to_day_spread_k)
    spread = np.broadcast_to(given, middle.shape)
    noon = assumption("solar_noon").value if solar_noon is None else solar_noon
    half, mean = daily(0.5 * (highest - lowest)), daily(middle)
    lean = daily(middle - 0.5 * (highest + lowest)) / np.maximum(half, 0.05)
    course = day_course(np.asarray(latitude, dtype=float)[..., None], noon, lean)
    weather, cloud = _weather()
    base = _between_days(mean + warming + daily(spread) * weather)
    swing = half * _wider(2.0 * half, cloud)
    hours = base.reshape(*base.shape[:-1], 365, 24) + swing[..., None] * course
    year = hours.reshape(*base.shape[:-1], YEAR_HOURS)
    return np.concatenate([year, year[..., :1]], axis=-1)


def mean_of_hours(tmax_c: Array, tmin_c: Array) -> Array:
    """Monthly means of all hours where only those of the extremes are known, (..., 12) [degC]."""
    share = assumption("mean_above_middle").value
    return np.asarray(0.5 * (tmax_c + tmin_c) + share * (tmax_c - tmin_c))


def usual_spread(tmean_c: Array) -> Array:
    """Standard deviation of daily means by month: it grows with the seasons and in the cold [K]."""
    seasons = 0.5 * (tmean_c.max(axis=-1) - tmean_c.min(axis=-1))[..., None]
    colder = tmean_c.mean(axis=-1)[..., None] - tmean_c
    spread = (
        assumption("day_to_day_spread").value
        + assumption("day_to_day_spread_per_season").value * seasons
        + assumption("day_to_day_spread_of_cold").value * colder
    )
    return np.asarray(np.maximum(spread, assumption("day_to_day_spread").low))


def daily(monthly: Array) -> Array:
    """Daily values, (..., 365): straight lines between mid-months, bent so that each month keeps its mean."""
    return np.asarray(monthly @ _lines())


@cache
def _lines() -> Array:
    middles = np.cumsum(MONTH_DAYS) - MONTH_DAYS / 2
    days = np.arange(365) + 0.5
    lines = np.stack([np.interp(days, middles, row, period=365) for row in np.eye(12)], axis=-1)
    means = np.stack([lines[month == MONTH].mean(axis=0) for month in range(12)])
    return np.asarray(np.linalg.inv(means).T @ lines.T)


def sunrise(latitude: Array) -> Array:
    """Hours from sunrise to solar noon on each day of the year, (..., 365), [h].

    cos(half the day) = -tan(latitude) tan(declination), declination after Cooper (1969) to a cosine.
    """
    declination = np.radians(-23.44 * np.cos(2 * np.pi * (np.arange(365) + 10) / 365))
    cosine = -np.tan(np.radians(latitude)) * np.tan(declination)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -LONGEST_NIGHT, LONGEST_NIGHT))) / 15)


def day_course(latitude: Array, noon: float, lean: Array) -> Array:
    """Course of each day about its own mean, (..., 365, 24): -1 to 1 from sunrise to the afternoon and back.

    lean : (..., 365) mean of the day above the middle of its extremes, as a share of half its range
    Both ways are half cosines; the fall goes as cos(pi p^q), with q such that the day has its mean.
    """
    before = sunrise(latitude)
    rise = before + assumption("afternoon_lag").value
    fall = 24.0 - rise
    q = _cooling(lean * 24.0 / fall)[..., None]
    since = (np.arange(24.0) - (noon - before)[..., None]) % 24
    past = np.maximum(since - rise[..., None], 0.0) / fall[..., None]
    rising = -np.cos(np.pi * np.minimum(since / rise[..., None], 1.0))
    course = np.where(past > 0, np.cos(np.pi * past**q), rising)
    return np.asarray(course - course.mean(axis=-1, keepdims=True))


def _cooling(mean_of_fall: Array) -> Array:
    """The exponent q for which the mean of cos(pi p^q) over 0 < p < 1 is the one asked for."""
    part = (np.arange(400) + 0.5) / 400
    means = np.cos(np.pi * part ** COOLING[:, None]).mean(axis=1)
    return np.asarray(np.interp(mean_of_fall, means, COOLING))


@cache
def _weather() -> tuple[Array, Array]:
    """Deviations of daily means and of daily ranges in standard deviations, (365,) each."""
    persistence, share = assumption("weather_persistence").value, assumption("range_follows_warmth").value
    warmth, cloud = _waves(persistence, 0.0), _by_month(_waves(0.5 * persistence, 1.7))
    of_range = share * _by_month(warmth) + np.sqrt(1.0 - share**2) * cloud
    return _by_month(warmth, as_felt=True), _by_month(of_range)


def _wider(daily_range: Array, deviation: Array) -> Array:
    """Factor on the daily range, mean about one in each month: a spread in kelvin, limited as a share."""
    spread, most = assumption("range_spread").value, assumption("range_spread_most").value
    share = np.minimum(spread / np.maximum(daily_range, 0.1), most)
    return np.asarray(np.maximum(1.0 + share * deviation, 0.1))


def _waves(persistence: float, phase: float) -> Array:
    """Waves with the spectrum 1/(1 - 2 a cos w + a^2) of an autoregression a."""
    cycles = np.unique(np.round(np.geomspace(SLOWEST_WAVE, FASTEST_WAVE, WAVES)))
    between = np.concatenate([[cycles[0] - 1], 0.5 * (cycles[1:] + cycles[:-1]), [cycles[-1] + 1]])
    speed = 2 * np.pi * cycles / 365
    power = np.diff(between) / (1 - 2 * persistence * np.cos(speed) + persistence**2)
    turn = np.pi * (np.sqrt(5.0) - 1.0) * (np.arange(cycles.size) + 1) ** 2
    day = np.arange(365)[:, None]
    return np.asarray(np.cos(speed * day + turn + phase) @ np.sqrt(power))


def _by_month(series: Array, as_felt: bool = False) -> Array:
    """With a mean of zero and a standard deviation of one in each month, of the daily means if `as_felt`.

    Lines between the noons take an eighth of each neighbour into a daily mean, which levels the weather.
    """
    z = series.copy()
    for _ in range(3):
        felt = (np.roll(z, 1) + np.roll(z, -1) + 6.0 * z) / 8.0 if as_felt else z.copy()
        for month in range(12):
            days = month == MONTH
            z[days] = (z[days] - felt[days].mean()) / felt[days].std()
    return z


def _between_days(daily_means: Array) -> Array:
    """Hourly values through the noons of the days, without steps at midnight, (..., 8760)."""
    hour = np.arange(YEAR_HOURS)
    day, part = (hour - 12) // 24, ((hour - 12) % 24) / 24.0
    before, after = daily_means[..., day % 365], daily_means[..., (day + 1) % 365]
    return np.asarray(before + (after - before) * part)
