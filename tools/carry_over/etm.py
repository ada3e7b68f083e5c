"""The ETM repository (regional sufficiency and circularity, MIT licence): sales, pack size and chemistry of cars."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from given import read
from sources import Register, Source
from vocabulary import CHEMISTRY, ETM_REGION

Rows = list[dict[str, Any]]
FOLDER = "data/ev_projection"
YEARS = (2025, 2030, 2035, 2040, 2045, 2050)
LICENCE = "MIT"
GROUP = {
    "Eastern Europe/Central Asia": "ETM_EASTERN_EUROPE_CENTRAL_ASIA",
    "Rest of South Asia/Oceania": "ETM_REST_SOUTH_ASIA_OCEANIA",
}
GROUPED = "figure of the source's group {}; that the group stands for this subregion is our reading"
GROUP_SPAN = (33.0, 73.0)  # kWh: national means of the region in 2024 reach from India's to New Zealand's


def register_etm(register: Register) -> str:
    return register.name("etm-circularity-2025", Source(
        "ETM Regional Sufficiency and Circularity: inputs", "P. Busch and co-authors (pmbusch on GitHub)",
        "repository", "https://github.com/pmbusch/ETM-Regional-Sufficiency-Circularity", LICENCE, "primary", "2025",
        "Sales are battery-electric light-duty vehicles only; pack sizes and chemistries from EV Volumes; "
        "India's low pack-size case lies above its baseline in 2050."))  # fmt: skip


def projections(shared: Path, register: Register) -> Rows:
    """Sales of battery-electric light-duty vehicles after 2024 by country and group."""
    source = register_etm(register)
    rows = []
    for given in read(shared / FOLDER, "EV_Sales.csv"):
        regions = ETM_REGION.get(given["c"])
        if regions and int(given["Year"]) > 2024:
            rows.append({
                "economy": GROUP.get(given["c"], regions[0]), "vehicle_class": "car", "powertrain": "BEV",
                "year": int(given["Year"]), "path": "ETM", "value": round(float(given["Sales"])),
                "unit": "vehicle", "source": source, "licence": LICENCE, "grade": "C",
                "note": "battery-electric light-duty vehicles only",
            })  # fmt: skip
    return rows


def capacities(shared: Path, register: Register) -> Rows:
    """Sales-weighted pack size of battery-electric cars: measured to 2024, three cases after it."""
    source = register_etm(register)
    rows = []
    for given, region, note in _regional(shared, "battery_size_country.csv"):
        value = float(given["kwh_veh_total"])
        ends = {"low": min(GROUP_SPAN[0], value), "high": max(GROUP_SPAN[1], value)} if note else {}
        rows.append({**_car(region, int(given["Year"]), source), "value": value, **ends, "note": note})
    cases: dict[tuple[str, int], dict[str, float]] = {}
    notes: dict[str, str] = {}
    for given, region, note in _regional(shared, "bat_size_forecast.csv"):
        if int(given["Year"]) in YEARS:
            cases.setdefault((region, int(given["Year"])), {})[given["capacity_scenario"]] = float(given["kwh_veh"])
            notes[region] = note
    for (region, year), case in cases.items():
        ends = [*case.values(), *(GROUP_SPAN if notes[region] else ())]
        span = {"value": case["Baseline"], "low": min(ends), "high": max(ends)}
        note = "; ".join(filter(None, ("baseline; range of the low and high case", notes[region])))
        rows.append({**_car(region, year, source), **span, "note": note})
    return rows


def chemistries(shared: Path, register: Register) -> Rows:
    """Chemistry shares of cars: by country to 2024, the global path, and each country carried along that path."""
    source = register_etm(register)
    rows: Rows = []
    latest: dict[str, dict[str, float]] = {}
    for given, region, note in _regional(shared, "battery_chem_country.csv"):
        chemistry, share, year = CHEMISTRY[given["chemistry"]], float(given["chem_share_mwh"]), int(given["Year"])
        rows.append({**_share(region, chemistry, year, source), "value": share, "grade": "C",
                     "note": "; ".join(filter(None, ("share of energy sold", note)))})  # fmt: skip
        if year == 2024:
            latest.setdefault(region, {})[chemistry] = share
    path, ratio = _global_path(shared)
    for year, shares in path.items():
        rows += [{**_share("ALL", chemistry, year, source), "value": share, "grade": "C",
                  "note": "the source's global path; share of energy"} for chemistry, share in shares.items()]  # fmt: skip
    for region, start in latest.items():
        rows += _carried_along(region, start, path, ratio, source)
    return rows


def _carried_along(
    region: str, start: dict[str, float], path: dict[int, dict[str, float]],
    ratio: dict[int, dict[str, float]], source: str,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """share(year) = share(2024) x global ratio(year), scaled to one; from 2024's share to the global share."""
    for year in YEARS:
        grown = {chemistry: share * ratio[year][chemistry] for chemistry, share in start.items()}
        total = sum(grown.values())
        for chemistry, share in grown.items():
            ends = (start[chemistry], share / total, path[year][chemistry])
            yield {
                **_share(region, chemistry, year, source), "value": share / total, "low": min(ends),
                "high": max(ends), "grade": "D",
                "note": "DERIVED: share of 2024 carried along the global path; range from 2024's share to the global one",
            }  # fmt: skip


def _global_path(shared: Path) -> tuple[dict[int, dict[str, float]], dict[int, dict[str, float]]]:
    path: dict[int, dict[str, float]] = {}
    ratio: dict[int, dict[str, float]] = {}
    for given in read(shared / FOLDER, "bat_share_2050_world.csv"):
        year, chemistry = int(given["year"]), CHEMISTRY[given["chemistry"]]
        if year in (2024, *YEARS):
            path.setdefault(year, {})[chemistry] = float(given["share_units"])
            ratio.setdefault(year, {})[chemistry] = float(given["ratio2024"])
    return path, ratio


def _regional(shared: Path, name: str) -> Iterator[tuple[dict[str, str], str, str]]:
    """Rows of a file for the region's economies and subregions, with a note where a group stands for one."""
    for given in read(shared / FOLDER, name):
        for region in ETM_REGION.get(given["c"], ()):
            yield given, region, GROUPED.format(given["c"]) if given["c"] in GROUP else ""


def _car(region: str, year: int, source: str) -> dict[str, Any]:
    return {"region": region, "vehicle_class": "car", "powertrain": "BEV", "battery_type": "lithium", "year": year,
            "unit": "kWh", "source": source, "licence": LICENCE, "grade": "D" if year > 2024 else "C"}  # fmt: skip


def _share(region: str, chemistry: str, year: int, source: str) -> dict[str, Any]:
    return {"region": region, "vehicle_class": "car", "chemistry": chemistry, "year": year, "unit": "fraction",
            "source": source, "licence": LICENCE}  # fmt: skip
