"""What one kg of feed needs and gives in a plant: reagents, utilities, products, wastes, carbon dioxide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.feed import Feed, Masses
from kitaran.planning.processes.figures import ANODE_BINDER, PVDF, Amounts, Figures


@dataclass(frozen=True)
class Flows:
    """Flows of one process per kg of its feed, each (sample,).

    reagents [kg], utilities [MJ; process_water gal], products [kg], solid_waste_kg, waste_water_gal,
    process_co2_g: carbon dioxide from the feed itself; black_mass: what pre-treatment hands on.
    """

    process: str
    reagents: Masses
    utilities: Masses
    products: Masses
    solid_waste_kg: Array
    waste_water_gal: Array
    process_co2_g: Array
    black_mass: Feed | None = None

    @property
    def black_mass_kg(self) -> Array:
        """Black mass per kg of feed."""
        return self.products["black_mass"]


def total(masses: Masses) -> Array:
    """Sum of masses."""
    return np.asarray(sum(masses.values(), np.float64(0.0)), np.float64)


def driven(coefficients: Mapping[str, Amounts], driver: Masses) -> dict[str, Array]:
    """Amount by name: sum over drivers of coefficient x driver.

    coefficients : name -> driver -> amount per kg of driver
    driver       : name -> (sample,) [kg/kg]
    """
    return {
        name: np.asarray(
            sum((value * driver[key] for key, value in by_driver.items()), np.float64(0.0)), np.float64
        )
        for name, by_driver in coefficients.items()
    }


def needs(process: str, driver: Masses, figures: Figures) -> tuple[dict[str, Array], dict[str, Array]]:
    """Reagents and utilities of a process."""
    reagents, utilities = (
        driven(figures.inputs.get((process, kind), {}), driver) for kind in ("reagent", "utility")
    )
    return reagents, utilities


CARBON = {
    "Plastic: PP": "C_content_PP",
    "Plastic: PE": "C_content_PE",
    "Plastic: PET": "C_content_PET",
    "Electrolyte: EC": "C_content_EC",
    "Electrolyte: DMC": "C_content_DMC",
    PVDF: "C_content_PVDF",
    ANODE_BINDER: "C_content_CMC_anode_binder",
    "Graphite": "C_content_graphite",
    "Carbon black": "C_content_carbon_black",
}
BURNT_IN_PRETREATMENT = tuple(name for name in CARBON if name not in ("Graphite", "Carbon black"))


def burnt_co2_g(feed: Feed, burnt: tuple[str, ...], figures: Figures) -> Array:
    """Carbon dioxide of burnt components, (sample,) [g/kg feed]: 1000 x 44/12 x carbon."""
    constant = figures.parameter["constant"]
    carbon = sum((feed.part(name) * constant[CARBON[name]] for name in burnt), np.float64(0.0))
    return np.asarray(1000 * constant["CO2_per_C"] * carbon, np.float64)
