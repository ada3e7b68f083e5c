"""What a run knows of one economy: its classes, what retires in them, and the quantities of the headline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.history import History
from kitaran.planning.materials.content import (
    ITEMS,
    KG_PER_T,
    KWH_PER_GWH,
    contained,
    contained_in_all,
)
from kitaran.planning.scenario.measures import Measure
from kitaran.planning.scenario.model import FIRST_YEAR
from kitaran.planning.scenario.observed import Start
from kitaran.planning.scenario.past import Past
from kitaran.planning.scenario.people import COHORTS
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.scenario.technology import Technology

Array = NDArray[np.float64]

QUANTITIES: Mapping[str, str] = {
    "retired_batteries": "count",
    "retired_energy": "GWh",
    "retired_mass": "t",
    "contained_li": "t",
    "contained_co": "t",
    "contained_ni": "t",
    "contained_mn": "t",
    "contained_cu": "t",
    "contained_graphite": "t",
    "contained_pb": "t",
}
YEARS = np.arange(FIRST_YEAR, int(COHORTS[-1]) + 1)
PACK_MASS = ITEMS.index("pack_mass")


@dataclass(frozen=True)
class Tabled:
    """One class by the lifetime tables: (2, year, sample) retired batteries and energy [GWh], and what it
    carries."""

    retired: Array
    carried: Technology


@dataclass(frozen=True)
class ClassResult:
    """One class of one economy; arrays over (year 2010-2050, ..., sample).

    counted      : (2, year, chemistry, sample) retired batteries, and their energy [GWh]
    content      : (chemistry, item, sample) what is in a battery [kg/kWh]
    heavier      : (year, chemistry) mass of retired packs over that of new ones of the same energy
    age          : (year, chemistry) mean years from the sale of the vehicle to retirement; NaN where none
    healthy      : (year, chemistry, limit) share of retired energy whose state of health is above each of
    SOH_LIMITS; NaN where no model tells
    placed       : (2, year, chemistry, sample) nameplate energy that enters use: with new vehicles, spares
    among it, and as replacements [GWh]
    sold, in_use : (year, sample) electric vehicles  [vehicle]
    known        : (year, sample) part of `retired_energy` from vehicles sold up to the last year with a
    figure [GWh]
    last_year    : last year with a figure; 0 where peers stand in for all of it
    history      : what was published, and what of it could not be closed
    modelled     : (2, year, sample) batteries and energy [GWh] that retire by an ageing model
    outside      : (2, year, sample) the same times the share of time outside the models' tested range
    tabled       : the same class if all retired by the lifetime tables; None if they do
    """

    vehicle_class: str
    counted: Array
    content: Array
    heavier: Array
    age: Array
    healthy: Array
    placed: Array
    sold: Array
    in_use: Array
    known: Array
    last_year: int
    history: History
    past: Past
    from_peers: bool
    carried: Technology
    modelled: Array
    outside: Array
    tabled: Tabled | None
    start: Start | None = None

    @property
    def retired(self) -> Array:
        """(quantity, year, chemistry, sample) in the order of QUANTITIES and CHEMISTRIES: large, and worked
        out anew each time."""
        return _quantities(self.counted, self.content, self.mass)

    @property
    def mass(self) -> Array:
        """(year, chemistry, sample) mass of retired packs, early ones heavier than those of today [t]."""
        per_gwh = self.content[:, PACK_MASS] * (KWH_PER_GWH / KG_PER_T)
        mass: Array = self.counted[1] * self.heavier[:, :, None] * per_gwh
        return mass

    @cached_property
    def over_chemistries(self) -> Array:
        """(quantity, year, sample)."""
        mass = contained_in_all(self.counted[1], self.content)
        mass[PACK_MASS] = self.mass.sum(axis=1)
        total: Array = np.concatenate([self.counted.sum(axis=2), mass])
        return total


@dataclass
class EconomyResult:
    """All classes of one economy, and the inputs they rest on."""

    economy: str
    trail: Trail
    classes: list[ClassResult] = field(default_factory=list)
    further: dict[str, Measure] = field(default_factory=dict)

    def total(self) -> Array:
        """(quantity, year, sample) over classes and chemistries."""
        sums = [part.over_chemistries for part in self.classes]
        return np.sum(sums, axis=0) if sums else np.zeros(0)

    @cached_property
    def retired(self) -> Array:
        """(quantity, year, chemistry, sample) over classes."""
        counted = np.sum([part.counted for part in self.classes], axis=0)
        mass = np.sum([part.mass for part in self.classes], axis=0)
        return _quantities(counted, self.classes[0].content, mass)

    @cached_property
    def placed(self) -> Array:
        """(2, year, chemistry, sample) over classes: energy with new vehicles and as replacements [GWh]."""
        total: Array = np.sum([part.placed for part in self.classes], axis=0)
        return total

    @property
    def headline(self) -> dict[str, Measure]:
        """Every quantity of the headline in order: what retires, then what becomes of it and is needed."""
        return {**retired_measures(self.total()), **self.further}


def retired_measures(total: Array) -> dict[str, Measure]:
    """What retires, (quantity, year, sample), as quantities of the headline."""
    named = zip(QUANTITIES.items(), total, strict=True)
    return {name: Measure(unit, row, like=name) for (name, unit), row in named}


def _quantities(counted: Array, content: Array, mass: Array) -> Array:
    """(quantity, year, chemistry, sample) from counts and energy (2, year, chemistry, sample) and the mass of
    packs."""
    made = np.empty((len(QUANTITIES), *counted.shape[1:]))
    made[:2] = counted
    made[2:] = contained(counted[1], content).transpose(2, 0, 1, 3)
    made[2 + PACK_MASS] = mass
    return made
