"""Attributes of the battery passport: the Commission's data points under our names, and who may read them.

Names, types, units and the paths in the published formats stand in own/passport_attribute_names.csv; wording,
point of the annex, static or dynamic and whom it applies to come from the given list of data points.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from writing import OWN

Rows = list[dict[str, Any]]
DATA_POINTS = "vectors/batterypass-ready-gefeg/vocab/ec-guidance-datapoints.json"
GUIDANCE = {"source": "ec-battery-passport-guidance-2026", "licence": "CC BY 4.0", "grade": "B"}
BESIDE = {
    "DIN DKE SPEC 99100": {"source": "battery-pass-1-2", "licence": "CC BY 4.0", "grade": "C"},
    "Catena-X 6.0.0": {"source": "catenax-battery-pass-6", "licence": "CC BY 4.0", "grade": "C"},
    "eco-design": {"source": "kitaran-assumption-2026", "licence": "CC BY 4.0", "grade": "D"},
}
EVERYONE = ("public", "legitimate_interest", "authority", "holder", "issuer", "movement_authority")
AUDIENCES = {
    "1": EVERYONE,
    "2": ("legitimate_interest", "authority", "holder", "issuer"),
    "3": ("authority", "issuer"),
    "4": ("legitimate_interest", "holder", "issuer"),
}
"""By point of Annex XIII, after Article 77(2) of Regulation (EU) 2023/1542."""
FOR_MOVEMENT = {49, 67}
"""Safety measures and status decide whether a battery may travel: our addition, see the decision record."""
NUMBER = 1
STATUS = {"notToBeFilled": "not_filled"}


def rows(shared: Path) -> Rows:
    """One row for each attribute, in the order of the data points."""
    given = json.loads((shared / DATA_POINTS).read_text(encoding="utf-8"))["dataPoints"]
    points = {one["nr"]: one for one in given}
    with (OWN / "passport_attribute_names.csv").open(encoding="utf-8", newline="") as file:
        named = list(csv.DictReader(file))
    missing = set(points) - {int(one["data_point"]) for one in named if one["data_point"]}
    if missing:
        raise ValueError(f"data points without an attribute: {sorted(missing)}")
    return [{"position": at, **_row(one, points)} for at, one in enumerate(named, 1)]


def _row(named: dict[str, str], points: dict[int, Any]) -> dict[str, Any]:
    if not named["data_point"]:
        return {**named, **BESIDE[named["annex_point"]]}
    point = points[int(named["data_point"])]
    applies = {name: _status(rule["status"]) for name, rule in point["applicability"].items()}
    annex = (point["source"] or "").removeprefix("BR ")
    return {
        **named,
        "wording": point["name"],
        "annex_point": annex or "none",
        "nature": point["lifecycle"],
        "audiences": " ".join(_audiences(annex, point["nr"], named["level"])),
        **applies,
        **GUIDANCE,
    }


def _audiences(annex: str, number: int, level: str) -> list[str]:
    """Public data are those of the model: of one battery only the number by which it was asked for."""
    point = annex.removeprefix("Annex XIII ")[:1] if annex.startswith("Annex XIII") else "1"
    found = [*AUDIENCES[point], *(("movement_authority",) if number in FOR_MOVEMENT else ())]
    return [name for name in found if name != "public" or level == "model" or number == NUMBER]


def _status(given: str) -> str:
    return STATUS.get(given, given)
