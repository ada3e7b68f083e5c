"""What a producer owes under the targets of a day, worked out from masses: obligation, reached, shortfall.

Each target is asked of its own mass and met by its own mass; a surplus of one element or step never makes
good for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kitaran.law.targets import DRY_WEIGHT, Target, obligation_kg, shortfall_kg, targets


@dataclass(frozen=True)
class Masses:
    """Masses of a producer or recycler over one year [kg]; what is not given is not asked for.

    placed, collected                  : batteries placed on the market, waste batteries collected
    taken_in, recycled                 : waste batteries that enter recycling, output that counts as recycled
    taken_in_dry, recovered_dry        : the same by dry weight, and materials recovered
    new_dry, recycled_in_new_dry       : dry weight of new batteries, and of recycled material in them
    taken_in_element, recovered_element: by element, in the batteries treated and recovered
    new_element, recycled_element      : by element, in new batteries on the basis of the law and from waste
    """

    placed: float | None = None
    collected: float = 0.0
    taken_in: float | None = None
    recycled: float = 0.0
    taken_in_dry: float | None = None
    recovered_dry: float = 0.0
    new_dry: float | None = None
    recycled_in_new_dry: float = 0.0
    taken_in_element: Mapping[str, float] = field(default_factory=dict)
    recovered_element: Mapping[str, float] = field(default_factory=dict)
    new_element: Mapping[str, float] = field(default_factory=dict)
    recycled_element: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Obligation:
    """One target with its mass: what is asked for, what was reached, and what is missing [kg]."""

    target: Target
    of_kg: float
    obligation_kg: float
    reached_kg: float
    shortfall_kg: float


def obligations(cc: str, day: str, masses: Masses, battery_class: str = "") -> tuple[Obligation, ...]:
    """What the law of a jurisdiction asks of some masses on a day, target by target.

    battery_class : a word of the class as the table has it (EV, LMT, portable, lithium-based); all if empty

    Raises InputError if a mass is negative or more is reached than there is.
    """
    found = (
        row for row in targets(cc, day) if battery_class in row.battery_class or row.battery_class == "all"
    )
    return tuple(_obligations(found, masses))


def _obligations(asked: Iterable[Target], masses: Masses) -> Iterator[Obligation]:
    for target in asked:
        of_kg, reached_kg = _masses_of(target, masses)
        if of_kg is not None:
            owed = obligation_kg(target, of_kg)
            yield Obligation(target, of_kg, owed, reached_kg, shortfall_kg(target, reached_kg, of_kg))


def _masses_of(target: Target, masses: Masses) -> tuple[float | None, float]:
    """The mass of which a target asks its share, and the mass that counts towards it."""
    content = "recycled" in target.metric and "recycling" not in target.metric
    if target.element and content:
        return masses.new_element.get(target.element), masses.recycled_element.get(target.element, 0.0)
    if target.element:
        return masses.taken_in_element.get(target.element), masses.recovered_element.get(target.element, 0.0)
    if target.basis == DRY_WEIGHT and content:
        return masses.new_dry, masses.recycled_in_new_dry
    if target.basis == DRY_WEIGHT:
        return masses.taken_in_dry, masses.recovered_dry
    if "efficiency" in target.metric:
        return masses.taken_in, masses.recycled
    if "recycling rate" in target.metric:
        return masses.placed, masses.recycled
    return masses.placed, masses.collected
