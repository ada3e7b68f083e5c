"""How long batteries last in an economy, what ends them, and how the ageing models move the headline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kitaran.web.choices import Choice, place_name
from kitaran.web.figures import DASH, figure
from kitaran.web.language import gettext as _
from kitaran.web.quantities import BATTERIES, ENERGY, quantity
from kitaran.web.results import REGION, Results, Rows
from kitaran.web.vocabulary import chemistry, use, vehicles

HORIZON = 30  # years beyond which a life is told as `over`
ALL_CLASSES = "all"
EACH_CLASS = 2
MOST_ECONOMIES = 8
_LEAST_SHARE = 0.03
_SMALL = 0.01


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


def lives(results: Results, economy: str) -> Rows:
    """How long batteries last by class, use and chemistry; the commonest of each class."""
    return [row for row in results.battery_lives(economy) if row["share"] >= _LEAST_SHARE]


def sentence(found: Change, place: str) -> str:
    """How the headline moved, in one sentence."""
    words = quantity(found.quantity)
    moved = found.engine - found.tables
    given = {
        "place": place,
        "year": found.year,
        "tables": words.amount(found.tables),
        "engine": words.amount(found.engine),
        "moved": words.amount(abs(moved)),
    }
    if abs(moved) < _SMALL * max(found.tables, found.engine):
        return (
            _("In %(year)s the ageing models hardly move it: %(engine)s, by lifetime tables %(tables)s.")
            % given
        )
    if moved < 0:
        return (
            _("In %(year)s: %(tables)s by lifetime tables, %(engine)s by the ageing models, %(moved)s less.")
            % given
        )
    return (
        _("In %(year)s: %(tables)s by lifetime tables, %(engine)s by the ageing models, %(moved)s more.")
        % given
    )


def reasons(found: Change, rows: Rows) -> list[str]:
    """Why it moved: for the classes that moved it most, what their commonest battery does here."""
    words, said = quantity(found.quantity), []
    whole = max(sum(abs(row["change_of_mean"]) for row in found.by_class), 1e-12)
    for move in found.by_class[:3]:
        if abs(move["change_of_mean"]) < 0.1 * whole:
            continue
        amount = words.amount(abs(move["change_of_mean"]))
        part = _("%(vehicles)s: %(amount)s less in the mean of all results.")
        if move["change_of_mean"] > 0:
            part = _("%(vehicles)s: %(amount)s more in the mean of all results.")
        text = part % {"vehicles": vehicles(move["vehicle_class"]), "amount": amount}
        typical = next(
            (
                row
                for row in rows
                if row["vehicle_class"] == move["vehicle_class"] and row["basis"] == "model"
            ),
            None,
        )
        said.append(f"{text} {_why(typical)}" if typical else text)
    return said


def _why(row: dict[str, Any]) -> str:
    """What happens to the commonest battery of a class."""
    given = {
        "kind": f"{use(row['use'])}, {chemistry(row['chemistry'])}",
        "years": years(row["battery_years_p50"]),
        "table": figure(row["table_years"], 2),
        "vehicle": figure(row["vehicle_years"], 2),
        "scrapped": percent(row["ended_scrapped"]),
        "worn": percent(row["ended_wear"]),
        "failed": percent(row["ended_fault"]),
    }
    if row["battery_years_p50"] > row["vehicle_years"]:
        return (
            _(
                "Half of the batteries (%(kind)s) would last %(years)s years in this climate, where the "
                "table has a mean of %(table)s; the vehicle is gone after %(vehicle)s, so %(scrapped)s of "
                "them end with it, %(worn)s by wear and %(failed)s by faults."
            )
            % given
        )
    return (
        _(
            "Half of the batteries (%(kind)s) are done after %(years)s years in this climate, before the "
            "vehicle (%(vehicle)s years); the table has a mean of %(table)s. Wear ends %(worn)s of them, "
            "faults %(failed)s."
        )
        % given
    )


def basis_sentence(found: Change) -> str:
    """What retired by what, and how far the models stand on tested ground."""
    if found.share_by_model is None:
        return ""
    given = {"model": percent(found.share_by_model), "table": percent(1 - found.share_by_model)}
    text = _("%(model)s of this retires by an ageing model, %(table)s by the lifetime tables.") % given
    if found.outside is not None:
        text += " " + _("%(outside)s of the models' time lies outside the conditions of their tests.") % {
            "outside": percent(found.outside)
        }
    return text


def percent(share: float | None) -> str:
    """A share in whole percent."""
    return "" if share is None else f"{round(100 * share)}\u00a0%"


def years(value: float | None) -> str:
    """Years to two figures, and `over 30` where the forecast does not look further."""
    if value is None:
        return ""
    return _("over %(years)s") % {"years": HORIZON} if value >= HORIZON - 1e-6 else figure(value, 2)


def class_columns(words_of_part: str) -> list[dict[str, Any]]:
    """Heads of the table of what moved."""
    return [
        {"key": "part", "label": words_of_part, "heading": True},
        {"key": "tables", "label": _("Median by lifetime tables"), "number": True},
        {"key": "engine", "label": _("Median by ageing models"), "number": True},
        {"key": "moved", "label": _("Change of the mean"), "number": True},
    ]


def class_rows(rows: Rows, column: str) -> list[dict[str, Any]]:
    """What moved, for the table."""
    named = vehicles if column == "vehicle_class" else place_name
    return [
        {
            "part": named(row[column]),
            "tables": figure(row["tables_p50"]),
            "engine": figure(row["engine_p50"]),
            "moved": signed(row["change_of_mean"]),
        }
        for row in rows
    ]


def signed(value: float) -> str:
    """A change with its sign."""
    if value == 0:
        return "0"
    return f"{'+' if value > 0 else '−'}{figure(abs(value))}"


def life_columns() -> list[dict[str, Any]]:
    """Heads of the table of lives."""
    return [
        {"key": "kind", "label": _("Vehicle, use and chemistry"), "heading": True},
        {"key": "wear", "label": _("Years until worn, here"), "number": True},
        {"key": "wear_band", "label": _("8 times in 10"), "number": True},
        {"key": "battery", "label": _("Years until worn, faulty or too old"), "number": True},
        {"key": "table", "label": _("Mean life by the table"), "number": True},
        {"key": "vehicle", "label": _("Years of the vehicle"), "number": True},
        {"key": "scrapped", "label": _("End with the vehicle"), "number": True},
        {"key": "by", "label": _("Told by")},
        {"key": "outside", "label": _("Time outside tested range"), "number": True},
    ]


def life_rows(rows: Rows) -> list[dict[str, Any]]:
    """Lives, for a table."""
    return [
        {
            "kind": f"{vehicles(row['vehicle_class'])}, {use(row['use'])}, {chemistry(row['chemistry'])}",
            "wear": years(row["threshold_years_p50"]),
            "wear_band": _band(row["threshold_years_p10"], row["threshold_years_p90"]),
            "battery": years(row["battery_years_p50"]),
            "table": figure(row["table_years"], 2),
            "vehicle": figure(row["vehicle_years"], 2),
            "scrapped": percent(row["ended_scrapped"]),
            "by": {"text": row["models"], "raw": True} if row["models"] else _("Lifetime table"),
            "outside": percent(row["outside_tested_range"]),
        }
        for row in rows
    ]


def _commonest(rows: Rows) -> Rows:
    """The two commonest kinds of battery of each class."""
    seen: dict[str, int] = {}
    kept = []
    for row in rows:
        seen[row["vehicle_class"]] = seen.get(row["vehicle_class"], 0) + 1
        if seen[row["vehicle_class"]] <= EACH_CLASS:
            kept.append(row)
    return kept


def _band(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    if high < HORIZON - 1e-6:
        return f"{figure(low, 2)} {DASH} {figure(high, 2)}"
    if low >= HORIZON - 1e-6:
        return _("over %(years)s") % {"years": HORIZON}
    return _("%(low)s or more") % {"low": figure(low, 2)}


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
