"""How long batteries last in an economy, what ends them, and how the ageing models move the headline."""

from __future__ import annotations

from typing import Any

from kitaran.web.battery_lives.change import change
from kitaran.web.battery_lives.tables import class_columns, class_rows, life_columns, life_rows
from kitaran.web.battery_lives.words import basis_sentence, reasons, sentence
from kitaran.web.choices import Choice, place_name
from kitaran.web.language import gettext as _
from kitaran.web.quantities import quantity
from kitaran.web.results import Results, Rows

EACH_CLASS = 2
_LEAST_SHARE = 0.03


def lives(results: Results, economy: str) -> Rows:
    """How long batteries last by class, use and chemistry; the commonest of each class."""
    return [row for row in results.battery_lives(economy) if row["share"] >= _LEAST_SHARE]


def _commonest(rows: Rows) -> Rows:
    """The two commonest kinds of battery of each class."""
    seen: dict[str, int] = {}
    kept = []
    for row in rows:
        seen[row["vehicle_class"]] = seen.get(row["vehicle_class"], 0) + 1
        if seen[row["vehicle_class"]] <= EACH_CLASS:
            kept.append(row)
    return kept


def facts_and_words(results: Results, choice: Choice) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the page's data twin and its template take."""
    found, rows = change(results, choice), lives(results, choice.economy)
    told = results.manifest.get("battery_lifetimes")
    facts: dict[str, Any] = {
        "battery_lifetimes": told,
        "lifetime_change": None,
        "battery_lives": rows,
    }
    commonest = _commonest(rows)
    shown: dict[str, Any] = {
        "change": None,
        "life_rows": life_rows(commonest),
        "other_life_rows": life_rows([row for row in rows if row not in commonest]),
        "life_columns": life_columns(),
        "life_places": next((row["places"] for row in rows if row["places"]), ""),
    }
    if found is not None:
        said, why = sentence(found, place_name(choice.economy)), reasons(found, rows)
        basis = basis_sentence(found)
        facts["lifetime_change"] = {**found.as_dict(), "sentence": said, "reasons": why, "basis": basis}
        shown["change"] = {
            "sentence": said,
            "reasons": why,
            "basis": basis,
            "caption": quantity(found.quantity).label,
            "columns": class_columns(_("Vehicles")),
            "rows": class_rows(found.by_class, "vehicle_class"),
            "economy_columns": class_columns(_("Economy")),
            "economy_rows": class_rows(found.by_economy, "economy"),
        }
    return facts, shown
