"""A new notification: where to, what, how much and when, under which procedure; chosen from lists."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.law.case import vocabulary
from kitaran.reference.region import economies
from kitaran.registry.movement import figures, service
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.web import move_words
from kitaran.web import movements_words as words
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.movements_frame import HERE, NOTIFICATION, TRADES, carriers, frame
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, faults_of, form_of

NEW: Final = HERE + "/new"
THROUGH: Final = ("transit_1", "transit_2", "transit_3", "transit_4")
_GOODS: Final = ("kind", "chemistry", "condition", "purpose", "waste_code")
_PLAIN: Final = ("activity", "procedure", "quantity_kg", "first_departure", "last_departure")
_IF_GIVEN: Final = ("contract", "guarantee", "corridor", "reason")
_TOGETHER: Final = ("transit", "route")
_PARTED: Final = ("goods", "route")
_BESIDE: Final = {"importer": "facility", "destination": "facility", **dict.fromkeys(_TOGETHER, THROUGH[0])}
"""Fields of the event that this form does not ask for, and the field beside which their faults stand."""
pages = Pages()


@pages.page(NEW, "movements/new.html")
def new(request: Request) -> Page:
    """The form of a notification."""
    return Page(*_form(request, require(request, *TRADES), {}))


@pages.router.post(NEW)
async def submit(request: Request) -> Response:
    """Submit a notification."""
    return await run_in_threadpool(_submit, request, await form_of(request))


def _form(request: Request, person: Person, given: Given) -> tuple[dict[str, Any], dict[str, Any]]:
    with reading(registry.of(request).whole().engine) as connection:
        places = _places(connection, person.operator.id)
        shown = {
            **frame(request),
            "given": defaultdict(str, {"export": person.operator.economy or "", **given}),
            "places": places,
            "waste_codes": _waste_codes(connection),
            "carriers": carriers(connection, person.operator.id),
            "corridors": _corridors(connection, person),
        }
    known = move_words.choices()
    shown |= {
        "choices": {name: known[name] for name in ("kind", "chemistry", "condition", "purpose", "mode")},
        "activities": list(words.activity_words().items()),
        "procedures": [(name, move_words.procedure_words(name)) for name in ("basel_pic", "oecd_amber")],
        "through": THROUGH,
        "crumbs": [(_("Shipments"), HERE)],
    }
    ids = [one for _economy, group in places for one, _name in group]
    return {"facilities": ids, "modes": list(vocabulary()["route"]["mode"])}, shown


def _places(connection: Connection, me: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Facilities of others that are open, by the economy in which they stand."""
    names = {one.code: one.name for one in economies()}
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in facilities.facilities(connection, now()):
        if one.open_at(now()) and one.operator != me:
            economy = str(one.description["economy"])
            label = f"{one.description['name']} ({one.operator_name})"
            found[names.get(economy, economy)].append((one.id, label))
    return sorted(found.items())


def _waste_codes(connection: Connection) -> list[str]:
    """Waste codes that facilities here are registered or permitted for."""
    found: set[str] = set()
    for one in facilities.facilities(connection, now()):
        found |= set(one.description.get("waste_codes", []))
        for permit in facilities.permits(connection, one.id):
            found |= set(permit.content.get("waste_codes", []))
    return sorted(found)


def _corridors(connection: Connection, person: Person) -> list[tuple[str, str]]:
    listed = figures.listed(connection, person.acts_for, now())
    return [(one["corridor"], one["name"]) for one in listed if one["runs"]]


def _submit(request: Request, given: Given) -> Response:
    person = require(request, *TRADES)
    try:
        made = service.notify(registry.of(request).whole().hand_of(person), _payload(request, given))
    except KitaranError as error:
        facts, shown = _form(request, person, given)
        shown |= {**facts, "facts": facts, "faults": _beside(error), "twin": twin_path(NEW)}
        return HTMLResponse(render(request, "movements/new.html", shown), error.http_status)
    return RedirectResponse(f"{NOTIFICATION}/{made['notification']}", 303)


def _payload(request: Request, given: Given) -> dict[str, Any]:
    with reading(registry.of(request).whole().engine) as connection:
        place = facilities.facility(connection, given.get("facility", ""), now())
    told = {
        "export": given.get("export", "").upper(),
        "transit": [given[name].upper() for name in THROUGH if name in given],
        "destination": "" if place is None else str(place.description["economy"]),
        **_if(given, "mode"),
    }
    return {
        **{name: given.get(name, "") for name in _PLAIN},
        "importer": "" if place is None else place.operator,
        "facility": given.get("facility", ""),
        "carriers": given.get("carriers", "").split(),
        "route": told,
        "goods": {name: given[name] for name in _GOODS if name in given},
        "shipments": int(given["shipments"]) if given.get("shipments", "").isdecimal() else 0,
        **{name: given[name] for name in _IF_GIVEN if name in given},
    }


def _beside(error: KitaranError) -> list[dict[str, Any]]:
    """Faults beside the fields of the form: goods and route are parted, the facility names its keeper."""
    shown = []
    for fault, one in zip(error.faults, faults_of(error), strict=True):
        last = fault.place.partition(".payload.")[2].partition(".")[2].partition("[")[0]
        name = last if one["field"] in _PARTED and last else one["field"]
        shown.append({**one, "field": _BESIDE.get(name, name)})
    return shown


def _if(given: Given, name: str) -> dict[str, str]:
    return {name: given[name]} if name in given else {}


ENTRY = Entry(pages.router, NEW, door="/move")
