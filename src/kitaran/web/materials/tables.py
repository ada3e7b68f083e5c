"""Tables of the page of materials: need and recovery, laws on recycled content, imports by stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kitaran.reference import economies
from kitaran.web import choices
from kitaran.web.figures import figure, span
from kitaran.web.language import gettext as _
from kitaran.web.materials import words as materials_words
from kitaran.web.materials.answer import ALL_MATERIALS, Imported, Needed, Reached

Cells = list[dict[str, Any]]


def needed_table(rows: Sequence[Needed]) -> tuple[Cells, Cells]:
    """Heads and rows: every element with its need, what comes back, and the share covered."""
    return _needed_columns(), [_needed_row(row) for row in rows]


def import_table(stages: Sequence[Imported]) -> tuple[Cells, Cells]:
    """Heads and rows: the stages of which plants are known."""
    return _import_columns(), [_import_row(each) for each in stages if each.known]


def _needed_columns() -> list[dict[str, Any]]:
    return [
        {"key": "element", "label": _("Material"), "heading": True},
        {"key": "demand", "label": _("Needed, tonnes"), "number": True},
        {"key": "demand_band", "label": _("8 times in 10"), "number": True},
        {"key": "back", "label": _("Comes back, tonnes"), "number": True},
        {"key": "share", "label": _("Share covered"), "number": True},
        {"key": "share_band", "label": _("8 times in 10"), "number": True},
        {"key": "grade", "label": _("Grade")},
    ]


def _needed_row(row: Needed) -> dict[str, Any]:
    return {
        "element": materials_words.element(row.element),
        "demand": figure(row.demand["p50"]),
        "demand_band": span(row.demand["p10"], row.demand["p90"]),
        "back": figure(row.recovered["p50"]) if row.recovered else "",
        "share": materials_words.share(row.share["p50"]),
        "share_band": materials_words.shares(row.share["p10"], row.share["p90"]),
        "grade": {"text": row.share["grade"], "raw": True},
    }


def laws_tables(laws: Sequence[Reached]) -> list[dict[str, Any]]:
    """A table for each law: who asks, its heads and its rows."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for each in laws:
        found.setdefault((each.target.cc, each.target.instrument), []).append(_law_row(each))
    return [
        {
            "who": materials_words.law(cc, choices.place_name(_code_of(cc))),
            "instrument": instrument,
            "columns": _law_columns(),
            "rows": rows,
        }
        for (cc, instrument), rows in found.items()
    ]


def _law_columns() -> list[dict[str, Any]]:
    return [
        {"key": "element", "label": _("Material"), "heading": True},
        {"key": "year", "label": _("From")},
        {"key": "asked", "label": _("Asked"), "number": True},
        {"key": "reachable", "label": _("Reachable here"), "number": True},
        {"key": "band", "label": _("8 times in 10"), "number": True},
        {"key": "often", "label": _("Reached")},
    ]


def _law_row(each: Reached) -> dict[str, Any]:
    whole = _("All but lead, by mass")
    return {
        "element": whole if each.element == ALL_MATERIALS else materials_words.element(each.element),
        "year": {"text": str(each.year), "raw": True},
        "asked": materials_words.share(each.target.share),
        "reachable": materials_words.share(each.median),
        "band": materials_words.shares(each.low, each.high),
        "often": materials_words.how_often(each.often),
    }


def _code_of(cc: str) -> str:
    return next((each.code for each in economies() if each.iso2 == cc), cc)


def _import_columns() -> list[dict[str, Any]]:
    return [
        {"key": "stage", "label": _("What is made"), "heading": True},
        {"key": "imported", "label": _("Share imported"), "number": True},
        {"key": "band", "label": _("If more or less is built"), "number": True},
        {"key": "grade", "label": _("Grade")},
    ]


def _import_row(each: Imported) -> dict[str, Any]:
    return {
        "stage": materials_words.stage(each.stage),
        "imported": materials_words.share(each.middle),
        "band": materials_words.shares(each.least, each.most) if each.least < each.most else "",
        "grade": {"text": each.grade, "raw": True},
    }
