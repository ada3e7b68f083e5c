"""All vehicles in use, national targets, and trade in used and imported electric vehicles."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import periods
from cited import page
from given import Given, number, read
from national import merged
from sources import UNKNOWN_LICENCE, Register
from vocabulary import VEHICLE_CLASS

Rows = list[dict[str, Any]]
HYBRIDS_ONLY = ("hev_sales_share",)
PARTIAL = re.compile(r"Male region only|individuals only|Tum-Tum only")


def vehicle_stock(shared: Path, register: Register) -> Rows:
    """Registered vehicles by class; taxis join the cars and minibuses the buses of the same source."""
    rows = [
        {
            "economy": given["iso3"],
            "vehicle_class": VEHICLE_CLASS[given["vehicle_class"]],
            "year": int(given["year"]),
            "basis": _basis(given),
            "value": number(given["stock"]),
            **page(given, register, "vehicle"),
            "part": given["vehicle_class"],
        }
        for given in read(shared / "data", "vehicle_stock.csv")
        if given["year"]
    ]
    return [*merged(rows), *_motorcycles(shared)]


def targets(shared: Path, register: Register) -> Rows:
    """National targets; percentages as fractions. Targets for hybrids without a plug are left out."""
    rows = []
    for given in read(shared / "data", "ev_targets.csv"):
        if given["measure"] in HYBRIDS_ONLY:
            continue
        percent, vehicle_class = given["unit"] == "percent", given["vehicle_class"]
        usual = "business as usual" in given["note"]
        rows.append(
            {
                "economy": given["iso3"],
                "measure": given["measure"],
                "year": int(given["target_year"]),
                "vehicle_class": "taxi" if vehicle_class == "taxi" else VEHICLE_CLASS[vehicle_class],
                "status": "projection" if usual else given["status"],
                "value": float(given["value"]) / (100 if percent else 1),
                **page({**given, "quality": "B"}, register, "fraction" if percent else "vehicle"),
            }
        )
    return rows


def used_trade(shared: Path, register: Register) -> Rows:
    """Flows of used or imported vehicles that carry a traction battery, and of all used vehicles."""
    powertrain = {"BEV": "BEV", "PHEV": "PHEV", "all": "any"}
    return [
        {
            "exporter": given["from_iso3"],
            "economy": {"WLD": "WORLD"}.get(given["to_iso3"], given["to_iso3"]),
            "vehicle_class": given["vehicle_class"],
            "condition": given["condition"],
            "year": int(given["year"]),
            "powertrain": powertrain[given["powertrain"]],
            **periods.of_trade(given),
            "value": number(given["value"]),
            **page(given, register, "vehicle"),
        }
        for given in read(shared / "data", "used_trade.csv")
        if given["powertrain"] in powertrain
    ]


def _basis(given: Given) -> str:
    note = given["note"]
    if PARTIAL.search(note):
        return "partial"
    if "active fleet" in note or "licensed" in note.split(";")[0]:
        return "active"
    return "cumulative" if "cumulative" in note else "registered"


def _motorcycles(shared: Path) -> Rows:
    return [
        {
            "economy": given["iso3"],
            "vehicle_class": "two_wheeler",
            "year": int(given["year"]),
            "basis": "registered",
            "value": number(given["value"]),
            "unit": "vehicle",
            "source": "motorcycles-press-2020",
            "licence": UNKNOWN_LICENCE,
            "grade": "D",
            "note": "rounded; press reports of mixed years",
        }
        for given in read(shared / "data", "macro.csv")
        if given["indicator"] == "motorcycles_registered"
    ]
