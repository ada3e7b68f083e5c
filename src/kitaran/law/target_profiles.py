"""Targets side by side: which family each jurisdiction has, since when, and its gaps to the front-runner.

A family is what a law counts: collection, a recycling rate, recycling efficiency, recovery of materials,
recycled content. A row without a number (a duty in words, or "no target found") is shown and never counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from kitaran.foundation.errors import NotFoundError
from kitaran.law import tables, targets
from kitaran.law.book import packaged_book

FAMILIES = ("collection", "recycling_rate", "recycling_efficiency", "material_recovery", "recycled_content")
_FAMILY_OF_WORD = {
    "recycling efficiency": "recycling_efficiency",
    "recycling rate": "recycling_rate",
    "recycled": "recycled_content",
    "recovery": "material_recovery",
    "collection": "collection",
}
DRAFT, IN_FORCE, LATER, ENDED = "draft", "in_force", "later", "ended"
# of which mass the share is asked, and which mass is counted towards it
FORMULAS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("collection", "mass"): ("batteries placed on the market", "waste batteries collected"),
    ("recycling_rate", "mass"): ("batteries placed on the market", "batteries recycled"),
    ("recycling_efficiency", "mass"): (
        "waste batteries that enter recycling",
        "output that counts as recycled",
    ),
    ("material_recovery", "dry weight"): (
        "dry weight of the batteries taken in",
        "dry weight of materials recovered",
    ),
    ("material_recovery", "element"): ("the element in the batteries treated", "the element recovered"),
    ("recycled_content", "dry weight"): (
        "dry weight of new batteries",
        "dry weight of recycled material in them",
    ),
    ("recycled_content", "element"): (
        "the element in the active materials of new batteries (lead: in the battery)",
        "the element in them that was recovered from waste",
    ),
}


@dataclass(frozen=True)
class TargetRow:
    """One row of the table. share is None where the law names no number; told is the cell as written.

    basis : "mass", "dry weight" or "element"; reaches_vehicles: does it reach traction batteries?
    """

    id: str
    cc: str
    instrument: str
    battery_class: str
    metric: str
    family: str
    basis: str
    element: str
    share: float | None
    told: str
    valid_from: str
    valid_to: str
    status: str
    source: str
    seen: str
    confidence: str
    note: str

    @property
    def reaches_vehicles(self) -> bool:
        return reaches_vehicles(self.battery_class)

    def state(self, day: str) -> str:
        """draft, or in force, later or ended on a day."""
        if "draft" in self.status.lower():
            return DRAFT
        if self.valid_from > day:
            return LATER
        return ENDED if self.valid_to and self.valid_to < day else IN_FORCE

    def required_kg(self, of_kg: float) -> float:
        """Mass that the law asks for: share x of [kg]. Raises NotFoundError if the law names no number."""
        if self.share is None:
            raise NotFoundError("This law names no number.", self.id, "Choose a target with a share.")
        return self.share * of_kg

    def shortfall_kg(self, reached_kg: float, of_kg: float) -> float:
        """Mass that lacks to the target [kg], by `targets.shortfall_kg`."""
        self.required_kg(of_kg)
        return targets.shortfall_kg(_target(self), reached_kg, of_kg)

    def formula(self) -> tuple[str, str] | None:
        """Of which mass the share is asked, and which mass counts; None if it is not counted."""
        return FORMULAS.get((self.family, self.basis))

    def as_dict(self) -> dict[str, Any]:
        formula = self.formula()
        return {
            **asdict(self),
            "reaches_vehicles": self.reaches_vehicles,
            "share_of": formula[0] if formula and self.share is not None else "",
            "counted": formula[1] if formula and self.share is not None else "",
        }


@dataclass(frozen=True)
class TargetProfile:
    """A jurisdiction's targets, per family the first day of what it has, and its gaps to the front-runner."""

    cc: str
    name: str
    rows: tuple[TargetRow, ...]
    has: Mapping[str, str]
    gaps: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "jurisdiction": self.cc,
            "name": self.name,
            "has": dict(self.has),
            "gaps": list(self.gaps),
            "targets": [row.as_dict() for row in self.rows],
        }


def reaches_vehicles(battery_class: str) -> bool:
    """Does a class of a target take in traction batteries of lithium? Told from the words of the table."""
    words = battery_class.lower()
    if "not ev" in words:
        return False
    return words == "all" or bool(re.search(r"\bev\b|\blmt\b|traction|^lithium|^accumulators", words))


@lru_cache(maxsize=1)
def rows() -> tuple[TargetRow, ...]:
    """Every row of the table of targets, in its order."""
    return tuple(_row(row) for row in tables.packaged_rows("epr_targets.csv"))


@lru_cache(maxsize=1)
def profiles() -> tuple[TargetProfile, ...]:
    """Every jurisdiction of the table, fewest gaps first."""
    codes = tuple(dict.fromkeys(row.cc for row in rows()))
    has = {cc: _has(row for row in rows() if row.cc == cc) for cc in codes}
    front = max(codes, key=lambda cc: len(has[cc]))
    made = [
        TargetProfile(
            cc,
            packaged_book().country_name(cc),
            tuple(row for row in rows() if row.cc == cc),
            has[cc],
            tuple(family for family in FAMILIES if family in has[front] and family not in has[cc]),
        )
        for cc in codes
    ]
    return tuple(sorted(made, key=lambda profile: (-len(profile.has), len(profile.gaps), profile.name)))


def profile(cc: str) -> TargetProfile:
    """The targets of one jurisdiction. Raises NotFoundError with the known ones."""
    for one in profiles():
        if one.cc == cc.upper():
            return one
    known = ", ".join(sorted(one.cc for one in profiles()))
    raise NotFoundError(f"No target of {cc!r} was looked for.", "JURISDICTION", f"Known: {known}.")


def _has(of: Iterable[TargetRow]) -> dict[str, str]:
    """Families with a number in law for traction batteries, each with its first day."""
    found: dict[str, str] = {}
    for row in of:
        if row.share is not None and row.family and row.reaches_vehicles and row.state("") != DRAFT:
            found[row.family] = min(found.get(row.family, row.valid_from), row.valid_from)
    return found


def _row(row: Mapping[str, str]) -> TargetRow:
    metric = row["metric"]
    element = next(iter(re.findall(r"\b(Co|Cu|Li|Ni|Pb)$", metric)), "")
    numeric = row["unit"].startswith("%") and bool(re.fullmatch(r"\d+(\.\d+)?", row["value"]))
    unit = "" if row["unit"] in ("qualitative", "") else row["unit"]
    return TargetRow(
        id=_id(row),
        family=next((family for word, family in _FAMILY_OF_WORD.items() if word in metric), ""),
        basis="element" if element else "dry weight" if "dry weight" in metric else "mass",
        element=element,
        share=float(row["value"]) / 100 if numeric else None,
        told=f"{row['value']} {unit}".strip(),
        **{
            name: row[name]
            for name in ("cc", "instrument", "battery_class", "metric", "valid_from", "valid_to")
        },
        **{name: row[name] for name in ("status", "source", "seen", "confidence", "note")},
    )


def _id(row: Mapping[str, str]) -> str:
    parts = (row["cc"], row["metric"], row["battery_class"], row["valid_from"])
    return "-".join(re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") for part in parts if part).lower()


def _target(row: TargetRow) -> targets.Target:
    """The same row as the module of targets knows it."""
    found = targets.targets(row.cc, row.valid_from, row.metric, drafts=True)
    return next(
        one for one in found if (one.battery_class, one.valid_from) == (row.battery_class, row.valid_from)
    )
