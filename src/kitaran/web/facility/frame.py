"""Who works at which yard: the signed-in operator, its facilities, and the frame of the yard's pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection

from kitaran.api import access, registry
from kitaran.foundation.clock import now
from kitaran.foundation.errors import Fault, KitaranError, NotFoundError
from kitaran.registry.assembly import Registry
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.facilities.repository import Facility
from kitaran.registry.parties.hand import Hand
from kitaran.web.access import require
from kitaran.web.language import gettext as _
from kitaran.web.layout import render

HERE: Final = "/facility"
HANDOVER: Final = "/handover"
NOWHERE: Final = "-"
"""Stands in an address for no facility: no id begins so."""


def opened(request: Request) -> Registry:
    """The registry."""
    return registry.of(request).whole()


def hand(request: Request) -> Hand:
    """The hand of the person who clicked. Raises as `require` and `clicks.hand_of` do."""
    return opened(request).hand_of(require(request))


def open_facilities(connection: Connection, operator: str) -> list[Facility]:
    """Facilities of an operator that are in use now, by name."""
    at = now()
    found = [one for one in facilities.facilities(connection, at, operator) if one.open_at(at)]
    return sorted(found, key=lambda one: (str(one.description["name"]), one.id))


def facility_at(connection: Connection, person: Person, asked: str) -> Facility | None:
    """The person's own facility of an address; None for batteries of which nobody said where they lie.

    Raises NotFoundError in the same words for one of others and for none.
    """
    if asked == NOWHERE:
        return None
    found = next((one for one in open_facilities(connection, person.operator.id) if one.id == asked), None)
    if found is None:
        raise NotFoundError(
            _("You have no such facility."), asked, _("Choose one of yours; the authority enters new ones.")
        )
    return found


def name_of(facility: Facility | None) -> str:
    """The facility's name as it stands in a head line."""
    return _("No place said") if facility is None else str(facility.description["name"])


def path_of(facility: Facility | None, *rest: str) -> str:
    """Address of a page of a facility."""
    return "/".join([HERE, NOWHERE if facility is None else facility.id, *rest])


def public_address(request: Request, path: str) -> str:
    """A page as others reach it: what a QR code holds."""
    base = access.serving(request).public_url or str(request.base_url)
    return base.rstrip("/") + path


def frame(request: Request, facility: Facility | None) -> dict[str, Any]:
    """Words of every page of a yard, and its rooms beside each other."""
    path = request.url.path
    rooms = [
        (path_of(facility), _("Yard")),
        (path_of(facility, "take-in"), _("Take in")),
        (path_of(facility, "hand-over"), _("Hand over")),
        (HANDOVER, _("Offers")),
        (path_of(facility, "stock"), _("Stock")),
    ]
    return {
        "rooms": [{"path": one, "label": label, "here": _is_in(path, one)} for one, label in rooms],
        "crumbs": [],
        "faults": [],
        "yard": name_of(facility),
        "base": path_of(facility),
        "facility_id": None if facility is None else facility.id,
    }


def _is_in(path: str, room: str) -> bool:
    """Whether a page stands in a room; the yard itself holds no other page."""
    behind = path.startswith(f"{room}/") and not _is_yard(room)
    return path == room or behind or (path == HERE and _is_yard(room))


def _is_yard(room: str) -> bool:
    return room.startswith(f"{HERE}/") and room.count("/") == path_of(None).count("/")


def answered(
    request: Request, template: str, facts: dict[str, Any], shown: dict[str, Any], status: int = 200
) -> Response:
    """The answer to a form as a page."""
    return HTMLResponse(render(request, template, {**facts, **shown, "twin": None}), status)


def faults_of(error: KitaranError, fields: Iterable[str]) -> list[dict[str, Any]]:
    """Faults of the log or of a schema beside the fields of a form, where one of these is meant."""
    known = set(fields)
    return [_beside(fault, known) for fault in error.faults]


def _beside(fault: Fault, known: set[str]) -> dict[str, Any]:
    path = fault.place.removeprefix("$.payload").lstrip(".")
    field, cause = path.partition(".")[0].partition("[")[0], fault.cause
    for part in (cause.removeprefix("Value error, ").partition(":"),):
        if field not in known and part[0] in known:
            field, cause = part[0], part[2].strip().capitalize()
    if field in known:
        return {"field": field, "place": "", "cause": cause, "remedy": fault.remedy}
    return {**fault.as_dict(), "field": "", "place": ""}
