"""National figures of electric vehicles: registrations, imports, stocks, mostly seen in the press."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from given import Given, number, read
from sources import UNKNOWN_LICENCE, VAHAN, Register, Source, grade_of
from vocabulary import VEHICLE_CLASS

Rows = list[dict[str, Any]]
MONTH = {name: place for place, name in enumerate(
    "January February March April May June July August September October November December".split(), 1)}  # fmt: skip
NAMES = "|".join(MONTH)
PART = re.compile(rf"({NAMES})-({NAMES}) 20\d\d")
UNTIL = re.compile(rf"\bto (?:about )?(?:end |mid-)?(?:\d+ )?({NAMES})\b")
FISCAL_MONTHS = re.compile(r"FY\d{4}/\d\d, (\d+) months")
FISCAL = re.compile(r"fiscal year|FY\d{4}/\d\d")
AS_OF = re.compile(rf"\b(?:\d+ )?({NAMES})(?: 20\d\d)?\b")
PARTIAL = re.compile(
    r"only of|Leaf only|Dushanbe only|VinFast|Gogoro|Prius only|e-taxis|CAMPI-TMA members|pilot batch|MAA members"
    r"|conflicts with 79 taxis|e-rickshaws, FADA|for public transport", re.I)  # fmt: skip
CUMULATIVE = re.compile(
    r"cumulative|over five years|in two years|type-test|sum over states", re.I
)
SPLITTABLE = ("BEV", "PHEV")

# Rows whose note only a reader understands: (economy, year, measure, value as given) -> basis.
READ_BY_HAND = {
    ("BGD", "2023", "registrations", "10"): "cumulative",
    ("ARM", "2022", "imports", "3486"): "cumulative",  # equals 2017-2021 plus January-June 2022 of the ministry
    ("KAZ", "2026", "stock", "21000"): "within_year",
}


def rows(shared: Path, register: Register) -> tuple[Rows, Rows]:
    """Rows of ev_sales and ev_stock. Undated rows and counts that lump hybrids with plug-ins are left out."""
    sales: Rows = []
    stock: Rows = []
    for given in read(shared / "data", "ev_national.csv"):
        if given["powertrain"] not in SPLITTABLE or not given["year"]:
            continue
        fact = _fact(given, register)
        if given["measure"] == "stock":
            stock.append({**fact, "basis": _stock_basis(given)})
        else:
            sales.append({**fact, "measure": given["measure"], **period(given)})
    return list(merged(sales)), list(merged(stock))


def earlier(shared: Path, register: Register) -> tuple[Rows, Rows]:
    """National rows of ev_sales.csv: India's VAHAN, Nepal's customs and registrations, Bangladesh's easy bikes."""
    sources = _register_earlier(register)
    sales: Rows = []
    stock: Rows = []
    for row in read(shared / "data", "ev_sales.csv"):
        if row["edition"] != "national":
            continue
        source, grade = sources[row["source_id"]]
        fact = {
            "economy": row["iso3"], "vehicle_class": VEHICLE_CLASS[row["vehicle_class"]], "powertrain": "BEV",
            "year": int(row["year"]), "unit": "vehicle", "source": source, "licence": UNKNOWN_LICENCE,
            "grade": grade, "note": row["note"],
        }  # fmt: skip
        if row["sales"]:
            sales.append({**fact, "value": number(row["sales"]), **_earlier_period(row)})
        if row["stock"]:
            basis = "within_year" if "mid-Nov" in row["note"] else "year_end"
            stock.append({**fact, "value": number(row["stock"]), "basis": basis})
    return sales, stock


def _fact(given: Given, register: Register) -> dict[str, Any]:
    source = register.cite(given)
    value, low, high = number(given["value"]), number(given["low"]), number(given["high"])
    return {
        "economy": given["iso3"], "vehicle_class": VEHICLE_CLASS[given["vehicle_class"]],
        "powertrain": given["powertrain"], "year": int(given["year"]), "value": value, "low": low, "high": high,
        "unit": "vehicle", "source": source, "licence": UNKNOWN_LICENCE, "grade": grade_of(given, register),
        "note": "; ".join(filter(None, (given["note"], given["chemistry_hint"]))),
        "part": given["vehicle_class"],
    }  # fmt: skip


def period(given: Given) -> dict[str, Any]:
    """basis and months of a yearly count, read from the note."""
    note, clause = given["note"], given["note"].split(";")[0]
    if basis := _by_hand(given):
        return {"basis": basis}
    if PARTIAL.search(note):
        return {"basis": "partial"}
    if CUMULATIVE.search(clause):
        return {"basis": "cumulative"}
    if found := FISCAL_MONTHS.search(note):
        return {"basis": "part_year", "months": int(found[1])}
    if FISCAL.search(note):
        return {"basis": "fiscal_year", "months": 12}
    if found := PART.search(note):
        return {"basis": "part_year", "months": MONTH[found[2]] - MONTH[found[1]] + 1}
    if "first quarter" in note:
        return {"basis": "part_year", "months": 3}
    if found := UNTIL.search(note):
        return {"basis": "part_year", "months": MONTH[found[1]] - (1 if found[0].endswith(("1 December",)) else 0)}
    if "part of" in note or "batch" in note or "cleared by" in note or "window not clear" in note:
        return {"basis": "part_year"}
    return {"basis": "annual", "months": 12}


