"""Targets of producer responsibility and recycled content as dated data, with the arithmetic of each law.

India counts by dry weight of the battery: recovered mass over mass taken in, and domestically recycled
material over the material of new batteries. The European Union counts element by element: recovered over
contained, and recycled over all of the element in the active material (lead: in the battery); recycling
efficiency is by mass. Collection is asked of what was placed on the market.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kitaran.foundation.errors import InputError
from kitaran.law import tables
from kitaran.law.records import FIRST_DAY, LAST_DAY
from kitaran.reference import economies

DRY_WEIGHT, ELEMENT = "dry weight of the battery", "element"
DRAFT = "draft"


@dataclass(frozen=True)
class Target:
    """A share that a law asks for over a period. `element` is empty for a whole battery."""

    cc: str
    instrument: str
    battery_class: str
    metric: str
    element: str
    share: float
    basis: str
    valid_from: str
    valid_to: str
    status: str
    source: str
    seen: str
    confidence: str
    note: str = ""


@dataclass(frozen=True)
class YearOfTargets:
    """The targets of one jurisdiction in one of its years, from the first to the last day of it."""

    cc: str
    year: int
    first_day: str
    last_day: str
    targets: tuple[Target, ...]


def targets(cc: str, day: str, metric: str = "", drafts: bool = False) -> tuple[Target, ...]:
    """The targets of a jurisdiction in force on a day, of all metrics or of those that name a word.

    A draft is no law and is left out unless asked for.
    """
    return tuple(
        row
        for row in _targets()
        if row.cc == cc
        and row.valid_from <= day <= row.valid_to
        and metric in row.metric
        and (drafts or not is_draft(row))
    )


def in_year(cc: str, year: int) -> YearOfTargets:
    """The targets that hold on the last day of a jurisdiction's year, which names it by its first day.

    The year is the financial one where the table of economies knows it (India: 1 April to 31 March).
    """
    first, last = year_of(cc, year)
    return YearOfTargets(cc, year, first, last, targets(cc, last))


def over_years(cc: str, first: int, last: int) -> tuple[YearOfTargets, ...]:
    """A table of the targets of a jurisdiction, one row a year; InputError if they run backwards."""
    if last < first:
        raise InputError(f"{first} to {last} is no span.", "years", "Give the first year first.")
    return tuple(in_year(cc, year) for year in range(first, last + 1))


def year_of(cc: str, year: int) -> tuple[str, str]:
    """The first and the last day of a jurisdiction's year."""
    month = _first_months().get(cc, 1)
    if month == 1:
        return f"{year}-01-01", f"{year}-12-31"
    last_month = month - 1
    return f"{year}-{month:02}-01", f"{year + 1}-{last_month:02}-{_DAYS[last_month]}"


def is_draft(target: Target) -> bool:
    """Is this the text of a draft, and so no law yet?"""
    return DRAFT in target.status.lower()


def obligation_kg(target: Target, of_kg: float) -> float:
    """Mass that the law asks for: share x of [kg]. Raises InputError if the mass is negative."""
    if of_kg < 0:
        raise InputError(f"{of_kg} kg cannot be.", "obligation", "Give a mass on the basis of the target.")
    return target.share * of_kg


def shortfall_kg(target: Target, reached_kg: float, of_kg: float) -> float:
    """Mass that is missing to a target; 0 if it is met.

    reached_kg : recovered, recycled or collected mass on the target's basis [kg]
    of_kg      : mass on the same basis of which the share is asked [kg]
    returns    : max(0, share x of - reached) [kg]

    Raises InputError if a mass is negative or more is reached than there is.
    """
    if reached_kg < 0 or of_kg < 0 or reached_kg > of_kg:
        raise InputError(
            f"{reached_kg} of {of_kg} kg cannot be.", "shortfall", "Give masses on the basis of the target."
        )
    return max(0.0, obligation_kg(target, of_kg) - reached_kg)


_DAYS: Mapping[int, int] = {
    **dict.fromkeys((1, 3, 5, 7, 8, 10, 12), 31),
    **dict.fromkeys((4, 6, 9, 11), 30),
    2: 28,
}


@lru_cache(maxsize=1)
def _first_months() -> dict[str, int]:
    return {one.iso2: one.fiscal_year_start_month for one in economies() if one.fiscal_year_start_month}


@lru_cache(maxsize=1)
def _targets() -> tuple[Target, ...]:
    return tuple(_target(row) for row in tables.packaged_rows("epr_targets.csv") if _is_share(row))


def _is_share(row: dict[str, str]) -> bool:
    return row["unit"].startswith("%") and row["value"].replace(".", "", 1).isdigit()


def _target(row: dict[str, str]) -> Target:
    word = row["metric"].rpartition(" ")[2]
    element = word if re.fullmatch(r"Co|Cu|Li|Ni|Pb", word) else ""
    return Target(
        cc=row["cc"],
        instrument=row["instrument"],
        battery_class=row["battery_class"],
        metric=row["metric"],
        element=element,
        share=float(row["value"]) / 100,
        basis=f"{ELEMENT} {element}" if element else DRY_WEIGHT if "dry weight" in row["metric"] else "mass",
        valid_from=row["valid_from"] or FIRST_DAY,
        valid_to=row["valid_to"] or LAST_DAY,
        status=row["status"],
        source=row["source"],
        seen=row["seen"],
        confidence=row["confidence"],
        note=row["note"],
    )
