"""The ETM repository on cars: sales ahead, pack size and chemistry by country.

Battery-electric light-duty vehicles only; pack sizes and chemistries rest on EV Volumes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from given import Given, read
from vocabulary import CHEMISTRY, ETM_GROUP, ETM_REGION

Rows = list[dict[str, Any]]
Shares = dict[str, float]
FOLDER = "data/ev_projection"
SOURCE = {"source": "etm-circularity-2025", "licence": "MIT"}
LAST_YEAR = 2024
YEARS = (2025, 2030, 2035, 2040, 2045, 2050)
GROUPED = "figure of the source's group {}; that the group stands for this subregion is our reading"
# kWh: national means of the region in 2024 reach from India's to New Zealand's.
GROUP_SPAN = (33.0, 73.0)
DERIVED = "DERIVED: share of 2024 carried along the global path; range from 2024's share to the global one"


def projections(shared: Path) -> Rows:
    """Sales after 2024 by country and group."""
    return [
        {
            "economy": ETM_GROUP.get(given["c"], ETM_REGION[given["c"]][0]),
            "vehicle_class": "car",
            "powertrain": "BEV",
            "year": int(given["Year"]),
            "path": "ETM",
            "value": float(round(float(given["Sales"]))),
            "unit": "vehicle",
            "grade": "C",
            "note": "battery-electric light-duty vehicles only",
            **SOURCE,
        }
        for given in read(shared / FOLDER, "EV_Sales.csv")
        if given["c"] in ETM_REGION and int(given["Year"]) > LAST_YEAR
    ]


def capacities(shared: Path) -> Rows:
    """Sales-weighted pack size: as sold to 2024, baseline with the span of three cases after it."""
    rows = []
    for given, region, note in _regional(shared, "battery_size_country.csv"):
        value = float(given["kwh_veh_total"])
        ends = [value, *GROUP_SPAN] if note else []
        span = {"low": min(ends), "high": max(ends)} if ends else {}
        rows.append({**_pack(region, int(given["Year"]), "C"), "value": value, **span, "note": note})
    cases: dict[tuple[str, int, str], dict[str, float]] = {}
    for given, region, note in _regional(shared, "bat_size_forecast.csv"):
        if int(given["Year"]) in YEARS:
            case = cases.setdefault((region, int(given["Year"]), note), {})
            case[given["capacity_scenario"]] = float(given["kwh_veh"])
    for (region, year, note), case in cases.items():
        ends = [*case.values(), *(GROUP_SPAN if note else ())]
        span = {"value": case["Baseline"], "low": min(ends), "high": max(ends)}
        told = "; ".join(filter(None, ("baseline; range of the low and high case", note)))
        rows.append({**_pack(region, year, "D"), **span, "note": told})
    return rows


def chemistries(shared: Path) -> Rows:
    """By country to 2024, the global path, and each country carried along that path."""
    rows: Rows = []
    latest: dict[str, Shares] = {}
    for given, region, note in _regional(shared, "battery_chem_country.csv"):
        chemistry, share, year = (
            CHEMISTRY[given["chemistry"]],
            float(given["chem_share_mwh"]),
            int(given["Year"]),
        )
        told = "; ".join(filter(None, ("share of energy sold", note)))
        rows.append({**_share(region, chemistry, year, "C"), "value": share, "note": told})
        if year == LAST_YEAR:
            latest.setdefault(region, {})[chemistry] = share
    path, ratio = _global_path(shared)
    for year, shares in path.items():
        for chemistry, share in shares.items():
            told = "the source's global path; share of energy"
            rows.append({**_share("ALL", chemistry, year, "C"), "value": share, "note": told})
    for region, start in latest.items():
        rows += _carried_along(region, start, path, ratio)
    return rows


def _carried_along(
    region: str, start: Shares, path: dict[int, Shares], ratio: dict[int, Shares]
) -> Iterator[dict[str, Any]]:
    """share(year) = share(2024) x global ratio(year), scaled to one."""
    for year in YEARS:
        grown = {chemistry: share * ratio[year][chemistry] for chemistry, share in start.items()}
        total = sum(grown.values())
        for chemistry, share in grown.items():
            ends = (start[chemistry], share / total, path[year][chemistry])
            span = {"value": share / total, "low": min(ends), "high": max(ends)}
            yield {**_share(region, chemistry, year, "D"), **span, "note": DERIVED}


def _global_path(shared: Path) -> tuple[dict[int, Shares], dict[int, Shares]]:
    """Shares of the world by year, and their ratio to 2024."""
    path: dict[int, Shares] = {}
    ratio: dict[int, Shares] = {}
    for given in read(shared / FOLDER, "bat_share_2050_world.csv"):
        year, chemistry = int(given["year"]), CHEMISTRY[given["chemistry"]]
        if year in (LAST_YEAR, *YEARS):
            path.setdefault(year, {})[chemistry] = float(given["share_units"])
            ratio.setdefault(year, {})[chemistry] = float(given["ratio2024"])
    return path, ratio


def _regional(shared: Path, name: str) -> Iterator[tuple[Given, str, str]]:
    """Rows for the region's economies and subregions, with a note where a group stands for one."""
    for given in read(shared / FOLDER, name):
        for region in ETM_REGION.get(given["c"], ()):
            yield given, region, GROUPED.format(given["c"]) if given["c"] in ETM_GROUP else ""


def _pack(region: str, year: int, grade: str) -> dict[str, Any]:
    where = {"region": region, "vehicle_class": "car", "powertrain": "BEV", "battery_type": "lithium"}
    return {**where, "year": year, "unit": "kWh", "grade": grade, **SOURCE}


def _share(region: str, chemistry: str, year: int, grade: str) -> dict[str, Any]:
    where = {"region": region, "vehicle_class": "car", "chemistry": chemistry, "year": year}
    return {**where, "unit": "fraction", "grade": grade, **SOURCE}