def _stock_basis(given: Given) -> str:
    """basis of a stock, read from note and publisher."""
    clause = given["note"].split(";")[0]
    if basis := _by_hand(given):
        return basis
    if PARTIAL.search(given["note"]) or (given["vehicle_class"] == "taxi" and given["iso3"] != "SGP"):
        return "partial"
    if CUMULATIVE.search(clause) or "type-registered" in given["publisher"]:
        return "cumulative"
    if re.search(r"mid-20|first quarter|spring|early 20", clause):
        return "within_year"
    found = AS_OF.search(clause)
    return "within_year" if found and MONTH[found[1]] < 12 and found[0] != "1 January 2026" else "year_end"


def _by_hand(given: Given) -> str:
    return READ_BY_HAND.get((given.get("iso3", ""), given["year"], given.get("measure", ""), given.get("value", "")), "")


def merged(rows: Rows) -> Iterator[dict[str, Any]]:
    """One row a key and source: parts of a class are added up, of several dates the last one is kept."""
    groups: dict[tuple[Any, ...], Rows] = {}
    for row in rows:
        names = ("economy", "vehicle_class", "powertrain", "year", "basis", "source")
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    for group in groups.values():
        parts = [row.pop("part") for row in group]
        if len(group) == 1:
            yield group[0]
        elif len(set(parts)) == len(group) or any("assembled" in r["note"] or "RICKSHAW" in r["note"] for r in group):
            yield _summed(group, parts)
        else:
            others = ", ".join(f"{row['value']:,.0f} ({row['note'] or 'no date'})" for row in group[:-1])
            yield {**group[-1], "note": f"{group[-1]['note']}; the same source also prints {others}"}


def _summed(group: Rows, parts: list[str]) -> dict[str, Any]:
    terms = " + ".join(f"{part} {row['value']:,.0f}" for part, row in zip(parts, group, strict=True))
    notes = dict.fromkeys(row["note"] for row in group if row["note"])
    total = sum(row["value"] for row in group)
    return {**group[0], "value": total, "low": None, "high": None, "note": f"DERIVED: {terms}; {'; '.join(notes)}"}


def _earlier_period(row: Given) -> dict[str, Any]:
    if "part year" in row["note"]:
        return {"basis": "part_year", "measure": "registrations"}
    if row["iso3"] == "NPL":
        return {"basis": "fiscal_year", "months": 12, "measure": "imports"}
    return {"basis": "annual", "months": 12, "measure": "registrations"}


def _register_earlier(register: Register) -> dict[str, tuple[str, str]]:
    """Source id and grade by source_id of the given file."""
    customs = Source("Electric vehicle imports, fiscal years 2020/21 to 2023/24 (press reports)",
        "Department of Customs, Nepal, in Fiscal Nepal and Xinhua", "press",
        "http://en.people.cn/n3/2024/1223/c90000-20257318.html", UNKNOWN_LICENCE, "primary", "2024",
        "The two outlets differ for 2021/22: 1,800 and 1,805.")  # fmt: skip
    return {
        "S03": (register.name(VAHAN, Source(
            "VAHAN registrations of electric vehicles by state and class, 2014 to early 2024",
            "Ministry of Road Transport and Highways, India (copy on Kaggle)", "official",
            "https://github.com/salil-panwar/india_ev_sales_project_salil", UNKNOWN_LICENCE, "secondary", "2024",
            "Copy in a public repository; Telangana is absent from VAHAN; 2024 is a part year.")), "B"),
        "S04": (register.name("nepal-customs-2024", customs), "B"),
        "S05": (register.name("nepal-dotm-2022", Source(
            "Registered electric vehicles by class to mid-November 2022",
            "Department of Transport Management, Nepal, in nepalinfrastructure.com", "press",
            "https://nepalinfrastructure.com/9203", UNKNOWN_LICENCE, "primary", "2022",
            "Classes add up to 26,541, the headline says 26,463.")), "B"),
        "S06": (register.name("rahimafrooz-easy-bikes-2017", Source(
            "Easy bikes in Bangladesh, study by Asia Foundation and Rahimafrooz", "The Business Standard (copy)",
            "mirror", "https://www.tbsnews.net", UNKNOWN_LICENCE, "secondary", "2017",
            "Seen in a copy of the press report.")), "D"),
        "S07": (register.name("clean-easy-bikes-2024", Source(
            "Easy bikes: key findings, May 2024", "CLEAN and BWGED (NGO study)", "publisher",
            "https://bwged.blogspot.com", UNKNOWN_LICENCE, "primary", "2024",
            "Low estimate; its 4,905 GWh a year agree with 9.6 kWh a day each.")), "C"),
        "S08": (register.name("daily-star-battery-rickshaws-2024", Source(
            "Battery rickshaws and easy bikes, September 2024", "The Daily Star", "press",
            "https://www.thedailystar.net", UNKNOWN_LICENCE, "primary", "2024", "High estimate.")), "C"),
    }  # fmt: skip
