"""What used vehicles, packs, modules, cells and black mass are worth, where and when.

    >>> from kitaran import valuation
    >>> worth = valuation.value("NMC622", [60.0, 40.0], "THA", soh=[0.82, 0.7], age=8)
    >>> worth.value_usd, worth.route                          # doctest: +SKIP
    (array([...]), array(['reuse', 'recycle']))

Numbers live in the fact tables `value_...`, `vehicle_values`, `prices` and `plant_...`; `docs/value.md` has
every equation.
"""

from __future__ import annotations

from kitaran.planning.market.valuation.book import Book
from kitaran.planning.market.valuation.currency import Rate, rate
from kitaran.planning.market.valuation.description import as_dict
from kitaran.planning.market.valuation.figures import Figure
from kitaran.planning.market.valuation.lot import CONDITIONS, FORMS, VEHICLE_CLASSES, Kind, Lot
from kitaran.planning.market.valuation.own import OWN_NAMES
from kitaran.planning.market.valuation.reasons import REASONS
from kitaran.planning.market.valuation.routes import ROUTES
from kitaran.planning.market.valuation.sensitivity import Swing, swings
from kitaran.planning.market.valuation.value import Valuation, value

__all__ = [
    "CONDITIONS",
    "FORMS",
    "OWN_NAMES",
    "REASONS",
    "ROUTES",
    "VEHICLE_CLASSES",
    "Book",
    "Figure",
    "Kind",
    "Lot",
    "Rate",
    "Swing",
    "Valuation",
    "as_dict",
    "rate",
    "swings",
    "value",
]
