"""What period a national figure covers, read from its note: a part of a year is not an annual value."""

from __future__ import annotations

import re
from typing import Any

from given import Given

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
NAMES = "|".join(MONTHS)
PART = re.compile(rf"({NAMES})-({NAMES}) 20\d\d")
UNTIL = re.compile(rf"\bto (?:about )?(?:end )?(?:\d+ )?({NAMES})\b")
FISCAL_MONTHS = re.compile(r"FY\d{4}/\d\d, (?:first )?(\d+) months")
FISCAL = re.compile(r"fiscal year|FY\d{4}/\d\d")
AS_OF = re.compile(rf"\b(?:\d+ )?({NAMES})(?: 20\d\d)?\b")
EARLY = re.compile(r"mid-20|first quarter|spring|early 20")
UNCLEAR = re.compile(r"part of|batch|cleared by|window not clear")
PARTIAL = re.compile(
    r"only of|Leaf only|Dushanbe only|VinFast|Gogoro|e-taxis|CAMPI-TMA members|pilot batch|MAA members"
    r"|conflicts with 79 taxis|e-rickshaws, FADA|for public transport",
    re.IGNORECASE,
)
CUMULATIVE = re.compile(r"cumulative|over five years|in two years|type-test|sum over states", re.IGNORECASE)

# Rows whose note only a reader understands: (economy, year, measure, value) -> basis. Armenia's 3,486 equal
# the ministry's 2017 to 2021 plus January to June 2022.
READ_BY_HAND = {
    ("BGD", "2023", "registrations", "10"): "cumulative",
    ("ARM", "2022", "imports", "3486"): "cumulative",
    ("KAZ", "2026", "stock", "21000"): "within_year",
}


def of_sales(given: Given) -> dict[str, Any]:
    """basis and months of a yearly count."""
    note, clause = given["note"], given["note"].split(";")[0]
    if basis := _by_hand(given):
        return {"basis": basis}
    if PARTIAL.search(note):
        return {"basis": "partial"}
    if CUMULATIVE.search(clause):
        return {"basis": "cumulative"}
    if (months := _months(note)) is not None:
        return {"basis": "part_year", "months": months}
    if FISCAL.search(note):
        return {"basis": "fiscal_year", "months": 12}
    if UNCLEAR.search(note):
        return {"basis": "part_year"}
    return {"basis": "annual", "months": 12}


def of_stock(given: Given) -> str:
    """basis of a stock, from note, class and publisher."""
    clause = given["note"].split(";")[0]
    if basis := _by_hand(given):
        return basis
    if PARTIAL.search(given["note"]) or (given["vehicle_class"] == "taxi" and given["iso3"] != "SGP"):
        return "partial"
    if CUMULATIVE.search(clause) or "type-registered" in given["publisher"]:
        return "cumulative"
    if EARLY.search(clause):
        return "within_year"
    found = AS_OF.search(clause)
    early = found and MONTHS.index(found[1]) < 11 and found[0] != "1 January 2026"
    return "within_year" if early else "year_end"


def of_trade(given: Given) -> dict[str, Any]:
    """basis and months of a flow between two economies."""
    note = given["note"]
    if " only" in note:
        return {"basis": "part_year", "months": 1}
    if "2016-19" in note or re.search(r"\d{4}-\d{4}", note):
        return {"basis": "cumulative"}
    return of_sales(given)


def _months(note: str) -> int | None:
    """Months covered where the note names a part of a year; None for a whole one."""
    if found := FISCAL_MONTHS.search(note):
        return int(found[1])
    if found := PART.search(note):
        return MONTHS.index(found[2]) - MONTHS.index(found[1]) + 1
    if "first quarter" in note:
        return 3
    if found := UNTIL.search(note):
        return MONTHS.index(found[1]) + (0 if "to 1 " in found[0] else 1)
    return None


def _by_hand(given: Given) -> str:
    row = (given.get("iso3", ""), given["year"], given.get("measure", ""), given.get("value", ""))
    return READ_BY_HAND.get(row, "")
