"""Mechanical pre-treatment: packs, modules, cells and scrap to black mass, copper, aluminium, steel."""

from __future__ import annotations

import numpy as np

from kitaran.foundation.errors import InputError
from kitaran.planning.processes.feed import Feed, Masses, drivers
from kitaran.planning.processes.figures import ANODE_BINDER, CATHODE, PLASTICS, PVDF, SALT, SOLVENTS, Figures
from kitaran.planning.processes.flows import BURNT_IN_PRETREATMENT, Flows, burnt_co2_g, driven, needs, total
from kitaran.planning.processes.slips import Slips

PROCESS = "mechanical_preprocessing"
KILOGRAMS_IN_TONNE = 1000


def mechanical_preprocessing(feed: Feed, figures: Figures, slips: Slips) -> Flows:
    """Flows per kg of feed.

    black mass = 0.95 (cathode, graphite, carbon black) + 0.05 (PVDF, anode binder, copper, aluminium);
    0.9 of copper, aluminium and steel are products. Plastics, salt and binders burn and leave 2 % dust, which
    goes to landfill with the solid waste; what the flows do not name (coolant, electronics, insulation, iron
    of packs) is solid waste by difference.
    Source: EverBatt 2023, Preproc. Par.
    """
    driver = drivers(feed, figures)
    reagents, utilities = needs(PROCESS, driver, figures)
    yields = figures.yields[PROCESS]
    products = driven(yields, driver)
    black_mass = {name: share * driver[name] for name, share in yields["black_mass"].items()}
    burnt = feed.sum((*PLASTICS, SALT, PVDF, ANODE_BINDER))
    dust = figures.parameter["constant"]["flue_dust_fraction_preprocessing"]
    solid = 1 + reagents["Lime"] - total(products) - (1 - dust) * burnt
    if not slips.solvent_in_waste:
        solid = solid - feed.sum(SOLVENTS)
    waste_water = utilities["process_water"]
    if slips.small_wastewater:
        waste_water = waste_water / KILOGRAMS_IN_TONNE
    return Flows(
        process=PROCESS,
        reagents=reagents,
        utilities=utilities,
        products=products,
        solid_waste_kg=solid,
        waste_water_gal=waste_water,
        process_co2_g=burnt_co2_g(feed, BURNT_IN_PRETREATMENT, figures),
        black_mass=_as_feed(black_mass, feed),
    )


def _as_feed(kept: Masses, feed: Feed) -> Feed:
    """Composition of the black mass; its cathode materials keep their proportions.

    InputError if there is none.
    """
    whole = total(kept)
    if not np.all(whole > 0):
        raise InputError(
            "The feed leaves no black mass.",
            "composition",
            f"Let it hold some {CATHODE.lower()}, graphite or metal.",
        )
    share = kept[CATHODE] / np.where(feed.components[CATHODE] > 0, feed.components[CATHODE], 1.0)
    return Feed(
        {name: mass / whole for name, mass in kept.items()},
        {chemistry: fraction * share / whole for chemistry, fraction in feed.cathode.items()},
    )
