"""Where do retired batteries go? From vehicles to second uses, recyclers, other countries and the ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace
from kitaran.web import choices, empty
from kitaran.web.entries import Entry
from kitaran.web.figures import figure, span
from kitaran.web.flows import words as flows_words
from kitaran.web.flows.answer import Flow, drawn, flows, has_flows, share_of, stored
from kitaran.web.flows.picture import Picture, picture
from kitaran.web.flows.words import ALL, GROUPS
from kitaran.web.language import gettext as _
from kitaran.web.materials.words import share
from kitaran.web.pages import Page, Pages
from kitaran.web.results import REGION, Results, current

pages = Pages()
HERE = "/plan/flows"
_GROUP = "lithium"


@pages.page(HERE, "flows/flows.html")
def flows_page(
    request: Request,
    economy: str = choices.FIRST_ECONOMY,
    year: int = choices.FIRST_YEAR,
    group: str = _GROUP,
) -> Page:
    """One place and year: the picture of flows and the same figures as a table."""
    workspace: Workspace = request.app.state.workspace
    results = current(workspace)
    if results is None:
        return empty.page()
    code = choices.checked_economy(results, economy)
    checked = choices.checked_year(results, year)
    _checked_group(group)
    place = choices.place_name(code)
    if not has_flows(results):
        lacking = {"run": results.id, "economy": code, "name": place, "flows": None}
        return Page(
            lacking,
            {"lacking": _lacking(place), "crumbs": choices.crumbs(code)},
            template="parts/older_run.html",
        )
    found = flows(results, code, checked, group)
    return Page(_facts(results, code, checked, group, found), _shown(results, code, checked, group, found))


def _checked_group(group: str) -> None:
    if group not in GROUPS:
        raise InputError(
            f"There is no group of batteries {group!r}.", "group", f"Choose one of {', '.join(GROUPS)}."
        )


def _facts(results: Results, code: str, year: int, group: str, found: Sequence[Flow]) -> dict[str, Any]:
    rows = results.headline(code, "collected_mass", year)
    return {
        "run": results.id,
        "economy": code,
        "name": choices.place_name(code),
        "year": year,
        "group": group,
        "sentence": _sentence(choices.place_name(code), year, group, found),
        "grade": rows[0]["grade"] if rows else None,
        "unit": "t",
        "flows": [
            {"from": flow.start, "to": flow.to, "p10": flow.p10, "p50": flow.p50, "p90": flow.p90}
            for flow in found
        ],
        "stores_gwh": dict(stored(results.stores(code, year), group)),
    }


def _sentence(place: str, year: int, group: str, found: Sequence[Flow]) -> str:
    """The year in one sentence; who collects decides what can be won."""
    leaving = sum(flow.p50 for flow in found if flow.start == "retired")
    formal = share_of(found, ["retired"], ["formal_collection"])
    if not leaving or formal is None:
        return _("No %(batteries)s retire in %(place)s in %(year)s.") % {
            "batteries": flows_words.batteries(group),
            "place": place,
            "year": year,
        }
    words = {
        "mass": figure(leaving),
        "batteries": flows_words.batteries(group),
        "place": place,
        "year": year,
        "formal": share(formal),
        "informal": share(share_of(found, ["retired"], ["informal_collection"]) or 0.0),
        "rest": share(share_of(found, ["retired"], ["hoard", "lost", "exported_in_vehicles"]) or 0.0),
    }
    return (
        _(
            "Of %(mass)s tonnes of %(batteries)s that retire in %(place)s in %(year)s, %(formal)s reach "
            "licensed collectors and %(informal)s informal ones; %(rest)s stay with owners, are lost or "
            "leave in used vehicles."
        )
        % words
    )


def _shown(results: Results, code: str, year: int, group: str, found: Sequence[Flow]) -> dict[str, Any]:
    """Words, picture and tables of the page."""
    place = choices.place_name(code)
    return {
        "place": place,
        "is_region": code == REGION,
        "chosen": {"economy": code, "year": year, "group": group},
        "place_options": choices.place_options(results),
        "year_options": [(each, each) for each in results.years],
        "group_options": flows_words.groups(),
        "picture": picture(drawn(found)),
        "name": flows_words.place,
        "figure": figure,
        "kinds": _kinds(picture(drawn(found))),
        "flow_table": (_columns(group), [_row(flow) for flow in found if flow.p50 > 0]),
        "store_table": (_store_columns(), _store_rows(stored(results.stores(code, year), group))),
        "materials_address": f"/plan/materials?{urlencode({'economy': code, 'year': year})}",
        "crumbs": choices.crumbs(code),
    }


def _lacking(place: str) -> dict[str, str]:
    """Words for a run of a version that did not follow batteries."""
    return {
        "title": _("Flows of retired batteries: %(place)s") % {"place": place},
        "heading": _("This forecast does not know where retired batteries go"),
        "why": _(
            "The forecast shown here was made by an older version, which did not follow batteries after they "
            "retire."
        ),
    }


def _kinds(shown: Picture) -> list[tuple[str, str]]:
    """Legend of the colours that the picture has."""
    words = {
        "way": _("on its way"),
        "second": _("used again"),
        "won": _("recovered"),
        "waiting": _("waits"),
        "abroad": _("leaves the country"),
        "informal": _("informal or lost"),
        "rest": _("rest"),
    }
    present = {ribbon.kind for ribbon in shown.ribbons}
    return [(kind, text) for kind, text in words.items() if kind in present]


def _columns(group: str) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = [
        {"key": "start", "label": _("From"), "heading": True},
        {"key": "to", "label": _("To")},
        {"key": "mass", "label": _("Tonnes"), "number": True},
    ]
    band: dict[str, Any] = {"key": "band", "label": _("8 times in 10"), "number": True}
    return [*columns, *([band] if group != ALL else [])]


def _row(flow: Flow) -> dict[str, Any]:
    return {
        "start": flows_words.place(flow.start),
        "to": flows_words.place(flow.to),
        "mass": figure(flow.p50),
        "band": span(flow.p10, flow.p90) if flow.p10 is not None and flow.p90 is not None else "",
    }


def _store_columns() -> list[dict[str, Any]]:
    return [
        {"key": "place", "label": _("Where"), "heading": True},
        {"key": "energy", "label": _("GWh when new"), "number": True},
    ]


def _store_rows(energy: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {"place": flows_words.place(place), "energy": figure(amount)}
        for place, amount in energy.items()
        if amount > 0
    ]


ENTRY = Entry(pages.router, HERE, label=lambda: _("Flows"), order=12, paths=lambda _: [HERE])
