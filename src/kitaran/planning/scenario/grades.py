"""How far a result can be trusted, and what would improve it.

A result is a sum of parts: each class, from vehicles already sold and from vehicles yet to be sold. A part has
the grade of its weakest input. The result has the best grade that parts with that grade or a better one reach
with 80 % of the sum. Assumptions of the method are the same everywhere and are listed, not graded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.history import Yearly
from kitaran.planning.scenario.flows import QUANTITIES, ClassResult, EconomyResult
from kitaran.planning.scenario.provenance import ROLES, Trail

Array = NDArray[np.float64]

GRADES = "ABCD"
ENOUGH = 0.8
_ROLES_OF_COUNT = ("history", "vehicle_life", "battery_life")
_ROLES_OF = {
    "retired_batteries": _ROLES_OF_COUNT,
    "retired_energy": (*_ROLES_OF_COUNT, "capacity"),
    "retired_mass": (*_ROLES_OF_COUNT, "capacity", "chemistry", "composition"),
}
_OF_CONTENT = (*_ROLES_OF_COUNT, "capacity", "chemistry", "composition")
_JUDGED_YEAR = 2035
_JUDGED_QUANTITY = "retired_energy"

CLASS_WORDS = {
    "e_bike": "electric bicycles",
    "two_wheeler": "electric motorcycles and scooters",
    "three_wheeler": "electric three-wheelers",
    "car": "electric cars",
    "van": "electric vans",
    "bus": "electric buses",
    "truck": "electric trucks",
}
IMPROVE = {
    "history": "Yearly registrations of {vehicles}, by class, from the registration authority.",
    "market": "Yearly registrations of all new vehicles by class: how many {vehicles} could be sold depends on it.",
    "outlook": "A national projection or a target in law for the share of {vehicles} in sales.",
    "vehicle_life": "The age at which {vehicles} are scrapped or leave the country, from deregistrations.",
    "battery_life": "How long the batteries of {vehicles} last here, from workshops, fleets or warranty claims.",
    "capacity": "The energy (kWh) of the batteries of {vehicles} sold here, from type approvals or dealers.",
    "chemistry": "Which batteries {vehicles} sold here have: lead-acid, LFP or nickel, from importers or dealers.",
    "composition": "What the batteries of {vehicles} weigh and hold, from makers or recyclers.",
}


@dataclass(frozen=True)
class Parts:
    """Parts of the results of one economy or of several.

    weights : (part, quantity, year) share of the result in its own unit
    grades  : (part, quantity) index into GRADES
    """

    weights: Array
    grades: NDArray[np.int_]


def parts_of(result: EconomyResult) -> Parts:
    """Parts of one economy: each class twice, from vehicles sold and from vehicles yet to be sold."""
    weights, grades = [], []
    for part in result.classes:
        middle = part.retired.sum(axis=2).mean(axis=-1)
        energy = np.maximum(part.retired[1].sum(axis=1).mean(axis=-1), 1e-30)
        known = np.clip(part.known.mean(axis=-1) / energy, 0.0, 1.0)
        for share, ahead in ((known, False), (1.0 - known, True)):
            weights.append(middle * share)
            grades.append([_weakest(result.trail, part, quantity, ahead) for quantity in QUANTITIES])
    return Parts(np.array(weights), np.array(grades, dtype=int))


def together(all_parts: list[Parts]) -> Parts:
    return Parts(
        np.concatenate([parts.weights for parts in all_parts]),
        np.concatenate([parts.grades for parts in all_parts]),
    )


def grades_of(parts: Parts) -> NDArray[np.str_]:
    """Grade of each (quantity, year); D where there is nothing to grade."""
    whole = np.maximum(parts.weights.sum(axis=0), 1e-30)
    chosen = np.full(whole.shape, len(GRADES) - 1)
    for level in range(len(GRADES) - 2, -1, -1):
        reached = (parts.weights * (parts.grades <= level)[:, :, None]).sum(axis=0) / whole
        chosen = np.where(reached >= ENOUGH, level, chosen)
    letters: NDArray[np.str_] = np.array(list(GRADES))[chosen]
    return letters


def _weakest(trail: Trail, part: ClassResult, quantity: str, ahead: bool) -> int:
    roles = _ROLES_OF.get(quantity, _OF_CONTENT) + (("market", "outlook") if ahead else ())
    return max(GRADES.index(role_grade(trail, part, role)) for role in roles)


def role_grade(trail: Trail, part: ClassResult, role: str) -> str:
    """Grade of an input of a class; an outlook that nobody published is our own, hence D."""
    if role == "history":
        return history_grade(part.history.sold, part.history.in_use, part.last_year)
    return trail.weakest(role, part.vehicle_class) or "D"


def history_grade(sold: Yearly, in_use: Yearly, last_year: int) -> str:
    """Grade that four fifths of the vehicles counted reach; where only stock is known, that of the latest stock."""
    figures = sorted(sold.values(), key=lambda figure: figure.grade)
    whole = sum(figure.value for figure in figures)
    reached = 0.0
    for figure in figures:
        reached += figure.value
        if whole and reached >= ENOUGH * whole:
            return figure.grade
    return in_use[max(in_use)].grade if in_use else "D"


@dataclass(frozen=True)
class Verdict:
    """What a reader is told about an economy."""

    economy: str
    grade: str
    weakest_role: str
    weakest_grade: str
    improve: str


def verdict(result: EconomyResult, year: int = _JUDGED_YEAR) -> Verdict:
    """Grade of the economy's retired energy in a year, its weakest input, and what would improve it.

    The weakest input is the one whose grades, weighted by the class's part of the energy, are worst.
    """
    parts = parts_of(result)
    quantity, column = list(QUANTITIES).index(_JUDGED_QUANTITY), year - 2010
    grade = str(grades_of(parts)[quantity, column])
    energy = np.array([part.retired[1].sum(axis=1)[column].mean() for part in result.classes])
    if not energy.sum():
        return Verdict(
            result.economy, "D", "history", "D", IMPROVE["history"].format(vehicles="electric vehicles")
        )
    share = energy / energy.sum()
    roles = [role for role in IMPROVE if role not in ("composition",)]
    badness = {
        role: sum(
            weight * GRADES.index(role_grade(result.trail, part, role))
            for weight, part in zip(share, result.classes, strict=True)
        )
        for role in roles
    }
    worst = sorted(roles, key=lambda role: -round(badness[role], 2))[:2]
    main = [_main_class(result, share, role) for role in worst]
    text = " ".join(
        IMPROVE[role].format(vehicles=CLASS_WORDS[part.vehicle_class])
        for role, part in zip(worst, main, strict=True)
    )
    return Verdict(result.economy, grade, worst[0], role_grade(result.trail, main[0], worst[0]), text)


def _main_class(result: EconomyResult, share: Array, role: str) -> ClassResult:
    """The class through which a weak input weighs most."""
    weighed = [
        weight * GRADES.index(role_grade(result.trail, part, role))
        for weight, part in zip(share, result.classes, strict=True)
    ]
    return result.classes[int(np.argmax(weighed))]


def role_in_words(role: str) -> str:
    return "electric vehicles sold and in use" if role == "history" else ROLES[role]
