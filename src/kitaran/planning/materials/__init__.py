"""What is in batteries and their parts, by chemistry and year of sale, and what of it comes back."""

from __future__ import annotations

from kitaran.planning.materials.content import (
    CHEMISTRIES,
    ITEMS,
    cathode_factor,
    composition_by_year,
    contained,
    contained_in_all,
    content_of_cohorts,
)
from kitaran.planning.materials.dimensions import Named, minus, plus, product, quotient, summed
from kitaran.planning.materials.packs import PackMass, mass_factor, pack_mass
from kitaran.planning.materials.parts import COMPONENTS, battery_parts, cathode_mass
from kitaran.planning.materials.recycling import losses, primary_avoided, secondary_share, share_reaching

__all__ = [
    "CHEMISTRIES",
    "COMPONENTS",
    "ITEMS",
    "Named",
    "PackMass",
    "battery_parts",
    "cathode_factor",
    "cathode_mass",
    "composition_by_year",
    "contained",
    "contained_in_all",
    "content_of_cohorts",
    "losses",
    "mass_factor",
    "minus",
    "pack_mass",
    "plus",
    "primary_avoided",
    "product",
    "quotient",
    "secondary_share",
    "share_reaching",
    "summed",
]
