"""Prices of metals, salts, black mass and packs."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

from cited import figure
from given import read
from sources import Register

Rows = list[dict[str, Any]]
FIRST_YEAR = 2010
UNIT = {"USD_per_mt": "USD/t", "USD_per_bbl": "USD/bbl", "USD_per_kWh": "USD/kWh", "USD_per_t": "USD/t"}
POUND_KG = 0.45359237
# source_id of the given prices.csv -> source, licence
SERIES = {
    "S10": ("world-bank-pink-sheet-2025", "CC BY 4.0 (World Bank)"),
    "S11": ("usgs-ds140", "public domain"),
    "S12": ("usgs-mcs", "public domain"),
    "S14": ("bnef-pack-survey", "proprietary survey; released figures only"),
}


def rows(shared: Path, register: Register) -> Rows:
    """Yearly series, quotations of 2023 to 2026, EverBatt's list."""
    return _series(shared) + _quotations(shared, register) + _everbatt(shared)


def _series(shared: Path) -> Rows:
    """Yearly prices as published; monthly ones as the mean, lowest and highest month of each year."""
    months: dict[tuple[str, str, int, str], list[float]] = defaultdict(list)
    found: Rows = []
    for given in read(shared / "data", "prices.csv"):
        unit, year = UNIT.get(given["unit"].split(" ")[0]), int(given["date"][:4])
        if unit is None or year < FIRST_YEAR:
            continue
        if given["freq"] == "M":
            months[given["series"], unit, year, given["source_id"]].append(float(given["value"]))
            continue
        fact = _price(given["series"], "annual, as published", year, unit, given["source_id"])
        found.append({**fact, "value": float(given["value"]), "note": given["basis"]})
    for (item, unit, year, source_id), values in months.items():
        span = {"value": fmean(values), "low": min(values), "high": max(values)}
        note = f"DERIVED: mean of {len(values)} months; low and high are the lowest and highest month"
        fact = _price(item, "annual mean of months, nominal", year, unit, source_id)
        found.append({**fact, **span, "note": note})
    return found


def _price(item: str, basis: str, year: int, unit: str, source_id: str) -> dict[str, Any]:
    source, licence = SERIES[source_id]
    what = {"item": item, "basis": basis, "period": str(year), "year": year}
    return {**what, "unit": unit, "source": source, "licence": licence, "grade": "B"}


def _quotations(shared: Path, register: Register) -> Rows:
    found = []
    for given in read(shared / "data", "metal_prices.csv"):
        unit, factor = _quoted_unit(given["unit"])
        period, year = given["date"] or given["year"], int(given["year"][:4])
        what = {"item": given["item"], "basis": given["basis"], "period": period, "year": year}
        found.append({**what, **figure(given, register, unit, factor)})
    return found


def _quoted_unit(unit: str) -> tuple[str, float]:
    """Our name of a quoted unit, and the factor into it."""
    if unit == "USD/lb":
        return "USD/kg", 1 / POUND_KG
    return ("CNY/mtu", 1.0) if unit.startswith("CNY per mtu") else (unit.replace(" per ", "/"), 1.0)


def _everbatt(shared: Path) -> Rows:
    """EverBatt's list of 2022-23; an item that stands in several groups with one price is kept once."""
    found: dict[tuple[str, float], dict[str, Any]] = {}
    for given in read(shared / "facts" / "planning", "prices.csv"):
        if given["source"] == "EverBatt 2023 Materials":
            value = float(given["value"])
            found[given["item"], value] = {
                "item": given["item"],
                "basis": "EverBatt 2023, United States",
                "period": "2022-23",
                "year": 2023,
                "value": value,
                "unit": "USD/kg",
                "source": "everbatt-2023",
                "licence": "BSD-3 style licence of Argonne",
                "grade": "B",
                "note": "snapshot near the peak of lithium prices",
            }
    return list(found.values())
