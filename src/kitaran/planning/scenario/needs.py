"""What new batteries need and how far recovery and own plants cover it: quantities of the headline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.manufacturing.plants import (
    CAPACITY,
    SHARE,
    WORLD,
    able_to_make,
    assumed,
    plants_of,
    share_of_world,
    world_need,
)
from kitaran.planning.manufacturing.requirements import cell_energy
from kitaran.planning.manufacturing.scrap import mean_scrap_rate, scrap_energy, scrap_rate
from kitaran.planning.manufacturing.supply import output, own_supply
from kitaran.planning.materials.content import (
    CHEMISTRIES,
    ITEMS,
    KG_PER_T,
    KWH_PER_GWH,
    contained_in_all,
)
from kitaran.planning.scenario.measures import Measure
from kitaran.planning.scenario.model import FIRST_YEAR
from kitaran.planning.scenario.parameters import LEAD_ACID
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.uncertainty.draws import Draws
from kitaran.reference import Row

Array = NDArray[np.float64]

ROLE = "manufacturing"
ELEMENTS: Mapping[str, str] = {
    "li": "Li",
    "co": "Co",
    "ni": "Ni",
    "mn": "Mn",
    "cu": "Cu",
    "graphite": "graphite",
    "pb": "Pb",
}
_SCRAP_START = {False: "scrap_start", True: "scrap_start_experienced"}
USED_TABLES = (CAPACITY, SHARE, WORLD, "manufacturing_assumptions")


@dataclass(frozen=True)
class Cells:
    """Cells that an economy needs, and what its plants reject in making them, for all who buy.

    need         : (year, sample) energy of cells in the batteries it takes into use, lead-acid left out [GWh]
    imported     : (year, sample) part of the need that its plants cannot meet               [GWh]
    scrap_energy : (year, chemistry, sample) rejected cells, by the energy they would have had [GWh]
    scrap_mass   : (year, chemistry, sample) the same                                        [t]
    plants       : weakest grade of what is known of its plants; D where none is known
    scrap        : grade of the scrap rate
    """

    need: Array
    imported: Array
    scrap_energy: Array
    scrap_mass: Array
    plants: str
    scrap: str


def cells(trail: Trail, draws: Draws, placed: Array) -> Cells:
    """Need, imports and scrap of cells, from batteries that enter use (2, year, chemistry, sample) [GWh].

    Cells made for other economies are taken to have the chemistries of those that the economy uses.
    """
    energy = _energy(placed)
    need = cell_energy(energy)
    years = np.arange(FIRST_YEAR, FIRST_YEAR + need.shape[0], dtype=np.float64)
    plants, figures = plants_of(trail.economy, "cell", trail.overrides), _Figures(trail, draws)
    world = world_need(years, need, trail.overrides)
    able = able_to_make(plants, need, years, world, figures.assumed("utilisation"), figures.of_plants)
    made = output(need, able, share_of_world(plants, years, figures.of_plants), world)
    start = _SCRAP_START[plants.experienced]
    rejected = scrap_energy(made, _rate(figures, made, start))
    of_chemistry = rejected[:, None] * _mix(energy, need)
    mass = of_chemistry * _cell_mass(trail, draws) * (KWH_PER_GWH / KG_PER_T)
    grade = max((row.grade for row in plants.rows), default="D")
    scrap = assumed(start, trail.overrides).grade
    return Cells(need, need - own_supply(need, able), of_chemistry, mass, grade, scrap)


def needs(
    trail: Trail,
    draws: Draws,
    placed: Array,
    content: Array,
    recovered: Mapping[str, Array],
    made: Cells | None = None,
    recovery: Mapping[str, str] | None = None,
) -> dict[str, Measure]:
    """Quantities of one economy.

    placed    : (2, year, chemistry, sample) energy of batteries that enter use, with new vehicles and as
    replacements, less those whose place a used battery takes; the first year is that of a run  [GWh]
    content   : (chemistry, item, sample) what is in a battery  [kg/kWh]
    recovered : by element of ELEMENTS, (year, sample) what recovery gives back [t]; an element without an
    entry is not recovered
    made      : cells of the economy if they are known already
    recovery  : grades of the inputs that the recovered masses rest on, by name

    Gives demand_<e> [t] of these batteries and of what cell plants of the economy reject,
    secondary_share_<e> [fraction], cell_demand [GWh], import_dependence [fraction] of cells, and
    production_scrap_mass [t] where the cells are made. InputError if shapes do not fit.
    """
    if placed.shape[2:] != (len(CHEMISTRIES), content.shape[-1]):
        raise InputError(
            f"Batteries of shape {placed.shape} do not fit a content of shape {content.shape}.",
            "needs",
            "Give (2, year, chemistry, sample) and (chemistry, item, sample).",
        )
    made = made or cells(trail, draws, placed)
    # What is rejected must be bought as well: recovered scrap would otherwise count without its need.
    mass = dict(zip(ITEMS, contained_in_all(_energy(placed) + made.scrap_energy, content), strict=True))
    demand = {element: mass[item] for element, item in ELEMENTS.items()}
    found = {f"demand_{e}": Measure("t", part, like=f"contained_{e}") for e, part in demand.items()}
    for element, part in demand.items():
        back = recovered.get(element, np.zeros_like(part))
        found[f"secondary_share_{element}"] = Measure(
            "fraction", back, part, like=f"contained_{element}", rests_on=recovery
        )
    return {**found, **_of_cells(made)}


def _of_cells(made: Cells) -> dict[str, Measure]:
    plants = {"plants": made.plants}
    return {
        "cell_demand": Measure("GWh", made.need),
        "import_dependence": Measure("fraction", made.imported, made.need, rests_on=plants),
        "production_scrap_mass": Measure(
            "t", made.scrap_mass.sum(axis=1), rests_on={**plants, "scrap": made.scrap}
        ),
    }


def _energy(placed: Array) -> Array:
    """(2, year, chemistry, sample) -> (year, chemistry, sample)."""
    if placed.ndim != 4 or placed.shape[0] != 2 or placed.shape[2] != len(CHEMISTRIES):
        raise InputError(
            f"Batteries of shape {placed.shape} are not over chemistries.",
            "needs",
            "Give (2, year, chemistry, sample).",
        )
    total: Array = placed.sum(axis=0)
    return total


def _mix(energy: Array, of_cells: Array) -> Array:
    """Part of each chemistry in the cells used, (year, chemistry, sample); lead-acid has none."""
    part = np.divide(energy, of_cells[:, None], out=np.zeros_like(energy), where=of_cells[:, None] > 0)
    part[:, LEAD_ACID] = 0.0
    return part


class _Figures:
    """Samples of rows, noted in the trail; all rows of an economy's stage move together."""

    def __init__(self, trail: Trail, draws: Draws) -> None:
        self.trail, self.draws = trail, draws

    def of_plants(self, row: Row) -> Array:
        self.trail.note_row(ROLE, row)
        table = row.id.partition("/")[0]
        score = self.draws.score(f"{table}/{row.text('economy')}.{row.text('stage')}")
        return self._drawn(row, score)

    def assumed(self, name: str) -> Array:
        row = assumed(name, self.trail.overrides)
        self.trail.note_row(ROLE, row)
        return self._drawn(row, self.draws.score(row.id))

    def _drawn(self, row: Row, score: Array) -> Array:
        fraction = row.unit == "fraction"
        return self.draws.figure(
            row.id, row.value, row.low, row.high, grade=row.grade, fraction=fraction, score=score
        )


def _rate(figures: _Figures, made: Array, at_the_start: str) -> Array:
    """Mean scrap rate of the economy's plants, (year, sample)."""
    ages = np.arange(made.shape[0], dtype=np.float64)[:, None]
    mature = figures.assumed("scrap_mature")
    start = np.maximum(figures.assumed(at_the_start), mature)
    return mean_scrap_rate(made, scrap_rate(ages, start, mature, figures.assumed("scrap_learning")))


def _cell_mass(trail: Trail, draws: Draws) -> Array:
    """Mass of cells by chemistry, (chemistry, sample) [kg/kWh]; zero for lead-acid, which has no cells."""
    mass = np.zeros((len(CHEMISTRIES), draws.samples))
    for row in trail.table("composition").where(item="cell_mass").resolve():
        if row.text("chemistry") in CHEMISTRIES:
            trail.note_row(ROLE, row)
            mass[CHEMISTRIES.index(row.text("chemistry"))] = draws.figure(
                row.id, row.value, row.low, row.high, grade=row.grade
            )
    return mass
