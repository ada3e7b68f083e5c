"""Pyrometallurgical recovery: any feed as received to copper, cobalt and nickel."""

from __future__ import annotations

import numpy as np

from kitaran.planning.processes.feed import Feed, drivers
from kitaran.planning.processes.figures import ANODE_BINDER, PLASTICS, PVDF, SOLVENTS, Figures
from kitaran.planning.processes.flows import CARBON, Flows, burnt_co2_g, driven, needs, total

PROCESS = "pyrometallurgical"
GRAMS_IN_KILOGRAM = 1000


def pyrometallurgical(feed: Feed, figures: Figures) -> Flows:
    """Flows per kg of feed. Lithium, manganese, aluminium and graphite are lost.

    slag = 1 - solvents - products - flue dust - what burns; reagents do not enter it. Limestone gives off its
    carbon dioxide. Source: EverBatt 2023, CM Rec Par.
    """
    constant = figures.parameter["constant"]
    driver = drivers(feed, figures)
    reagents, utilities = needs(PROCESS, driver, figures)
    products = driven(figures.yields[PROCESS], driver)
    burnt = feed.sum(("Graphite", *PLASTICS, "Carbon black", PVDF, ANODE_BINDER))
    dust = constant["flue_dust_fraction_pyro"] * burnt
    solvents = feed.sum(SOLVENTS)
    slag = 1 - solvents - total(products) - dust - burnt
    limestone_co2_kg = constant["CO2_per_CaCO3"] * reagents["Limestone"]
    litres = constant["litre_per_gal_flow"]
    water = litres * utilities["process_water"]
    waste_water = 1 - solvents + total(reagents) + water - total(products) - dust - slag - limestone_co2_kg
    return Flows(
        process=PROCESS,
        reagents=reagents,
        utilities=utilities,
        products=products,
        solid_waste_kg=slag + dust,
        waste_water_gal=waste_water / litres,
        process_co2_g=np.asarray(
            burnt_co2_g(feed, tuple(CARBON), figures) + GRAMS_IN_KILOGRAM * limestone_co2_kg, np.float64
        ),
    )
