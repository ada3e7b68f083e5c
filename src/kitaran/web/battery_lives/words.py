"""How the headline moved and why, in sentences."""

from __future__ import annotations

from typing import Any

from kitaran.web.battery_lives.change import Change
from kitaran.web.figures import figure
from kitaran.web.language import gettext as _
from kitaran.web.quantities import quantity
from kitaran.web.results import Rows
from kitaran.web.vocabulary import chemistry, use, vehicles

HORIZON = 30  # years beyond which a life is told as `over`
_SMALL = 0.01


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
