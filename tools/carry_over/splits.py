"""Shares that split joint counts: three-wheelers of two- and three-wheelers, PHEV of electric vehicles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cited import figure
from given import read
from iea import EDITION
from iea import LICENCE as IEA_LICENCE
from sources import UNKNOWN_LICENCE, VAHAN, Register
from vocabulary import VEHICLE_CLASS

Rows = list[dict[str, Any]]
JOINT = {"share_of_iea_2_3_wheeler_sales": "share of sales", "share_of_2_3_wheeler_stock": "share of stock"}
FOUR_WHEELS = ("car", "van", "bus", "truck")
VAHAN_YEARS = range(2015, 2024)


def three_wheelers(shared: Path, register: Register) -> Rows:
    """India by year from VAHAN, and the shares that tw_packs.csv derives or ranges."""
    rows = _india(shared)
    for given in read(shared / "data", "tw_packs.csv"):
        if given["parameter"] in JOINT and given["iso3"] != "WLD":
            told = {**given, "note": f"{given['note']}; {JOINT[given['parameter']]}"}
            where = {"region": given["iso3"], "share_of": "three_wheeler", "year": int(given["year"])}
            rows.append({**figure(told, register, "fraction"), **where})
    return rows


def plug_in_hybrids(shared: Path) -> Rows:
    """PHEV / (BEV + PHEV) of IEA's sales by economy and year where both stand."""
    sold: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in read(shared / "data", "ev_sales.csv"):
        if (row["edition"], row["category"]) == ("2025", "historical") and row["iso3"] and row["sales"]:
            fleet = (row["iso3"], VEHICLE_CLASS[row["vehicle_class"]], row["year"])
            sold.setdefault(fleet, {})[row["powertrain"]] = float(row["sales"])
    return [
        {
            "region": economy,
            "vehicle_class": vehicle_class,
            "year": int(year),
            "value": kinds["PHEV"] / (kinds["BEV"] + kinds["PHEV"]),
            "unit": "fraction",
            "source": EDITION["2025"],
            "licence": IEA_LICENCE,
            "grade": "B",
            "note": f"DERIVED: {kinds['PHEV']:,.0f} / ({kinds['BEV']:,.0f} + {kinds['PHEV']:,.0f})",
        }
        for (economy, vehicle_class, year), kinds in sold.items()
        if vehicle_class in FOUR_WHEELS and {"BEV", "PHEV"} <= set(kinds)
    ]


def _india(shared: Path) -> Rows:
    sold = {
        (row["vehicle_class"], row["year"]): float(row["sales"])
        for row in read(shared / "data", "ev_sales.csv")
        if row["source_id"] == "S03" and row["sales"]
    }
    rows = []
    for year in map(str, VAHAN_YEARS):
        three, two = sold["3_wheeler", year], sold["2_wheeler", year]
        note = (
            f"DERIVED: VAHAN {three:,.0f} / ({three:,.0f} + {two:,.0f}); unregistered vehicles are not in it"
        )
        rows.append(
            {
                "region": "IND",
                "share_of": "three_wheeler",
                "year": int(year),
                "value": three / (two + three),
                "unit": "fraction",
                "source": VAHAN,
                "licence": UNKNOWN_LICENCE,
                "grade": "B",
                "note": note,
            }
        )
    return rows
