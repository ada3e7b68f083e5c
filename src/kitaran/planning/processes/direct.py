"""Direct recycling: black mass to cathode material of the same chemistry, and graphite."""

from __future__ import annotations

import numpy as np

from kitaran.planning.processes.feed import Feed, drivers
from kitaran.planning.processes.figures import CATHODE, Figures
from kitaran.planning.processes.flows import Flows, driven, needs
from kitaran.planning.processes.leaching_wastes import wastes

PROCESS = "direct"


def direct(feed: Feed, figures: Figures) -> Flows:
    """Flows per kg of black mass: flotation, relithiation with lithium hydroxide, firing.

    The product `cathode_NMC622` is the renewed material of that chemistry. No process carbon dioxide.
    Source: EverBatt 2023, CM Rec Par.
    """
    driver = drivers(feed, figures)
    reagents, utilities = needs(PROCESS, driver, figures)
    yields = figures.yields[PROCESS]
    products = driven({name: by for name, by in yields.items() if name != "cathode"}, driver)
    renewed = yields["cathode"][CATHODE]
    products |= {cathode_product(name): renewed * fraction for name, fraction in feed.cathode.items()}
    gallon = figures.parameter["constant"]["litre_per_gal_direct_wastewater"]
    solid, water = wastes(feed, reagents, products, utilities["process_water"], gallon, figures)
    return Flows(PROCESS, reagents, utilities, products, solid, water, np.zeros_like(solid))


def cathode_product(chemistry: str) -> str:
    """Name of renewed cathode material among the products."""
    return f"cathode_{chemistry}"
