"""Bringing a battery to the buyer: freight as dangerous goods, packaging, and what damage adds."""

from __future__ import annotations

import numpy as np

from kitaran.planning.market.valuation.book import Book
from kitaran.planning.market.valuation.draw import Draw
from kitaran.planning.market.valuation.figures import Array, Figure
from kitaran.planning.market.valuation.lot import BLACK_MASS, CELLS, DAMAGED, MODULE
from kitaran.planning.market.valuation.metals import LEAD_ACID
from kitaran.planning.processes import collection

FREIGHT = ("road_freight_usd_per_t_km",)
KM_IN_MILE = 1.609344
TO_WORKSHOP, TO_RECYCLER, TO_REFINERY = (
    "distance_local_km",
    "distance_2_to_preprocessor",
    "distance_3_preprocessor_to_recovery",
)


def kg_per_kwh(draw: Draw, chemistry: str, form: str, given: Array) -> Array:
    """Mass that travels, (battery, column) [kg/kWh]; `given` (battery, 1) wins where it is known."""
    book = draw.book
    pack = draw.of(book.content(chemistry, "pack_mass"))
    if form in (MODULE, CELLS):
        pack = pack * _share(draw, chemistry, form)
    return np.asarray(np.where(np.isnan(given), pack, given), np.float64)


def _share(draw: Draw, chemistry: str, form: str) -> Array:
    """Modules or cells over the pack that held them, by mass."""
    masses = draw.book.plant.masses
    groups = {MODULE: "battery_mass_module", CELLS: "battery_mass_cell"}
    if ("battery_mass_pack", chemistry) in masses:
        part = masses[groups[form], chemistry]["whole"]
        return np.full(1, part / masses["battery_mass_pack", chemistry]["whole"])
    return draw.assumption("module_mass_share", "transport")


def distance(book: Book, to: str) -> Figure:
    """How far the battery travels [km]; the reader's own distance holds for every way."""
    if own := book.entry("distance_km", "transport"):
        return own
    if to == TO_WORKSHOP:
        return book.line(to, "collection", "transport")
    return book.line(to, "transport", "transport").times(KM_IN_MILE, "km")


def haulage(draw: Draw, economy: str, chemistry: str, condition: str, to: str, form: str = "") -> Array:
    """Freight and packaging, (column,) [USD/kg].

    Lithium batteries travel packed as dangerous goods, damaged ones in packaging approved for them; lead-acid
    batteries and black mass pay freight and plain packaging.
    """
    place = draw.place(economy, "transport", FREIGHT)
    damaged = condition == DAMAGED
    law = draw.book.plant
    cost = collection(
        place,
        {
            "distance_local_km": draw.of(distance(draw.book, to)),
            "share_damaged": np.full(1, float(damaged)),
            "packaging_damaged_usd_per_kg": draw.line(
                "packaging_damaged_usd_per_kg", "collection", "transport"
            )
            if damaged
            else np.zeros(1),
        },
        law,
    )
    if chemistry == LEAD_ACID or form == BLACK_MASS:
        return np.asarray(cost.haulage + law.parameter["transport"]["packaging_nonhaz"], np.float64)
    return np.asarray(cost.cost_usd, np.float64)
