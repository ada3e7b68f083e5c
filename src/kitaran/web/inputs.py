"""Where a number comes from: every row that one economy's result rests on."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import Request

from kitaran import reference
from kitaran.foundation.errors import NotFoundError
from kitaran.foundation.workspace import Workspace
from kitaran.reference import Row
from kitaran.web import choices, empty
from kitaran.web.choices import Choice
from kitaran.web.entries import Entry
from kitaran.web.figures import span
from kitaran.web.figures import whole as exact
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages
from kitaran.web.quantities import ENERGY, answer
from kitaran.web.results import Results, current
from kitaran.web.vocabulary import place_of_role, role, vehicle_classes, vehicles

pages = Pages()


@pages.page("/plan/{economy}/inputs", "inputs.html")
def inputs(
    request: Request,
    economy: str,
    year: int = choices.FIRST_YEAR,
    quantity: str = ENERGY,
    vehicle_class: str = "",
) -> Page:
    """The rows behind an economy's result, by what they are used for."""
    workspace: Workspace = request.app.state.workspace
    results = current(workspace)
    if results is None:
        return empty.page()
    code, checked = choices.checked_economy(results, economy), choices.checked_year(results, year)
    choice = Choice(code, checked, choices.checked_quantity(quantity))
    row = results.headline(choice.economy, choice.quantity, choice.year)[0]
    place = choices.place_name(choice.economy)
    groups = _groups(results, choice, vehicle_class, workspace)
    facts: dict[str, Any] = {
        "run": results.id,
        "name": place,
        **{key: row[key] for key in ("economy", "year", "quantity", "unit", "p10", "p50", "p90", "grade")},
        "sentence": str(answer(row, place)),
        "grades": results.grade(choice.economy),
        "inputs": groups,
    }
    classes = vehicle_classes()
    present = {each["vehicle_class"] for group in groups for each in group["rows"]}
    shown = {
        "place": place,
        "choice": choice,
        "vehicle_class": vehicle_class,
        "heads": _heads(),
        "tables": [
            {"role": group["role"], "title": group["title"], "rows": [_cells(r) for r in group["rows"]]}
            for group in groups
        ],
        "class_options": [("", _("All vehicles")), *((c, label) for c, label in classes.items())],
        "any_proxy": any(each["proxy_for"] for group in groups for each in group["rows"]),
        "count": sum(len(group["rows"]) for group in groups),
        "classes_present": sorted(present),
        "crumbs": [(_("Plan"), "/plan"), (place, f"/plan/{choice.economy}?{choice.query(economy=None)}")],
    }
    return Page(facts, shown)


def _groups(
    results: Results, choice: Choice, vehicle_class: str, workspace: Workspace
) -> list[dict[str, Any]]:
    """Inputs by role, in the order of the vocabulary."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in results.inputs(choice.economy):
        if vehicle_class and each["vehicle_class"] not in ("", vehicle_class):
            continue
        found = _row(each["table"], each["row_id"], workspace)
        groups.setdefault(each["role"], []).append(_facts(each, found))
    ordered = sorted(groups, key=place_of_role)
    return [{"role": code, "title": role(code), "rows": groups[code]} for code in ordered]


def _row(table: str, row_id: str, workspace: Workspace) -> Row | None:
    """The row as it stands now; None if it has been replaced since the run."""
    try:
        return reference.read(table, workspace.overrides).by_id(row_id)
    except NotFoundError:
        return None


def _facts(each: dict[str, Any], found: Row | None) -> dict[str, Any]:
    kept = {key: each[key] for key in ("vehicle_class", "table", "row_id", "grade", "proxy_for", "note")}
    if found is None:
        return {**kept, "value": None, "low": None, "high": None, "unit": "", "source": "", "present": False}
    figures = {"value": found.value, "low": found.low, "high": found.high}
    return {**kept, **figures, "unit": found.unit, "source": found.source, "present": True}


def _cells(each: dict[str, Any]) -> dict[str, Any]:
    source = each["source"]
    unit = each["unit"]
    value = exact(each["value"])
    proxy = each["proxy_for"]
    return {
        "row": {
            "text": each["row_id"],
            "href": f"/data/{quote(each['row_id'])}" if each["present"] else "",
            "raw": True,
        },
        "vehicle_class": vehicles(each["vehicle_class"]),
        "value": {"text": f"{value} {unit}".strip(), "raw": True} if value else None,
        "range": span(each["low"], each["high"]) or {"text": ""},
        "source": {"text": source, "href": f"/data/sources/{quote(source)}", "raw": True} if source else None,
        "grade": each["grade"],
        "proxy": _("stands in for %(place)s") % {"place": choices.place_name(proxy)} if proxy else "",
        "note": each["note"],
        "mark": "",
    }


def _heads() -> list[dict[str, Any]]:
    return [
        {"key": "row", "label": _("Table and row"), "heading": True},
        {"key": "vehicle_class", "label": _("Vehicles")},
        {"key": "value", "label": _("Value"), "number": True},
        {"key": "range", "label": _("Range"), "number": True},
        {"key": "source", "label": _("Source")},
        {"key": "grade", "label": _("Grade")},
    ]


def paths(workspace: Workspace) -> list[str]:
    """One page for each economy of the run."""
    results = current(workspace)
    return [f"/plan/{code}/inputs" for code in results.economies] if results else []


ENTRY = Entry(pages.router, "/plan/inputs", paths=paths)
