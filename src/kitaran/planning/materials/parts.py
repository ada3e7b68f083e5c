"""The parts of a battery and what they are made of, from cell to pack."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.materials.content import KG_PER_T, KWH_PER_GWH
from kitaran.planning.materials.dimensions import Named
from kitaran.reference import read

Array = NDArray[np.float64]

TABLE = "battery_components"
CELL = (
    *("cathode_active_material", "anode_active_material", "conductive_carbon", "binder", "foils"),
    *("electrolyte", "separator", "cell_case", "plates"),
)
HARDWARE = ("module_hardware", "pack_hardware")
COMPONENTS = (*CELL, *HARDWARE)


def battery_parts(overrides: Path | None = None) -> Named:
    """Mass of each material in each part, (chemistry, component, material) [kg/kWh].

    Zero where a part holds none of a material. The sum over part and material is the mass of the pack.
    """
    table = read(TABLE, overrides).resolve()
    chemistries = tuple(sorted({row.text("chemistry") for row in table}))
    materials = tuple(sorted({row.text("material") for row in table}))
    values = np.zeros((len(chemistries), len(COMPONENTS), len(materials)))
    for row in table:
        place = (
            chemistries.index(row.text("chemistry")),
            COMPONENTS.index(row.text("component")),
            materials.index(row.text("material")),
        )
        values[place] = row.central
    labels = {"chemistry": chemistries, "component": COMPONENTS, "material": materials}
    return Named(("chemistry", "component", "material"), values, labels)


def cathode_mass(energy_gwh: Array, chemistries: tuple[str, ...], overrides: Path | None = None) -> Array:
    """Cathode active material in cells.

    energy_gwh : (year, chemistry, sample)  [GWh]
    returns    : (year, chemistry, sample)  [t]; zero for lead-acid and nickel-metal hydride
    """
    parts = battery_parts(overrides).ordered("chemistry", chemistries)
    per_kwh = parts.values[:, COMPONENTS.index("cathode_active_material")].sum(axis=-1)
    mass: Array = energy_gwh * per_kwh[:, None] * (KWH_PER_GWH / KG_PER_T)
    return mass
