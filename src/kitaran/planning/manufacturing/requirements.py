"""What must be made for the batteries that an economy takes into use: packs, cells, cathode, precursor,
refined elements."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.materials.content import CHEMISTRIES, ITEMS, contained_in_all
from kitaran.planning.materials.parts import cathode_mass
from kitaran.reference import read

Array = NDArray[np.float64]

_NO_CATHODE = ("lead_acid",)
TABLE = "manufacturing_assumptions"


@dataclass(frozen=True)
class Requirements:
    """Needs of each year, (year, sample).

    pack_t      : packs                                          [t]
    cell_gwh    : cells, lead-acid left out                      [GWh]
    cathode_t   : cathode active material                        [t]
    precursor_t : precursor of the cathode                       [t]
    refined_t   : (item, year, sample) elements and graphite in the batteries, items as in ITEMS without
    pack_mass    [t]
    """

    pack_t: Array
    cell_gwh: Array
    cathode_t: Array
    precursor_t: Array
    refined_t: Array


def requirements(energy_gwh: Array, composition: Array, overrides: Path | None = None) -> Requirements:
    """What new batteries need, net of what their making rejects.

    energy_gwh  : (year, chemistry, sample) batteries that enter use, chemistries as in CHEMISTRIES  [GWh]
    composition : (chemistry, item, sample) content  [kg/kWh]
    """
    mass = contained_in_all(energy_gwh, composition)
    cathode = cathode_mass(energy_gwh, CHEMISTRIES, overrides).sum(axis=1)
    per_cathode = read(TABLE, overrides).resolve().where(name="precursor_per_cathode").rows[0].central
    return Requirements(
        mass[ITEMS.index("pack_mass")],
        cell_energy(energy_gwh),
        cathode,
        cathode * per_cathode,
        mass[1:],
    )


def cell_energy(energy_gwh: Array) -> Array:
    """Energy of cells in batteries, (year, chemistry, sample) -> (year, sample) [GWh]; lead-acid left out."""
    with_cells = [row for row, name in enumerate(CHEMISTRIES) if name not in _NO_CATHODE]
    total: Array = energy_gwh[:, with_cells].sum(axis=1)
    return total
