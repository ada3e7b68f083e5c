"""Flags on climate normals: minimum, mean and maximum out of order; places far colder than their neighbours.

Temperatures of different heights are compared at sea level with the standard atmosphere's lapse rate of
6.5 K/km (ISO 2533:1975).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from kitaran.reference.checks.registry import Remark, specific
from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library
from kitaran.reference.row import Cell, Row

LAPSE_K_PER_M = 0.0065
NEAR_KM = 900.0
LIKE_LATITUDE_DEG = 5.0
LIKE_HEIGHT_M = 1000.0
TOO_FAR_K = 6.0
TOO_FAR_OF_SWING = 0.3
"""Inland winters differ more: a share of the swing between coldest and warmest month is allowed there."""


@specific("climate_order", "flag")
def temperatures_out_of_order(table: FactTable, library: Library) -> Iterator[Remark]:
    """The mean of a month below its mean minimum or above its mean maximum."""
    months: dict[tuple[Cell, ...], dict[str, Row]] = {}
    for row in table:
        months.setdefault((*_place(row), row["month"], row.source), {})[row.text("parameter")] = row
    for found in months.values():
        for lower, upper in (("tmin_mean", "tmean"), ("tmean", "tmax_mean"), ("tmin_mean", "tmax_mean")):
            if lower in found and upper in found and found[lower].central > found[upper].central:
                cause = f"{lower} {found[lower].central:g} lies above {upper} {found[upper].central:g}."
                yield found[lower], cause, "Two columns of the source may be exchanged."


@specific("climate_neighbours", "flag")
def far_from_the_neighbours(table: FactTable, library: Library) -> Iterator[Remark]:
    """A monthly mean that, brought to sea level, lies too far from the median of the places around it.

    Too far: 6 K, or three tenths of the swing between the coldest and the warmest month if that is more.
    """
    swings = _swings(table)
    sites = {site for row in table.where(parameter="tmean") if (site := _site(row))}
    near_each = _neighbours_of_each(sites)
    for rows in _by_month(table).values():
        stations = [station for row in rows if (station := _station(row))]
        by_site: dict[_Site, list[_Station]] = {}
        for station in stations:
            by_site.setdefault(station.site, []).append(station)
        for station in stations:
            near = [other.sea_level_c for site in near_each[station.site] for other in by_site.get(site, ())]
            if not near:
                continue
            gap = station.sea_level_c - median(near)
            if abs(gap) >= max(TOO_FAR_K, TOO_FAR_OF_SWING * swings[station.site.series]):
                direction = "colder" if gap < 0 else "warmer"
                cause = (
                    f"{station.row.text('place')} is {abs(gap):.1f} K {direction} in month "
                    f"{station.row['month']} than {len(near)} places around it would be at its height."
                )
                yield (
                    station.row,
                    cause,
                    "The grid cell or station may lie at another height: compare a second source.",
                )


@dataclass(frozen=True, slots=True)
class _Site:
    """Where one series of months was measured, or is said to have been."""

    series: tuple[Cell, ...]
    lat: float
    lon: float
    elevation_m: float


@dataclass(frozen=True, slots=True)
class _Station:
    row: Row
    site: _Site
    sea_level_c: float


def _site(row: Row) -> _Site | None:
    lat, lon, height = row.number("lat"), row.number("lon"), row.number("elevation_m")
    if lat is None or lon is None or height is None:
        return None
    return _Site(_series(row), lat, lon, height)


def _station(row: Row) -> _Station | None:
    site = _site(row)
    if site is None or math.isnan(row.central):
        return None
    return _Station(row, site, row.central + LAPSE_K_PER_M * site.elevation_m)


def _neighbours_of_each(sites: Iterable[_Site]) -> dict[_Site, list[_Site]]:
    """Who stands near whom is the same in every month."""
    every = sorted(sites, key=lambda site: tuple(map(str, site.series)))
    return {one: [other for other in every if _neighbours(one, other)] for one in every}


def _neighbours(one: _Site, other: _Site) -> bool:
    return one.series != other.series and _alike(one, other)


def _alike(one: _Site, other: _Site) -> bool:
    return (
        abs(one.lat - other.lat) <= LIKE_LATITUDE_DEG
        and abs(one.elevation_m - other.elevation_m) <= LIKE_HEIGHT_M
        and _distance_km(one, other) <= NEAR_KM
    )


def _distance_km(one: _Site, other: _Site) -> float:
    """Great-circle distance on a sphere of 6371 km."""
    a, b = math.radians(one.lat), math.radians(other.lat)
    across = math.cos(math.radians(one.lon - other.lon))
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * across
    return 6371.0 * math.acos(max(-1.0, min(1.0, cosine)))


def _swings(table: FactTable) -> dict[tuple[Cell, ...], float]:
    months: dict[tuple[Cell, ...], list[float]] = {}
    for row in table.where(parameter="tmean"):
        months.setdefault(_series(row), []).append(row.central)
    return {series: max(means) - min(means) for series, means in months.items()}


def _series(row: Row) -> tuple[Cell, ...]:
    return (*_place(row), row.source)


def _place(row: Row) -> tuple[Cell, ...]:
    return (row["economy"], row["place"])


def _by_month(table: FactTable) -> dict[Cell, list[Row]]:
    months: dict[Cell, list[Row]] = {}
    for row in table.where(parameter="tmean"):
        months.setdefault(row["month"], []).append(row)
    return months
