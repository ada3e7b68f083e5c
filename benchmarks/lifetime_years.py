"""Hourly years rebuilt from monthly means beside the real ones: state of health after ten years.

    python benchmarks/lifetime_years.py YEAR.epw ...

Four tellings of one year, from much known of it to little, and for each the largest difference over all
models that are not suspect and all packaged duties (reach 0.005):

    spread   the year's own monthly means of all hours and of the extremes, and its own spread from day to day
    means    the same without the spread, which is told by the seasons of the place
    extremes the monthly means of daily maximum and minimum alone, as the packaged normals have them
    normals  the packaged normals of a place within 30 km: how far the year itself is from its climate

The first three are errors of the rebuild, the last adds the weather of the year and the warming since. What
is told by the seasons is fitted anew for each place on the years of all places farther than 100 km from it.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kitaran.planning import lifetime
from kitaran.planning.lifetime import climate, duty, pack_temperature, rebuilt_year, weather
from kitaran.planning.lifetime.rebuilt_year import MONTH

REACH = 0.005
TYPICAL_YEAR = 1995
MODELS = [model for model in lifetime.catalogue().values() if model.standing != "suspect"]


@dataclass(frozen=True)
class Year:
    """A real year with its monthly figures, (12,) each."""

    name: str
    latitude: float
    longitude: float
    noon: float
    air: np.ndarray
    highest: np.ndarray
    lowest: np.ndarray
    mean: np.ndarray
    spread: np.ndarray

    def km_to(self, latitude: float, longitude: float) -> float:
        across = (self.longitude - longitude) * np.cos(np.radians(self.latitude))
        return float(111.2 * np.hypot(self.latitude - latitude, across))


def read(file: str) -> Year:
    """A year in an EPW file, whose first line tells where it is and what its clock shows."""
    with Path(file).open(encoding="latin-1") as lines:
        head = next(csv.reader(lines))
    latitude, longitude, zone = (float(cell) for cell in head[6:9])
    air = weather.read_weather(file)
    days = air[:-1].reshape(365, 24)
    mean = by_month(days.mean(axis=1))
    spread = np.sqrt(by_month((days.mean(axis=1) - rebuilt_year.daily(mean)) ** 2))
    extremes = by_month(days.max(axis=1)), by_month(days.min(axis=1))
    noon = 12.0 + zone - longitude / 15.0
    return Year(Path(file).stem, latitude, longitude, noon, air, *extremes, mean, spread)


def by_month(daily: np.ndarray) -> np.ndarray:
    return np.array([daily[month == MONTH].mean() for month in range(12)])


def told_elsewhere(year: Year, years: list[Year]) -> tuple[np.ndarray, float]:
    """Coefficients of the spread from day to day, and share of the range that the mean lies above the middle.

    Each place counts once, however many years there are of it.
    """
    others = [item for item in years if year.km_to(item.latitude, item.longitude) > 100]
    rows, spreads, weights, shares = [], [], [], []
    for item in others:
        near = sum(item.km_to(other.latitude, other.longitude) <= 100 for other in others)
        rows += list(seasons(item.mean))
        spreads += list(item.spread)
        middle, span = 0.5 * (item.highest + item.lowest), item.highest - item.lowest
        shares += list((item.mean - middle) / span)
        weights += [1.0 / near] * 12
    root = np.sqrt(weights)
    fitted = np.linalg.lstsq(np.array(rows) * root[:, None], np.array(spreads) * root, rcond=None)[0]
    return fitted, float(np.average(shares, weights=weights))


def seasons(mean: np.ndarray) -> np.ndarray:
    """What the spread of a month goes by: one, half the seasons, how much colder the month is, (12, 3)."""
    half = 0.5 * (mean.max() - mean.min())
    return np.stack([np.ones(12), np.full(12, half), mean.mean() - mean], axis=1)


def rebuilds(year: Year, years: list[Year]) -> dict[str, np.ndarray]:
    coefficients, share = told_elsewhere(year, years)
    middle = 0.5 * (year.highest + year.lowest) + share * (year.highest - year.lowest)

    def made(mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
        return rebuilt_year.hourly_year(
            year.highest, year.lowest, 0.0, spread, mean, year.latitude, year.noon
        )

    def usual(mean: np.ndarray) -> np.ndarray:
        return np.maximum(seasons(mean) @ coefficients, 0.4)

    return {
        "spread": made(year.mean, year.spread),
        "means": made(year.mean, usual(year.mean)),
        "extremes": made(middle, usual(middle)),
    }


def normals_near(year: Year) -> np.ndarray | None:
    """The year that the packaged normals give for a place within 30 km, or None."""
    for name in climate.places():
        place = climate.normals(name)
        if year.km_to(place.latitude, place.longitude) <= 30:
            return rebuilt_year.hourly_year(
                place.tmax_c, place.tmin_c, climate.warming_k(TYPICAL_YEAR), latitude=place.latitude
            )
    return None


def after_ten_years(air: np.ndarray, duties: tuple[str, ...]) -> np.ndarray:
    """State of health after ten years, (duty, model, year), of hourly years (year, 8761)."""
    found = []
    for name in duties:
        use = duty.duty(name)
        hours = duty.duty_year(use)
        cells = pack_temperature.pack_temperature(air, use, hours)
        windows = lifetime.windows(hours.time_s, hours.soc, cells)
        found.append([lifetime.simulate_windows(model, windows, 10).soh[:, -1] for model in MODELS])
    return np.array(found)


def told(year: Year, years: list[Year]) -> dict[str, np.ndarray]:
    """The real year first, then what is rebuilt of it, (8761,) each."""
    near = normals_near(year)
    return {"real": year.air} | rebuilds(year, years) | ({} if near is None else {"normals": near})


def compare(files: list[str]) -> None:
    """Print the differences of each year and telling, and how they are distributed."""
    duties = duty.duties()
    years = [read(file) for file in files]
    print(f"\nhourly years rebuilt, ten years, {len(MODELS)} models, {len(duties)} duties (reach {REACH})")
    print(f"{'year':36}{'spread':>9}{'means':>9}{'extremes':>10}{'normals':>9}  largest by means alone in")
    kinds: dict[str, list[float]] = {"spread": [], "means": [], "extremes": [], "normals": []}
    medians: dict[str, list[float]] = {kind: [] for kind in kinds}
    tellings = [told(year, years) for year in years]
    soh = after_ten_years(np.stack([air for made in tellings for air in made.values()]), duties)
    column = 0
    for year, made in zip(years, tellings, strict=True):
        block = soh[..., column : column + len(made)]
        column += len(made)
        apart = dict(zip(made, np.moveaxis(np.abs(block - block[..., :1]), -1, 0), strict=True))
        for kind in kinds.keys() & made.keys():
            kinds[kind].append(float(apart[kind].max()))
            medians[kind].append(float(np.median(apart[kind])))
        use, model = np.unravel_index(apart["means"].argmax(), apart["means"].shape)
        cells = [f"{apart[kind].max():.4f}" if kind in made else "-" for kind in kinds]
        where = f"{duties[use]}, {MODELS[model].id}"
        print(f"{year.name[:35]:36}{cells[0]:>9}{cells[1]:>9}{cells[2]:>10}{cells[3]:>9}  {where}")
    for kind, largest in kinds.items():
        if largest:
            within = sum(value <= REACH for value in largest)
            print(
                f"{kind:9} within {REACH} in {within} of {len(largest)} years; largest of a year: median "
                f"{np.median(largest):.4f}, 90 % {np.quantile(largest, 0.9):.4f}, worst {max(largest):.4f}; "
                f"median of all cases {np.median(medians[kind]):.4f}"
            )


if __name__ == "__main__":
    compare(sys.argv[1:])
