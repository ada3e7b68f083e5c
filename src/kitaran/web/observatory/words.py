"""Words and tables of the observatory's pages."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from kitaran.observatory import Proposal
from kitaran.web.figures import figure, whole
from kitaran.web.language import gettext as _
from kitaran.web.vocabulary import chemistry, vehicles

STATES: Final = ("proposed", "accepted", "replaced", "rejected", "undone")
"""In the order of the page; of accepted ones those of which nothing is in use any more are `replaced`."""
Table = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def state_words(state: str) -> str:
    """What was decided, in the reader's words."""
    return {
        "proposed": _("Waiting for a decision"),
        "accepted": _("In use"),
        "replaced": _("Replaced by a later one"),
        "rejected": _("Rejected"),
        "undone": _("Taken out again"),
    }[state]


def shown_state(proposal: Mapping[str, Any]) -> str:
    """The state as a reader understands it: accepted is not in use where a later one holds."""
    gone = proposal["state"] == "accepted" and not proposal["holds"]
    return "replaced" if gone else str(proposal["state"])


def replaced_words(replaced: Mapping[str, str]) -> list[tuple[str, str]]:
    """Proposals that hold in the place of another: id, and the classes for which they do."""
    by_id: dict[str, list[str]] = {}
    for name, one in replaced.items():
        by_id.setdefault(one, []).append(vehicles(name))
    return [(one, ", ".join(names)) for one, names in by_id.items()]


def effect_table(headline: list[dict[str, Any]]) -> Table:
    """What retires in a year, now and with the proposal."""
    columns = [
        {"key": "what", "label": _("What retires"), "heading": True},
        {"key": "now", "label": _("Now"), "number": True},
        {"key": "now_range", "label": _("8 times in 10 between"), "number": True},
        {"key": "then", "label": _("With it"), "number": True},
        {"key": "then_range", "label": _("8 times in 10 between"), "number": True},
        {"key": "change", "label": _("Change of the median"), "number": True},
    ]
    return columns, [_effect_row(row) for row in headline]


def _effect_row(row: dict[str, Any]) -> dict[str, str]:
    before, after = row["before"], row["after"]
    names = {"retired_batteries": _("Batteries, %(year)s"), "retired_energy": _("GWh, %(year)s")}
    return {
        "what": names[row["quantity"]] % {"year": row["year"]},
        "now": figure(before["p50"]),
        "now_range": _range(before),
        "then": figure(after["p50"]),
        "then_range": _range(after),
        "change": _signed(after["p50"] - before["p50"]),
    }


def _range(band: dict[str, float]) -> str:
    return _("%(low)s to %(high)s") % {"low": figure(band["p10"]), "high": figure(band["p90"])}


def _signed(value: float) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{figure(abs(value))}"


def stock_tables(stock: list[dict[str, Any]]) -> list[tuple[str, Table]]:
    """Vehicles in use by year of first registration, one table a class."""
    columns = [
        {"key": "cohort", "label": _("First registered"), "heading": True},
        {"key": "modelled", "label": _("Modelled"), "number": True},
        {"key": "in_use", "label": _("With it"), "number": True},
        {"key": "adjustment", "label": _("Adjustment"), "number": True},
    ]
    return [
        (vehicles(name), (columns, [_stock_row(row) for row in rows]))
        for name, rows in groupby(stock, lambda row: str(row["vehicle_class"]))
    ]


def _stock_row(row: dict[str, Any]) -> dict[str, str]:
    touched = row["counted"] is not None
    cohort = str(row["cohort"])
    return {
        "cohort": _("%(year)s and before") % {"year": cohort} if row["cohort"] == 2000 else cohort,
        "modelled": whole(round(row["modelled"])),
        "in_use": whole(round(row["in_use"])),
        "adjustment": _signed(round(row["adjustment"])) if touched else "",
    }


def parts_table(proposal: Proposal) -> Table:
    """What the proposal is made of, by class: vehicles of the register and registered batteries."""
    columns: list[dict[str, Any]] = [
        {"key": "class", "label": _("Class"), "heading": True},
        {"key": "all", "label": _("Counted by the register"), "number": True},
        {"key": "known", "label": _("With known chemistry"), "number": True},
        {"key": "registered", "label": _("Registered batteries"), "number": True},
        {"key": "chemistries", "label": _("Chemistries")},
    ]
    return columns, [_part_row(proposal, name) for name in proposal.classes]


def _part_row(proposal: Proposal, name: str) -> dict[str, str]:
    cells = [cell for cell in proposal.cells if cell.vehicle_class == name]
    counted = [cell for cell in cells if cell.counted == "all"]
    known = [cell for cell in counted if cell.chemistry != "any"]
    registered = [cell for cell in proposal.registry["cells"] if cell["vehicle_class"] == name]
    found = sorted({cell.chemistry for cell in cells if cell.chemistry != "any" and cell.count})
    return {
        "class": vehicles(name),
        "all": whole(sum(cell.count for cell in counted)),
        "known": whole(sum(cell.count for cell in known)),
        "registered": whole(sum(cell["count"] for cell in registered)),
        "chemistries": ", ".join(chemistry(code) for code in found),
    }
