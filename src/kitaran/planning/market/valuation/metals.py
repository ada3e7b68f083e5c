"""What recyclers pay for the metals of a battery, and what black mass fetches.

    battery    : phi (Co P_Co + Ni P_Ni), by kWh; without cobalt and nickel a fee by kg, nought by assumption
    lead-acid  : share x mass x P_Pb
    black mass : phi (Co P_Co + Ni P_Ni) + lambda Li (37/7) P_carbonate, by kg

phi and lambda are payables. Nobody is assumed to pay for batteries without cobalt and nickel, nor to be paid:
the fee may be entered.
Source: the fee rule of the recycling plants, docs/plants.md, with the price set of the day.
"""

from __future__ import annotations

import numpy as np

from kitaran.foundation.errors import InputError
from kitaran.planning.market.valuation.book import Book
from kitaran.planning.market.valuation.draw import Draw
from kitaran.planning.market.valuation.figures import Array
from kitaran.planning.processes.feed import elements, pure

LEAD_ACID = "lead_acid"
BLACK_MASS_LEVEL = "black_mass"
PAID_METALS = (("Co", "cobalt"), ("Ni", "nickel"))


def paid_for_battery(draw: Draw, chemistry: str, kg_per_kwh: Array) -> Array:
    """What a recycler pays for a sound battery at the gate, (column,) [USD/kWh]; negative: it is paid.

    kg_per_kwh : (column,) mass that is handed over
    """
    book = draw.book
    if own := book.entry("recycler_pays_usd_per_kg", "metals"):
        return np.asarray(draw.of(own) * kg_per_kwh, np.float64)
    if chemistry == LEAD_ACID:
        return np.asarray(draw.of(book.lead_share()) * draw.of(book.metal("lead")) * kg_per_kwh, np.float64)
    if not holds_paid_metals(book, chemistry):
        return np.asarray(draw.of(book.fee_without_metals()) * kg_per_kwh, np.float64)
    contained = sum(
        (draw.of(book.content(chemistry, item)) * draw.of(book.metal(metal)) for item, metal in PAID_METALS),
        np.zeros(1),
    )
    return np.asarray(draw.of(book.payable("payable_nico_battery")) * contained, np.float64)


def holds_paid_metals(book: Book, chemistry: str) -> bool:
    """Whether the chemistry has cobalt or nickel."""
    return any(book.content(chemistry, item).value > 0 for item, _ in PAID_METALS)


def paid_for_black_mass(draw: Draw, chemistry: str) -> Array:
    """What black mass of one chemistry fetches, (column,) [USD/kg]. InputError for one nobody has assayed."""
    book = draw.book
    if own := book.entry("recycler_pays_usd_per_kg", "metals"):
        return draw.of(own)
    model = book.plant
    if (BLACK_MASS_LEVEL, chemistry) not in model.composition:
        known = sorted(name for level, name in model.composition if level == BLACK_MASS_LEVEL)
        raise InputError(
            f"The content of black mass of {chemistry} is not known.",
            "chemistry",
            f"Choose one of {', '.join(known)}.",
        )
    parts = {name: np.asarray(each) for name, each in model.composition[BLACK_MASS_LEVEL, chemistry].items()}
    contained = elements(pure(parts, chemistry), model)
    worth = np.zeros(1)
    if holds_paid_metals(book, chemistry):
        metals = sum((contained[item] * draw.of(book.metal(metal)) for item, metal in PAID_METALS), worth)
        worth = draw.of(book.payable("payable_nico_black_mass")) * metals
    carbonate = model.parameter["constant"]["molar_ratio_carbonate_per_li"]
    lithium = "payable_li_black_mass"
    if not holds_paid_metals(book, chemistry):
        if book.price_set == "2022-23":
            return np.asarray(worth, np.float64)
        lithium = "payable_li_lfp_black_mass"
    price = draw.of(book.metal("lithium_carbonate"))
    return np.asarray(
        worth + draw.of(book.payable(lithium)) * contained["Li"] * carbonate * price, np.float64
    )
