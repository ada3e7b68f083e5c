"""How far a result can be trusted, and what would improve it.

A result is a sum of parts: each class, from vehicles already sold and from vehicles yet to be sold. A
part rests
on inputs that weigh alike: the history of the class, lives of vehicle and battery, then as the quantity needs
them the energy of a battery, its chemistry and its composition, and for vehicles yet to be sold the
market and the outlook. The result has the best grade that two thirds of these inputs, weighted by their
part of the result, reach or pass. Assumptions of the method are the same everywhere and are listed, not
graded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.history import Yearly
from kitaran.planning.scenario.economy_result import QUANTITIES, ClassResult, EconomyResult
from kitaran.planning.scenario.measures import Measure
from kitaran.planning.scenario.provenance import Trail

Array = NDArray[np.float64]

GRADES = "ABCD"
ENOUGH = 2 / 3
_OF_COUNT = ("history", "vehicle_life", "battery_life")
_OF_CONTENT = (*_OF_COUNT, "capacity", "chemistry")
_ITEM_OF = {
    "retired_mass": "pack_mass",
    "contained_li": "Li",
    "contained_co": "Co",
    "contained_ni": "Ni",
    "contained_mn": "Mn",
    "contained_cu": "Cu",
    "contained_graphite": "graphite",
    "contained_pb": "Pb",
}
_ENERGY = list(QUANTITIES).index("retired_energy")


@dataclass(frozen=True)
class Parts:
    """Parts of the results of one economy or of several.

    weights : (part, quantity, year) share of the result in its own unit
    reached : (part, quantity, grade) share of the part's inputs with that grade or a better one
    """

    weights: Array
    reached: Array


def parts_of(result: EconomyResult) -> Parts:
    """Parts of one economy: each class twice, from vehicles sold and from vehicles yet to be sold."""
    weights, reached = [], []
    for part in result.classes:
        middle = part.over_chemistries.mean(axis=-1)
        energy = np.maximum(middle[_ENERGY], 1e-30)
        known = np.clip(part.known.mean(axis=-1) / energy, 0.0, 1.0)
        for share, ahead in ((known, False), (1.0 - known, True)):
            weights.append(middle * share)
            reached.append([_reached(result.trail, part, quantity, ahead) for quantity in QUANTITIES])
    return Parts(np.array(weights), np.array(reached))


def together(all_parts: list[Parts]) -> Parts:
    return Parts(
        np.concatenate([parts.weights for parts in all_parts]),
        np.concatenate([parts.reached for parts in all_parts]),
    )


def grades_of(parts: Parts) -> NDArray[np.str_]:
    """Grade of each (quantity, year); D where there is nothing to grade."""
    whole = _some(parts.weights.sum(axis=0))
    return _letters(np.einsum("pqy,pqg->qyg", parts.weights, parts.reached) / whole[:, :, None])


def grade_of_measure(parts: Parts, measure: Measure) -> NDArray[np.str_]:
    """Grade by year of a quantity that is made of a retired one and of further inputs, (year,).

    The weaker of two grades: that of the retired quantity, and the best that two thirds of the further inputs
    reach or pass. They multiply: known mass times an assumed share is an assumption.
    """
    row = list(QUANTITIES).index(measure.like)
    of_like: NDArray[np.str_] = grades_of(parts)[row]
    if not measure.rests_on:
        return of_like
    own = list(measure.rests_on.values())
    of_own = _letters(np.array([sum(grade <= level for grade in own) / len(own) for level in GRADES]))
    weaker: NDArray[np.str_] = np.where(of_like > of_own, of_like, of_own)
    return weaker


def grade_of_sum(weight_by_grade: Array) -> NDArray[np.str_]:
    """Best grade that two thirds of an amount reach or pass, (year,), from its parts by grade (grade,
    year)."""
    so_far = np.cumsum(weight_by_grade, axis=0) / _some(weight_by_grade.sum(axis=0))
    return _letters(so_far.T)


def by_grade(letters: NDArray[np.str_], amount: Array) -> Array:
    """(grade, year) mean amount in the row of its grade, from (year,) letters and (year, sample)."""
    middle = np.abs(amount).mean(axis=-1)
    return np.stack([np.where(letters == grade, middle, 0.0) for grade in GRADES])


def _some(whole: Array) -> Array:
    return np.maximum(whole, 1e-30)


def _letters(shares: Array) -> NDArray[np.str_]:
    """Grade that enough reach, from the share that reaches each (..., grade); D where none does."""
    enough = shares >= ENOUGH - 1e-9
    chosen = np.where(enough.any(axis=-1), enough.argmax(axis=-1), len(GRADES) - 1)
    letters: NDArray[np.str_] = np.array(list(GRADES))[chosen]
    return letters


def _reached(trail: Trail, part: ClassResult, quantity: str, ahead: bool) -> list[float]:
    """Share of the inputs of a part with each grade or a better one."""
    grades = [role_grade(trail, part, role) for role in roles_of(quantity, ahead)]
    return [sum(grade <= level for grade in grades) / len(grades) for level in GRADES]


def roles_of(quantity: str, ahead: bool) -> tuple[str, ...]:
    """Inputs that a quantity rests on; `ahead` for vehicles yet to be sold."""
    roles: tuple[str, ...] = {"retired_batteries": _OF_COUNT, "retired_energy": (*_OF_COUNT, "capacity")}.get(
        quantity, _OF_CONTENT
    )
    if quantity in _ITEM_OF:
        roles = (*roles, f"composition.{_ITEM_OF[quantity]}")
    return (*roles, "market", "outlook") if ahead else roles


def role_grade(trail: Trail, part: ClassResult, role: str) -> str:
    """Grade of an input of a class.

    History, and rows of a technology: the best grade that two thirds of their weight reach. Outlook: the
    best of those published; what nobody published is our own, hence D.
    """
    if role == "history":
        if part.start is not None and part.start.covered >= ENOUGH:
            return part.start.observed.grade
        return history_grade(part.history.sold, part.history.in_use)
    judged = trail.judged.get((role, part.vehicle_class))
    if judged:
        return reached_by_most(judged)
    if role == "outlook":
        return trail.best(role, part.vehicle_class) or "D"
    return trail.weakest(role, part.vehicle_class) or "D"


def reached_by_most(weighted: Iterable[tuple[float, str]]) -> str:
    """Best grade that two thirds of the weight reach or pass; A where nothing has any weight."""
    ordered = sorted(weighted, key=lambda pair: pair[1])
    whole = sum(weight for weight, _ in ordered)
    reached = 0.0
    for weight, grade in ordered:
        reached += weight
        if whole > 0 and reached >= ENOUGH * whole * (1 - 1e-9):
            return grade
    return "A"


def history_grade(sold: Yearly, in_use: Yearly) -> str:
    """Grade that two thirds of the vehicles counted reach; where only stock is known, that of the latest
    stock."""
    if sold and any(figure.value > 0 for figure in sold.values()):
        return reached_by_most((figure.value, figure.grade) for figure in sold.values())
    return in_use[max(in_use)].grade if in_use else "D"
