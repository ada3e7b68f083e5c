"""What a notification and a movement without one ask alike: where to, through where, by whom, and what."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from fastapi import Request
from sqlalchemy import Connection

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.registry.movement import figures
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.web.choices import place_name
from kitaran.web.language import gettext as _
from kitaran.web.move import words as move_words
from kitaran.web.movements import words
from kitaran.web.movements.acts import in_words
from kitaran.web.movements.frame import HERE, carriers, frame
from kitaran.web.parties_clicks import Given, faults_of

THROUGH: Final = ("transit_1", "transit_2", "transit_3", "transit_4")
_GOODS: Final = ("kind", "chemistry", "condition", "purpose", "waste_code")
_ALONE: Final = "$.payload.alone."
_PARTED: Final = ("goods", "route")
_BESIDE: Final = {"importer": "facility", "destination": "facility"} | dict.fromkeys(
    ("transit", "route"), THROUGH[0]
)
"""Fields of the event that the form does not ask for, and the field beside which their faults stand."""


def form(request: Request, person: Person, given: Given) -> dict[str, Any]:
    """The lists from which the reader chooses, and what was typed."""
    me = person.operator
    with reading(registry.of(request).whole().engine) as connection:
        shown = {
            "places": _places(connection, me.id),
            "waste_codes": _waste_codes(connection),
            "carriers": carriers(connection, me.id),
            "corridors": _corridors(connection, person),
        }
    known = move_words.choices()
    return {
        **frame(request),
        **shown,
        "given": defaultdict(str, {"export": me.economy or "", **given}),
        "choices": {name: known[name] for name in ("kind", "chemistry", "condition", "purpose", "mode")},
        "activities": list(words.activity_words().items()),
        "through": THROUGH,
        "crumbs": [(_("Shipments"), HERE)],
    }


def _places(connection: Connection, me: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Facilities of others that are open, by the economy in which they stand."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in facilities.facilities(connection, now()):
        if one.open_at(now()) and one.operator != me:
            economy = str(one.description["economy"])
            label = f"{one.description['name']} ({one.operator_name})"
            found[place_name(economy)].append((one.id, label))
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


def payload(request: Request, given: Given) -> dict[str, Any]:
    """What the form says; the facility names its keeper as importer, and its economy as destination."""
    with reading(registry.of(request).whole().engine) as connection:
        place = facilities.facility(connection, given.get("facility", ""), now())
    route = {
        "export": given.get("export", "").upper(),
        "transit": [given[name].upper() for name in THROUGH if name in given],
        "destination": "" if place is None else str(place.description["economy"]),
        **if_given(given, "mode"),
    }
    return {
        **{name: given.get(name, "") for name in ("facility", "activity", "procedure")},
        "importer": "" if place is None else place.operator,
        "carriers": given.get("carriers", "").split(),
        "route": route,
        "goods": if_given(given, *_GOODS),
        **if_given(given, "corridor"),
    }


def if_given(given: Given, *names: str) -> dict[str, str]:
    """Those of these fields that hold something."""
    return {name: given[name] for name in names if name in given}


def beside(error: KitaranError) -> list[dict[str, Any]]:
    """Faults beside the fields of the form: goods and route are parted, the facility names its keeper."""
    shown = []
    for fault, one in zip(error.faults, faults_of(error), strict=True):
        path = fault.place.removeprefix(_ALONE).removeprefix("$.payload.")
        first, _dot, rest = path.partition(".")
        name = one["field"] if path == fault.place else rest if first in _PARTED and rest else first
        name = name.partition("[")[0]
        shown.append(in_words({**one, "field": _BESIDE.get(name, name)}))
    return shown
