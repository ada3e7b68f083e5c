"""How the ageing models move the headline of a year, beside the lifetime tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kitaran.web.choices import Choice
from kitaran.web.quantities import BATTERIES, ENERGY
from kitaran.web.results import REGION, Results, Rows

ALL_CLASSES = "all"
MOST_ECONOMIES = 8


@dataclass(frozen=True)
class Change:
    """How the headline of a year moved: both medians, and each class's part of the mean difference.

    share_by_model, outside : of what retires in the year, and of the models' time
    """

    quantity: str
    unit: str
    year: int
    engine: float
    tables: float
    by_class: Rows
    by_economy: Rows
    share_by_model: float | None
    outside: float | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "quantity": self.quantity,
            "unit": self.unit,
            "year": self.year,
            "by_ageing_models": self.engine,
            "by_lifetime_tables": self.tables,
            "by_class": self.by_class,
            "by_economy": self.by_economy,
            "share_retired_by_a_model": self.share_by_model,
            "share_of_time_outside_tested_range": self.outside,
        }


def change(results: Results, choice: Choice) -> Change | None:
    """The move of the headline; None for a run by tables, and for older runs that did not compare."""
    counted = choice.quantity if choice.quantity in (ENERGY, BATTERIES) else ENERGY
    rows = {
        row["vehicle_class"]: row for row in results.lifetime_change(choice.economy, choice.year, counted)
    }
    whole = rows.pop(ALL_CLASSES, None)
    if whole is None:
        return None
    basis = {
        row["vehicle_class"]: row for row in results.lifetime_basis(choice.economy, choice.year, counted)
    }.get(ALL_CLASSES, {})
    return Change(
        counted,
        whole["unit"],
        choice.year,
        whole["engine_p50"],
        whole["tables_p50"],
        _moves(rows.values(), "vehicle_class"),
        _economies(results, choice, counted) if choice.economy == REGION else [],
        basis.get("by_model"),
        basis.get("outside_tested_range"),
    )


def _moves(rows: Iterable[dict[str, Any]], column: str) -> Rows:
    """Parts of a change, the largest first."""
    kept = ("engine_p50", "tables_p50", "engine_mean", "tables_mean")
    moves = [
        {column: row[column], **{key: row[key] for key in kept}}
        | {"change_of_mean": row["engine_mean"] - row["tables_mean"]}
        for row in rows
    ]
    return sorted(moves, key=lambda row: -abs(row["change_of_mean"]))


def _economies(results: Results, choice: Choice, counted: str) -> Rows:
    """The economies that move the sum most."""
    inside = set(results.economies)
    rows = [
        row
        for row in results.lifetime_change(None, choice.year, counted)
        if row["vehicle_class"] == ALL_CLASSES and row["economy"] in inside
    ]
    return _moves(rows, "economy")[:MOST_ECONOMIES]
