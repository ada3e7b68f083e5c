"""What a reader is told about an economy: its grade, its weakest input, and what would improve it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.scenario.economy_result import QUANTITIES, ClassResult, EconomyResult
from kitaran.planning.scenario.grades import GRADES, Parts, grades_of, role_grade
from kitaran.planning.scenario.model import FIRST_YEAR
from kitaran.planning.uncertainty.sensitivity import explained_shares
from kitaran.reference import region_chain

Array = NDArray[np.float64]

JUDGED_YEAR = 2035
_ENERGY = list(QUANTITIES).index("retired_energy")
_NAMED = 2
_LEAST_SHARE = 0.01

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
    "history": "How many {vehicles} are registered a year and how many are on the road, from the registry.",
    "market": "Yearly registrations of all new vehicles by class, of which {vehicles} are a part.",
    "outlook": "A national projection or a target in law for the share of {vehicles} in sales.",
    "vehicle_life": "The age at which {vehicles} are scrapped or leave the country, from deregistrations.",
    "battery_life": "How long batteries of {vehicles} last here, from workshops, fleets or warranty claims.",
    "capacity": "The energy (kWh) of the batteries of {vehicles} sold here, from type approvals or dealers.",
    "chemistry": "Whether {vehicles} sold here have lead-acid, LFP or nickel batteries, from importers.",
    "use": "Who uses {vehicles}: private owners, taxis, delivery, public service.",
}


_ROLE_OF_NAME = {
    "history": "history",
    "stock": "history",
    "hybrids": "history",
    "market": "market",
    "market_growth": "market",
    "diffusion": "outlook",
    "iea": "outlook",
    "etm": "outlook",
    "battery_capacity": "capacity",
    "chemistry_share": "chemistry",
    "use_share": "use",
    "ageing": "battery_life",
    "ageing_model": "battery_life",
    "first_life_end": "battery_life",
}


@dataclass(frozen=True)
class Verdict:
    """Grade of the retired energy in 2035, the input that weakens it most, and what would improve it."""

    economy: str
    grade: str
    weakest_role: str
    weakest_grade: str
    improve: str


def verdict(
    result: EconomyResult, parts: Parts, scores: Mapping[str, Array], year: int = JUDGED_YEAR
) -> Verdict:
    """Judge the economy's retired energy in a year.

    scores : draws of the run's inputs by name
    An input weakens the result by its grade (A 0 to D 3, weighted by the classes' parts of the energy)
    times the share of the spread that it explains.
    """
    column = year - FIRST_YEAR
    grade = str(grades_of(parts)[_ENERGY, column])
    energy = np.array([part.over_chemistries[_ENERGY, column].mean() for part in result.classes])
    if not energy.sum():
        text = IMPROVE["history"].format(vehicles="electric vehicles")
        return Verdict(result.economy, "D", "history", "D", text)
    explained = explained_by_role(result.economy, scores, result.total()[_ENERGY, column])
    weighed = {role: _by_class(result, energy / energy.sum(), role) for role in IMPROVE}
    weakening = {
        role: float(by_class.sum()) * max(explained.get(role, 0.0), _LEAST_SHARE)
        for role, by_class in weighed.items()
    }
    worst = sorted(IMPROVE, key=lambda role: -weakening[role])[:_NAMED]
    main = [result.classes[int(weighed[role].argmax())] for role in worst]
    text = " ".join(_advice(role, part, explained, year) for role, part in zip(worst, main, strict=True))
    return Verdict(result.economy, grade, worst[0], role_grade(result.trail, main[0], worst[0]), text)


def _advice(role: str, part: ClassResult, explained: Mapping[str, float], year: int) -> str:
    text = IMPROVE[role].format(vehicles=CLASS_WORDS[part.vehicle_class])
    percent = 5 * round(20 * min(explained.get(role, 0.0), 1.0))
    return f"{text} It is behind about {percent} % of the spread in {year}." if percent >= 5 else text


def explained_by_role(economy: str, scores: Mapping[str, Array], outcome: Array) -> dict[str, float]:
    """Share of the spread of an outcome that each kind of input explains; together at most one."""
    regions = set(region_chain(economy))
    able = {name: role for name in scores if (role := _role(name)) and _region(name) in regions}
    shares = explained_shares({name: scores[name] for name in able}, outcome)
    by_role: dict[str, float] = {}
    for name, share in shares.items():
        by_role[able[name]] = by_role.get(able[name], 0.0) + share
    whole = max(1.0, sum(by_role.values()))
    return {role: share / whole for role, share in by_role.items()}


def _role(name: str) -> str:
    """Kind of input by the name of its draw; empty for assumptions of the method."""
    head = name.partition("/")[0]
    if head == "lifetimes":
        return "vehicle_life" if ".vehicle." in name else "battery_life"
    return _ROLE_OF_NAME.get(head, "")


def _region(name: str) -> str:
    return name.partition("/")[2].partition(".")[0]


def _by_class(result: EconomyResult, share: Array, role: str) -> Array:
    """How far an input weakens the result through each class, (class,)."""
    return np.array(
        [
            weight * GRADES.index(role_grade(result.trail, part, role))
            for weight, part in zip(share, result.classes, strict=True)
        ]
    )
