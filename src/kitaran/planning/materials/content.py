"""What is in batteries: mass, lithium, cobalt, nickel, manganese, copper, graphite, lead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.materials.dimensions import Named, product
from kitaran.planning.materials.packs import FAMILIES, mass_factor
from kitaran.reference import read

Array = NDArray[np.float64]

CHEMISTRIES = (
    *("NMC111", "NMC532", "NMC622", "NMC721", "NMC811", "NCA", "NMCA"),
    *("LFP", "LMO", "LTO", "sodium_ion", "lead_acid"),
)
ITEMS = ("pack_mass", "Li", "Co", "Ni", "Mn", "Cu", "graphite", "Pb")
KWH_PER_GWH = 1e6
KG_PER_T = 1e3
_OF_THE_CATHODE = ("Li", "Co", "Ni", "Mn")


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


def content_of_cohorts(energy_gwh: Array, composition: Array) -> Array:
    """Mass of each item in batteries that retire, where each year of sale has a content of its own.

    energy_gwh  : (cohort, year, chemistry, sample) nameplate energy that retires, by year of sale  [GWh]
    composition : (cohort, chemistry, item, sample) content of new batteries, `composition_by_year` [kg/kWh]
    returns     : (year, chemistry, item, sample)                                                   [t]

    m(y) = sum over c of E(c, y) k(c). Because retirement is linear in what entered, the same mass comes of
    the outflow of E0(c) k(c), the mass that entered with each cohort, without energy by cohort and year.
    """
    named = {"chemistry": CHEMISTRIES}
    energy = Named(("cohort", "year", "chemistry", "sample"), energy_gwh, named)
    per_kwh = Named(("cohort", "chemistry", "item", "sample"), composition, {**named, "item": ITEMS})
    mass = product(energy, per_kwh, ("year", "chemistry", "item", "sample"))
    return mass.values * (KWH_PER_GWH / KG_PER_T)


def composition_by_year(
    composition: Array, vehicle_class: str, years: Sequence[int] | Array, overrides: Path | None = None
) -> Array:
    """Content of new batteries by year of sale, from a content that holds for the designs of today.

    composition : (chemistry, item, sample) as in the table `composition`  [kg/kWh]
    years       : (year,) years of sale
    returns     : (year, chemistry, item, sample)                          [kg/kWh]

    The mass of the pack follows `pack_specific_energy`; lithium, cobalt, nickel and manganese follow
    `composition_by_year` where it knows the family; all else is constant.
    """
    if composition.shape[:2] != (len(CHEMISTRIES), len(ITEMS)):
        raise InputError(
            f"A composition of shape {composition.shape} is not over chemistries and items.",
            "composition",
            "Give (chemistry, item, sample).",
        )
    factor = np.ones((len(years), len(CHEMISTRIES), len(ITEMS)))
    for row, chemistry in enumerate(CHEMISTRIES):
        factor[:, row, ITEMS.index("pack_mass")] = mass_factor(chemistry, vehicle_class, years, overrides)
        of_cathode = cathode_factor(chemistry, years, overrides)
        for element in _OF_THE_CATHODE:
            factor[:, row, ITEMS.index(element)] = of_cathode
    by_year: Array = factor[..., None] * composition
    return by_year


def cathode_factor(chemistry: str, years: Sequence[int] | Array, overrides: Path | None = None) -> Array:
    """Elements of the cathode in a kWh sold in a year, over those of `composition`, (year,)."""
    at = np.asarray(years, dtype=np.float64)
    known = read("composition_by_year", overrides).where(
        family=FAMILIES.get(chemistry, ""), item="cathode_element"
    )
    rows = sorted(known.resolve(), key=lambda row: row.year or 0)
    if not rows:
        return np.ones(at.shape)
    return np.interp(at, [row.year or 0 for row in rows], [row.central for row in rows])
