"""Chinese e-bikes, which IEA leaves out: the association's counts less what IEA may count as well.

Does a count include the e-mopeds and e-motorcycles that IEA counts? The association's does not as far as can
be seen: its 41 million of 2020 and IEA's 8 million add up to the 48 million of trade reports, which do.
"Exceeded 30 million" is a floor and no count: at most grade C.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cited import page
from given import Given, number, read
from sources import Register

Rows = list[dict[str, Any]]
TWO_WHEELER_SHARE = 0.96
COUNTS_ALL = ("batteryswapstation.com (trade blog)",)
CHINA_IEA = {
    "iso3": "CHN",
    "vehicle_class": "2_3_wheeler",
    "powertrain": "BEV",
    "edition": "2025",
    "category": "historical",
}


def rows(shared: Path, register: Register) -> tuple[Rows, Rows]:
    """Rows of ev_sales and ev_stock for Chinese e-bikes from tw_packs.csv."""
    iea = {
        (row["year"], measure): number(row[measure]) or 0.0
        for row in read(shared / "data", "ev_sales.csv")
        for measure in ("sales", "stock")
        if all(row[name] == wanted for name, wanted in CHINA_IEA.items())
    }
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
    """The printed count, and what is left of it without IEA's two-wheelers."""
    printed = float(given["value"])
    rest = printed - counted_by_iea * TWO_WHEELER_SHARE
    value, how = (rest, "value and low take") if given["publisher"] in COUNTS_ALL else (printed, "low takes")
    overlap = f"IEA's {counted_by_iea / 1e6:g} million two- and three-wheelers x {TWO_WHEELER_SHARE}"
    cited = page(given, register, "vehicle")
    return {
        "economy": "CHN",
        "vehicle_class": "e_bike",
        "powertrain": "BEV",
        "year": int(given["year"]),
        "value": value,
        "low": rest,
        "high": printed,
        **cited,
        "grade": max("C", cited["grade"]) if "exceeded" in given["note"] else cited["grade"],
        "note": f"printed {printed / 1e6:g} million ({given['note']}); {how} out {overlap}, maybe in it",
    }
