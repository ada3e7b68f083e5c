"""What is in batteries: products over named dimensions, and the mass that retired energy holds."""

from __future__ import annotations

from kitaran.planning.materials.content import CHEMISTRIES, ITEMS, contained
from kitaran.planning.materials.dimensions import Named, product
from kitaran.planning.materials.packs import PackMass, mass_factor, pack_mass

__all__ = [
    "CHEMISTRIES",
    "ITEMS",
    "Named",
    "PackMass",
    "contained",
    "mass_factor",
    "pack_mass",
    "product",
]
