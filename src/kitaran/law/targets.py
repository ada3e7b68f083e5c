"""Targets of producer responsibility and recycled content as dated data, with the arithmetic of each law.

India counts by dry weight of the battery: recovered mass over mass taken in, and domestically recycled
material over the material of new batteries. The European Union counts element by element: recovered over
contained, and recycled over all of the element in the active material; recycling efficiency is by mass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kitaran.foundation.errors import InputError
from kitaran.law import tables
from kitaran.law.records import FIRST_DAY, LAST_DAY

DRY_WEIGHT, ELEMENT = "dry weight of the battery", "element"


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


def targets(cc: str, day: str, metric: str = "") -> tuple[Target, ...]:
    """The targets of a jurisdiction in force on a day, of all metrics or of those that name a word."""
    return tuple(
        row
        for row in _targets()
        if row.cc == cc and row.valid_from <= day <= row.valid_to and metric in row.metric
    )


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
    return max(0.0, target.share * of_kg - reached_kg)


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
    )
