"""What a use gives off before it begins: the electricity of the test and the lorry to the workshop.

    kg CO2e per kWh = cycles x loss x health x grid;  per kg of battery: km x fuel of the lorry

Parts of the new housing are not in it: no figure of them was found. Nothing is deducted for the new
battery that is not made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.planning import processes
from kitaran.planning.market.valuation import haulage
from kitaran.planning.market.valuation.book import Book
from kitaran.planning.processes.burdens import greenhouse_factors
from kitaran.planning.processes.transport import SEGMENTS, transport

_G_PER_KG = 1e3
_MJ_PER_KWH = 3.6


@dataclass(frozen=True)
class UseEmissions:
    """CO2 equivalents [kg]: of a test, per kWh of present capacity; of the way, per kg of battery."""

    test_kg_per_kwh: float
    way_kg_per_kg: float


def use_emissions(economy: str, book: Book) -> UseEmissions:
    """Emissions of testing and hauling in an economy."""
    known, place = book.plant, book.place(economy)
    line = known.parameter["repurposing"]
    mj = known.parameter["constant"]["MJ_per_mmBtu_internal"]
    grid = float(greenhouse_factors(place, known)["electricity"]) * _MJ_PER_KWH / mj / _G_PER_KG
    km = haulage.distance(book, haulage.TO_WORKSHOP).value
    first = SEGMENTS[0]
    miles = {number: np.asarray(km / haulage.KM_IN_MILE * (number == first)) for number in SEGMENTS}
    moved = {number: np.asarray(float(number == first)) for number in SEGMENTS}
    driven = transport(miles, moved, True, place, known, processes.MENDED)
    tested = line["test_cycles"] * line["test_round_trip_loss"] * grid
    return UseEmissions(float(tested), float(driven.burdens.ghg_g) / _G_PER_KG)
