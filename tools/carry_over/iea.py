"""IEA Global EV Outlook: sales, stock, shares and projections; two editions, the newer one first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from given import Given, number, read
from vocabulary import IEA_AGGREGATE, VEHICLE_CLASS

Rows = list[dict[str, Any]]
PLUG_IN = ("BEV", "PHEV")
EDITION = {"2025": "iea-gevo-2025", "2024": "iea-gevo-2024"}
LICENCE = "CC BY 4.0 (IEA)"
ROUNDED = "rounded to two significant figures"
PATH = {"Historical": "historical", "Projection-STEPS": "STEPS", "Projection-APS": "APS"}
LAST_YEAR = 2024
BATTERY_REGION = {
    "World": "WORLD",
    "China": "CHN",
    "India": "IND",
    "USA": "USA",
    "Europe": "EUROPE",
    "Rest of the world": "REST_OF_WORLD",
}


def history(shared: Path) -> tuple[Rows, Rows]:
    """Rows of ev_sales and ev_stock; of the 2024 edition only what differs from 2025 or is missing there."""
    given = [row for row in _plug_in(shared) if row["category"] == "historical" and row["iso3"]]
    newer = {_key(row): row for row in given if row["edition"] == "2025"}
    sales: Rows = []
    stock: Rows = []
    for row in given:
        kept = {
            measure: figure
            for measure in ("sales", "stock")
            if (figure := number(row[measure])) is not None
            and (row["edition"] == "2025" or newer.get(_key(row), {}).get(measure) != row[measure])
        }
        if "sales" in kept:
            sold = {"basis": "annual", "months": 12, "measure": "sales"}
            sales.append({**_fleet(row), "value": kept["sales"], **sold})
        if "stock" in kept:
            stock.append({**_fleet(row), "value": kept["stock"], "basis": "year_end"})
    return sales, stock


def projections(shared: Path) -> Rows:
    """Sales on IEA's STEPS and APS paths after the last year of history."""
    return [
        {**_fleet(row), "value": number(row["sales"]), "path": row["category"]}
        for row in _plug_in(shared)
        if row["category"] in ("STEPS", "APS") and int(row["year"]) > LAST_YEAR and row["sales"]
    ]


def battery_demand(shared: Path) -> Rows:
    """Energy of batteries put into new vehicles, the classes summed, of the 2025 edition."""
    summed: dict[tuple[str, int, str], float] = {}
    for row in read(shared / "data", "ev_indicators.csv"):
        region = BATTERY_REGION.get(row["region"], "")
        path, year = PATH.get(row["category"], ""), int(row["year"])
        if row["indicator"] != "Battery demand" or row["edition"] != "2025" or not region:
            continue
        if path == "historical" or (path == "STEPS" and year > LAST_YEAR):
            summed[region, year, path] = summed.get((region, year, path), 0.0) + float(row["value"])
    cited = {"source": EDITION["2025"], "licence": LICENCE, "grade": "B"}
    return [
        {"region": region, "application": "vehicles", "year": year, "path": path, "value": round(value, 3)}
        | {"unit": "GWh", "note": "DERIVED: sum of five classes, each rounded to two significant figures"}
        | cited
        for (region, year, path), value in summed.items()
    ]


def shares(shared: Path, indicator: str) -> Rows:
    """EV sales share or EV stock share as fractions; the 2025 edition, else the 2024 edition."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in sorted(read(shared / "data", "ev_indicators.csv"), key=lambda row: row["edition"]):
        region = row["iso3"] or IEA_AGGREGATE.get(row["region"], "")
        path = PATH.get(row["category"], row["category"])
        if row["indicator"] != indicator or not region or row["powertrain"] != "EV":
            continue
        if path != "historical" and int(row["year"]) <= LAST_YEAR:
            continue
        vehicle_class = VEHICLE_CLASS[row["vehicle_class"]]
        found[region, vehicle_class, row["year"], path] = {
            "economy": region,
            "vehicle_class": vehicle_class,
            "year": int(row["year"]),
            "path": path,
            "value": float(row["value"]) / 100,
            "unit": "fraction",
            **_cited(row),
        }
    return list(found.values())


def _plug_in(shared: Path) -> Iterator[Given]:
    """Rows of both editions that count plug-in vehicles of an economy or of an aggregate that is kept."""
    for row in read(shared / "data", "ev_sales.csv"):
        kept = row["iso3"] or row["region"] in IEA_AGGREGATE
        if row["edition"] in EDITION and row["powertrain"] in PLUG_IN and kept:
            yield row


def _key(row: Given) -> tuple[str, str, str, str]:
    return row["iso3"], row["vehicle_class"], row["powertrain"], row["year"]


def _fleet(row: Given) -> dict[str, Any]:
    return {
        "economy": row["iso3"] or IEA_AGGREGATE[row["region"]],
        "vehicle_class": VEHICLE_CLASS[row["vehicle_class"]],
        "powertrain": row["powertrain"],
        "year": int(row["year"]),
        "unit": "vehicle",
        **_cited(row),
    }


def _cited(row: Given) -> dict[str, Any]:
    return {
        "edition": row["edition"],
        "source": EDITION[row["edition"]],
        "licence": LICENCE,
        "grade": "B",
        "note": ROUNDED,
    }
