"""IEA Global EV Outlook: sales, stock, shares and projections; two editions, the newer one first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from given import Given, number, read
from sources import Register, Source
from vocabulary import IEA_AGGREGATE, VEHICLE_CLASS

Rows = list[dict[str, Any]]
PLUG_IN = ("BEV", "PHEV")
LICENCE = "CC BY 4.0 (IEA)"
ROUNDED = "rounded to two significant figures"


def register_editions(register: Register) -> dict[str, str]:
    """Source ids of the two editions."""
    known = "Copy in a public repository, checked against nothing else; rounded to two significant figures."
    return {
        "2025": register.name("iea-gevo-2025", Source(
            "Global EV Outlook 2025, Global EV Data Explorer", "International Energy Agency", "official",
            "https://www.iea.org/data-and-statistics/data-tools/global-ev-data-explorer", LICENCE, "secondary",
            "2025", known + " Stock does not close with sales.")),
        "2024": register.name("iea-gevo-2024", Source(
            "Global EV Outlook 2024, Global EV Data Explorer", "International Energy Agency", "official",
            "https://www.iea.org/data-and-statistics/data-tools/global-ev-data-explorer", LICENCE, "secondary",
            "2024", known + " No two- and three-wheelers.")),
    }  # fmt: skip


def history(shared: Path, register: Register) -> tuple[Rows, Rows]:
    """Rows of ev_sales and ev_stock; of the 2024 edition only what differs from 2025 or is missing there."""
    sources = register_editions(register)
    given = [row for row in _plug_in(shared) if row["category"] == "historical" and row["iso3"]]
    given = [row for row in given if row["edition"] in sources]
    newer = {_key(row): row for row in given if row["edition"] == "2025"}
    sales: Rows = []
    stock: Rows = []
    for row in given:
        for measure, rows in (("sales", sales), ("stock", stock)):
            figure = number(row[measure])
            latest = newer.get(_key(row), {}).get(measure)
            if figure is None or (row["edition"] == "2024" and latest == row[measure]):
                continue
            fact = {**_fleet(row, sources), "value": figure, "unit": "vehicle", "note": ROUNDED}
            if measure == "sales":
                rows.append({**fact, "basis": "annual", "months": 12, "measure": "sales"})
            else:
                rows.append({**fact, "basis": "year_end"})
    return sales, stock


def projections(shared: Path, register: Register) -> Rows:
    """Sales on IEA's STEPS and APS paths after 2024; a newer edition replaces the older one's year."""
    sources = register_editions(register)
    rows = []
    for row in _plug_in(shared):
        ahead = row["category"] in ("STEPS", "APS") and int(row["year"]) > 2024
        if ahead and row["sales"] and row["region"] != "Asia Pacific":
            fact = {**_fleet(row, sources), "value": number(row["sales"]), "unit": "vehicle"}
            rows.append({**fact, "path": row["category"], "note": ROUNDED})
    return rows


def shares(shared: Path, register: Register, indicator: str) -> Rows:
    """EV sales share or EV stock share as fractions; the 2025 edition, else the 2024 edition."""
    sources = register_editions(register)
    paths = {"Historical": "historical", "Projection-STEPS": "STEPS", "Projection-APS": "APS"}
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in sorted(read(shared / "data", "ev_indicators.csv"), key=lambda row: row["edition"]):
        region = row["iso3"] or IEA_AGGREGATE.get(row["region"], "")
        path = paths.get(row["category"], row["category"])
        if row["indicator"] != indicator or not region or row["powertrain"] != "EV":
            continue
        if path != "historical" and int(row["year"]) <= 2024:
            continue
        vehicle_class = VEHICLE_CLASS[row["vehicle_class"]]
        found[region, vehicle_class, row["year"], path] = {
            "economy": region, "vehicle_class": vehicle_class, "year": int(row["year"]), "path": path,
            "edition": row["edition"], "value": float(row["value"]) / 100, "unit": "fraction",
            "source": sources[row["edition"]], "licence": LICENCE, "grade": "B", "note": ROUNDED,
        }  # fmt: skip
    return list(found.values())


def _plug_in(shared: Path) -> Iterator[Given]:
    for row in read(shared / "data", "ev_sales.csv"):
        if row["powertrain"] in PLUG_IN:
            yield row


def _key(row: Given) -> tuple[str, str, str, str]:
    return row["iso3"], row["vehicle_class"], row["powertrain"], row["year"]


def _fleet(row: Given, sources: dict[str, str]) -> dict[str, Any]:
    return {
        "economy": row["iso3"] or IEA_AGGREGATE[row["region"]], "year": int(row["year"]),
        "vehicle_class": VEHICLE_CLASS[row["vehicle_class"]], "powertrain": row["powertrain"],
        "edition": row["edition"], "source": sources[row["edition"]], "licence": LICENCE, "grade": "B",
    }  # fmt: skip
