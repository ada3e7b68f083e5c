"""Hydrometallurgical recovery: black mass to lithium carbonate, cobalt, nickel, manganese, graphite."""

from __future__ import annotations

import numpy as np

from kitaran.planning.processes.feed import Feed, drivers
from kitaran.planning.processes.figures import Figures
from kitaran.planning.processes.flows import Flows, driven, needs
from kitaran.planning.processes.leaching_wastes import wastes

PROCESS = "hydrometallurgical"


def hydrometallurgical(feed: Feed, figures: Figures) -> Flows:
    """Flows per kg of black mass: leaching in sulfuric acid, solvent extraction, precipitation.

    Reagents are stoichiometric in the elements with rounded molar masses. No process carbon dioxide.
    Source: EverBatt 2023, CM Rec Par.
    """
    driver = drivers(feed, figures)
    reagents, utilities = needs(PROCESS, driver, figures)
    products = driven(figures.yields[PROCESS], driver)
    gallon = figures.parameter["constant"]["litre_per_gal_flow"]
    solid, water = wastes(feed, reagents, products, utilities["process_water"], gallon, figures)
    return Flows(PROCESS, reagents, utilities, products, solid, water, np.zeros_like(solid))
