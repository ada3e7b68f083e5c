"""Where the fleet that a source publishes does not follow from sales: shown, not hidden."""

from __future__ import annotations

from typing import Any

from kitaran.web.figures import figure
from kitaran.web.language import gettext as _
from kitaran.web.results import Results
from kitaran.web.vocabulary import vehicles


def fleet_check(results: Results, economy: str) -> list[dict[str, Any]]:
    """Published and modelled vehicles in use, the explicit adjustment and what is left, by class and year."""
    return [
        {
            key: row[key]
            for key in ("vehicle_class", "year", "published_stock", "modelled_stock", "adjustment", "gap")
        }
        for row in results.adjustment(economy)
    ]


def columns() -> list[dict[str, Any]]:
    """Heads of its table."""
    return [
        {"key": "vehicles", "label": _("Vehicles"), "heading": True},
        {"key": "year", "label": _("Year")},
        {"key": "published", "label": _("Published in use"), "number": True},
        {"key": "modelled", "label": _("In use by the model"), "number": True},
        {"key": "adjustment", "label": _("Entered without a recorded sale"), "number": True},
        {"key": "gap", "label": _("Left open"), "number": True},
    ]


def cells(row: dict[str, Any]) -> dict[str, Any]:
    """One row for the table."""
    return {
        "vehicles": vehicles(row["vehicle_class"]),
        "year": row["year"],
        "published": figure(row["published_stock"]),
        "modelled": figure(row["modelled_stock"]),
        "adjustment": figure(row["adjustment"]),
        "gap": figure(row["gap"]),
    }
