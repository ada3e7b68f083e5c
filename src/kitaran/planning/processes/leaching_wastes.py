"""Solid waste and waste water of routes that treat black mass in water."""

from __future__ import annotations

from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.feed import Feed, Masses
from kitaran.planning.processes.figures import SOLVENTS, Figures
from kitaran.planning.processes.flows import total


def wastes(
    feed: Feed, reagents: Masses, products: Masses, water_gal: Array, gallon: float, figures: Figures
) -> tuple[Array, Array]:
    """Solid waste [kg] and waste water [gal] per kg of feed, each (sample,).

    solid = 1 - solvents - products + 0.05 R; water = 1 + 0.95 R + process water - products - solid, with R
    all reagents. gallon: litres in a gallon when waste water is turned into gallons.
    Source: EverBatt 2023, CM Rec Par.
    """
    constant = figures.parameter["constant"]
    added, made = total(reagents), total(products)
    solid = 1 - feed.sum(SOLVENTS) - made + constant["reagent_to_solid_fraction"] * added
    in_water = constant["reagent_to_water_fraction"] * added
    water_kg = 1 + in_water + constant["litre_per_gal_flow"] * water_gal - made - solid
    return solid, water_kg / gallon
