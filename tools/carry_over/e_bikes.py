"""Chinese e-bikes, which IEA leaves out: the association's counts less what IEA may count as well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from given import Given, number, read
from sources import UNKNOWN_LICENCE, Register, grade_of

Rows = list[dict[str, Any]]
TWO_WHEELER_SHARE = 0.96
# Does the count include e-mopeds and e-motorcycles, which IEA counts? The association's does not as far as can be
# seen (its 41 million of 2020 and IEA's 8 million add up to the 48 million of trade reports); those reports do.
COUNTS_ALL = ("batteryswapstation.com (trade blog)",)


def rows(shared: Path, register: Register) -> tuple[Rows, Rows]:
    """Rows of ev_sales and ev_stock for Chinese e-bikes from tw_packs.csv."""
    iea = {(row["year"], kind): number(row[kind]) or 0.0
           for row in read(shared / "data", "ev_sales.csv") for kind in ("sales", "stock")
           if (row["iso3"], row["vehicle_class"], row["powertrain"], row["edition"], row["category"])
           == ("CHN", "2_3_wheeler", "BEV", "2025", "historical")}  # fmt: skip
    sales: Rows = []
    stock: Rows = []
    for given in read(shared / "data", "tw_packs.csv"):
        if (given["iso3"], given["vehicle_class"]) != ("CHN", "e_bike"):
            continue
        if given["parameter"] == "annual_sales":
            fact = _fact(given, iea[given["year"], "sales"], register)
            sales.append({**fact, "basis": "annual", "months": 12, "measure": "sales"})
        elif given["parameter"] == "stock":
            stock.append({**_fact(given, iea[given["year"], "stock"], register), "basis": "year_end"})
    return sales, stock


def _fact(given: Given, counted_by_iea: float, register: Register) -> dict[str, Any]:
    printed = float(given["value"])
    rest = printed - counted_by_iea * TWO_WHEELER_SHARE
    value, how = (rest, "value and low take") if given["publisher"] in COUNTS_ALL else (printed, "low takes")
    return {
        "economy": "CHN", "vehicle_class": "e_bike", "powertrain": "BEV", "year": int(given["year"]),
        "value": value, "low": rest, "high": printed, "unit": "vehicle", "source": register.cite(given),
        "licence": UNKNOWN_LICENCE, "grade": grade_of(given, register),
        "note": f"printed {printed / 1e6:g} million ({given['note']}); {how} out IEA's {counted_by_iea / 1e6:g} "
                f"million two- and three-wheelers x {TWO_WHEELER_SHARE}, which the count may hold too",
    }  # fmt: skip
