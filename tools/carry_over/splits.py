"""Shares that split joint counts: three-wheelers in two- and three-wheelers, plug-in hybrids in electric vehicles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from given import number, read
from iea import register_editions
from sources import UNKNOWN_LICENCE, VAHAN, Register, grade_of
from vocabulary import VEHICLE_CLASS

Rows = list[dict[str, Any]]
CLASSES = ("car", "van", "bus", "truck")


def three_wheelers(shared: Path, register: Register) -> Rows:
    """India by year from VAHAN, and the derived shares of tw_packs.csv."""
    sold = {(row["vehicle_class"], row["year"]): float(row["sales"])
            for row in read(shared / "data", "ev_sales.csv") if row["source_id"] == "S03" and row["sales"]}  # fmt: skip
    rows = []
    for year in map(str, range(2015, 2024)):
        three, two = sold["3_wheeler", year], sold["2_wheeler", year]
        rows.append({
            "region": "IND", "share_of": "three_wheeler", "year": int(year), "value": three / (two + three),
            "unit": "fraction", "source": VAHAN, "licence": UNKNOWN_LICENCE, "grade": "B",
            "note": f"DERIVED: VAHAN {three:,.0f} / ({three:,.0f} + {two:,.0f}); unregistered vehicles are not in it",
        })  # fmt: skip
    for given in read(shared / "data", "tw_packs.csv"):
        if not given["parameter"].startswith("share_of") or "2_3_wheeler" not in given["parameter"]:
            continue
        if given["iso3"] == "WLD":
            continue
        known = given["publisher"] != "analyst"
        rows.append({
            "region": given["iso3"], "share_of": "three_wheeler", "year": int(given["year"]),
            "value": number(given["value"]), "low": number(given["low"]), "high": number(given["high"]),
            "unit": "fraction", "source": register.cite(given) if known else "analyst-range-2026",
            "licence": UNKNOWN_LICENCE if known else "own assumption", "grade": grade_of(given, register),
            "note": given["note"].replace("GENERAL KNOWLEDGE, no source: ", "")
                    + ("; share of stock" if "stock" in given["parameter"] else ""),
        })  # fmt: skip
    return rows


def plug_in_hybrids(shared: Path, register: Register) -> Rows:
    """PHEV / (BEV + PHEV) of IEA's sales by economy and year where both stand."""
    source = register_editions(register)["2025"]
    sold: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in read(shared / "data", "ev_sales.csv"):
        if (row["edition"], row["category"]) == ("2025", "historical") and row["iso3"] and row["sales"]:
            vehicle_class = VEHICLE_CLASS[row["vehicle_class"]]
            sold.setdefault((row["iso3"], vehicle_class, row["year"]), {})[row["powertrain"]] = float(row["sales"])
    return [{
        "region": economy, "vehicle_class": vehicle_class, "year": int(year), "unit": "fraction",
        "value": kinds["PHEV"] / (kinds["BEV"] + kinds["PHEV"]), "source": source, "licence": "CC BY 4.0 (IEA)",
        "grade": "B", "note": f"DERIVED: {kinds['PHEV']:,.0f} / ({kinds['BEV']:,.0f} + {kinds['PHEV']:,.0f})",
    } for (economy, vehicle_class, year), kinds in sold.items()
        if vehicle_class in CLASSES and {"BEV", "PHEV"} <= set(kinds)]  # fmt: skip
