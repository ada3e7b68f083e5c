"""National figures of electric vehicles: registrations, imports, stocks, mostly seen in the press."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import periods
from cited import page
from given import Given, number, read
from sources import UNKNOWN_LICENCE, VAHAN, Register
from vocabulary import VEHICLE_CLASS

Rows = list[dict[str, Any]]
PLUG_IN = ("BEV", "PHEV")

# source_id of the given ev_sales.csv -> source, grade
EARLIER = {
    "S03": (VAHAN, "B"),
    "S04": ("nepal-customs-2024", "B"),
    "S05": ("nepal-dotm-2022", "B"),
    "S06": ("rahimafrooz-easy-bikes-2017", "D"),
    "S07": ("clean-easy-bikes-2024", "C"),
    "S08": ("daily-star-battery-rickshaws-2024", "C"),
}


def rows(shared: Path, register: Register) -> tuple[Rows, Rows]:
    """Rows of ev_sales and ev_stock. Undated rows and counts that lump hybrids with plug-ins are left out."""
    sales: Rows = []
    stock: Rows = []
    for given in read(shared / "data", "ev_national.csv"):
        if given["powertrain"] not in PLUG_IN or not given["year"]:
            continue
        fact = {
            "economy": given["iso3"],
            "vehicle_class": VEHICLE_CLASS[given["vehicle_class"]],
            "powertrain": given["powertrain"],
            "year": int(given["year"]),
            **{name: number(given[name]) for name in ("value", "low", "high")},
            **page(given, register, "vehicle"),
            "note": "; ".join(filter(None, (given["note"], given["chemistry_hint"]))),
            "part": given["vehicle_class"],
        }
        if given["measure"] == "stock":
            stock.append({**fact, "basis": periods.of_stock(given)})
        else:
            sales.append({**fact, "measure": given["measure"], **periods.of_sales(given)})
    return list(merged(sales)), list(merged(stock))


def earlier(shared: Path) -> tuple[Rows, Rows]:
    """National rows of ev_sales.csv: India's VAHAN, Nepal's customs and registers, Bangladesh's easy bikes.

    VAHAN's electric classes stand as BEV: plug-in hybrids are under 0.5 percent of India's count in IEA.
    """
    sales: Rows = []
    stock: Rows = []
    for row in read(shared / "data", "ev_sales.csv"):
        if row["edition"] != "national":
            continue
        source, grade = EARLIER[row["source_id"]]
        fact = {
            "economy": row["iso3"],
            "vehicle_class": VEHICLE_CLASS[row["vehicle_class"]],
            "powertrain": "BEV",
            "year": int(row["year"]),
            "unit": "vehicle",
            "source": source,
            "licence": UNKNOWN_LICENCE,
            "grade": grade,
            "note": row["note"],
        }
        if row["sales"]:
            sales.append({**fact, "value": number(row["sales"]), **_earlier_period(row)})
        if row["stock"]:
            basis = "within_year" if "mid-Nov" in row["note"] else "year_end"
            stock.append({**fact, "value": number(row["stock"]), "basis": basis})
    return sales, stock


def merged(rows: Rows) -> Iterator[dict[str, Any]]:
    """One row a key and source: parts of a class are added up, of several dates the last one is kept."""
    names = ("economy", "vehicle_class", "powertrain", "year", "basis", "source")
    groups: dict[tuple[Any, ...], Rows] = {}
    for row in rows:
        groups.setdefault(tuple(row.get(name) for name in names), []).append(row)
    for group in groups.values():
        parts = [row.pop("part") for row in group]
        listed = any("assembled" in row["note"] or "RICKSHAW" in row["note"] for row in group)
        if len(group) == 1:
            yield group[0]
        elif listed or len(set(parts)) == len(group):
            yield _summed(group, parts)
        else:
            others = ", ".join(f"{row['value']:,.0f} ({row['note'] or 'no date'})" for row in group[:-1])
            yield {**group[-1], "note": f"{group[-1]['note']}; the same source also prints {others}"}


def _summed(group: Rows, parts: list[str]) -> dict[str, Any]:
    terms = " + ".join(f"{part} {row['value']:,.0f}" for part, row in zip(parts, group, strict=True))
    notes = "; ".join(dict.fromkeys(row["note"] for row in group if row["note"]))
    total = sum(row["value"] for row in group)
    return {**group[0], "value": total, "low": None, "high": None, "note": f"DERIVED: {terms}; {notes}"}


def _earlier_period(row: Given) -> dict[str, Any]:
    if "part year" in row["note"]:
        return {"basis": "part_year", "measure": "registrations"}
    if row["iso3"] == "NPL":
        return {"basis": "fiscal_year", "months": 12, "measure": "imports"}
    return {"basis": "annual", "months": 12, "measure": "registrations"}
