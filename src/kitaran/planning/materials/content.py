"""What is in batteries: mass, lithium, cobalt, nickel, manganese, copper, graphite, lead."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.materials.dimensions import Named, product

Array = NDArray[np.float64]

CHEMISTRIES = (
    *("NMC111", "NMC532", "NMC622", "NMC721", "NMC811", "NCA", "NMCA"),
    *("LFP", "LMO", "LTO", "sodium_ion", "lead_acid"),
)
ITEMS = ("pack_mass", "Li", "Co", "Ni", "Mn", "Cu", "graphite", "Pb")
KWH_PER_GWH = 1e6
KG_PER_T = 1e3


def contained(energy_gwh: Array, composition: Array) -> Array:
    """Mass of each item in batteries.

    energy_gwh  : (year, chemistry, sample) nameplate energy, chemistries as in CHEMISTRIES  [GWh]
    composition : (chemistry, item, sample) mass per nameplate energy, items as in ITEMS      [kg/kWh]
    returns     : (year, chemistry, item, sample)                                             [t]
    """
    return _mass(energy_gwh, composition, ("year", "chemistry", "item", "sample"))


def contained_in_all(energy_gwh: Array, composition: Array) -> Array:
    """Mass of each item in batteries of all chemistries together, (item, year, sample) [t]; arguments as in
    `contained`, without ever holding the mass by chemistry."""
    return _mass(energy_gwh, composition, ("item", "year", "sample"))


def _mass(energy_gwh: Array, composition: Array, keep: tuple[str, ...]) -> Array:
    energy = Named(("year", "chemistry", "sample"), energy_gwh, {"chemistry": CHEMISTRIES})
    per_kwh = Named(("chemistry", "item", "sample"), composition, {"chemistry": CHEMISTRIES, "item": ITEMS})
    return product(energy, per_kwh, keep).values * (KWH_PER_GWH / KG_PER_T)
