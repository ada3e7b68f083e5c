"""All vehicles in use, national targets, and trade in used and imported electric vehicles."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from given import number, read
from national import merged, period
from sources import UNKNOWN_LICENCE, Register, Source, grade_of
from vocabulary import VEHICLE_CLASS

Rows = list[dict[str, Any]]
LEFT_OUT = ("hev_sales_share",)


def vehicle_stock(shared: Path, register: Register) -> Rows:
    """Registered vehicles by class; taxis join the cars and minibuses the buses of the same source."""
    rows = []
    for given in read(shared / "data", "vehicle_stock.csv"):
        if not given["year"]:
            continue
        rows.append({
            "economy": given["iso3"], "vehicle_class": VEHICLE_CLASS[given["vehicle_class"]], "powertrain": "",
            "year": int(given["year"]), "basis": _stock_basis(given), "value": number(given["stock"]), "low": None,
            "high": None, "unit": "vehicle", "source": register.cite(given), "licence": UNKNOWN_LICENCE,
            "grade": grade_of(given, register), "note": given["note"], "part": given["vehicle_class"],
        })  # fmt: skip
    facts = [{k: v for k, v in row.items() if k != "powertrain"} for row in merged(rows)]
    return facts + _motorcycles(shared, register)


def targets(shared: Path, register: Register) -> Rows:
    """National targets; percentages as fractions. Targets for hybrids without a plug are left out."""
    rows = []
    for given in read(shared / "data", "ev_targets.csv"):
        if given["measure"] in LEFT_OUT:
            continue
        percent = given["unit"] == "percent"
        rows.append({
            "economy": given["iso3"], "measure": given["measure"], "year": int(given["target_year"]),
            "vehicle_class": "taxi" if given["vehicle_class"] == "taxi" else VEHICLE_CLASS[given["vehicle_class"]],
            "status": "projection" if "business as usual" in given["note"] else given["status"], "value": float(given["value"]) / (100 if percent else 1),
            "unit": "fraction" if percent else "vehicle", "source": register.cite(given),
            "licence": UNKNOWN_LICENCE, "grade": grade_of({**given, "quality": "B"}, register),
            "note": given["note"],
        })  # fmt: skip
    return rows


def used_trade(shared: Path, register: Register) -> Rows:
    """Flows of used or imported vehicles that carry a traction battery, and of all used vehicles."""
    rows = []
    for given in read(shared / "data", "used_trade.csv"):
        if given["powertrain"] not in ("BEV", "PHEV", "all"):
            continue
        rows.append({
            "exporter": given["from_iso3"], "economy": {"WLD": "WORLD"}.get(given["to_iso3"], given["to_iso3"]),
            "vehicle_class": given["vehicle_class"], "condition": given["condition"], "year": int(given["year"]),
            "powertrain": {"all": "any"}.get(given["powertrain"], given["powertrain"]), **_trade_period(given),
            "value": number(given["value"]), "unit": "vehicle", "source": register.cite(given),
            "licence": UNKNOWN_LICENCE, "grade": grade_of(given, register), "note": given["note"],
        })  # fmt: skip
    return rows


def _trade_period(given: dict[str, str]) -> dict[str, Any]:
    if " only" in given["note"]:
        return {"basis": "part_year", "months": 1}
    if found := re.search(r"(\d{4})-(\d{2,4})\b", given["note"]):
        return {"basis": "cumulative"} if len(found[2]) == 4 or "2016-19" in found[0] else period(given)
    if found := re.search(r"first (\d+) months", given["note"]):
        return {"basis": "part_year", "months": int(found[1])}
    return period(given)


def _stock_basis(given: dict[str, str]) -> str:
    note = given["note"]
    if re.search(r"Male region only|individuals only|Tum-Tum only", note):
        return "partial"
    if "active fleet" in note or "licensed" in note.split(";")[0]:
        return "active"
    return "cumulative" if "cumulative" in note else "registered"


def _motorcycles(shared: Path, register: Register) -> Rows:
    source = register.name("motorcycles-press-2020", Source(
        "Motorcycles registered, six economies", "press reports (vinamr.com.vn and others)", "press",
        "https://vinamr.com.vn", UNKNOWN_LICENCE, "secondary", "", "Rounded, mixed years."))  # fmt: skip
    return [{
        "economy": given["iso3"], "vehicle_class": "two_wheeler", "year": int(given["year"]), "basis": "registered",
        "value": number(given["value"]), "unit": "vehicle", "source": source, "licence": UNKNOWN_LICENCE,
        "grade": "D", "note": "rounded; press reports of mixed years",
    } for given in read(shared / "data", "macro.csv") if given["indicator"] == "motorcycles_registered"]  # fmt: skip
