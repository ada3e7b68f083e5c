"""A movement that by its exporter's word needs no consent: the law is asked at announcement and departure."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.api import registry
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.registry.movement import service
from kitaran.registry.parties.accounts import Person
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.move import words as move_words
from kitaran.web.movements import acts as movements_acts
from kitaran.web.movements import frame as movements_frame
from kitaran.web.movements import planned as movements_planned
from kitaran.web.movements.acts import Act, Field
from kitaran.web.movements.frame import HERE, MOVEMENT, TRADES
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, moment

NEW: Final = HERE + "/new-movement"
_PROCEDURES: Final = ("none", "oecd_green")
pages = Pages()


@pages.page(NEW, "movements/unnotified.html")
def new(request: Request) -> Page:
    """The form of a movement without a notification."""
    return Page(*_form(request, require(request, *TRADES), {}))


@pages.router.post(NEW)
async def announce(request: Request) -> Response:
    """Announce a movement without a notification."""
    given, _file = await movements_acts.form_with_file(request)
    return await run_in_threadpool(_announce, request, given)


def _form(request: Request, person: Person, given: Given) -> tuple[dict[str, Any], dict[str, Any]]:
    shown = movements_planned.form(request, person, given)
    shown["procedures"] = [(name, move_words.procedure_words(name)) for name in _PROCEDURES]
    with reading(registry.of(request).whole().engine) as connection:
        batteries = movements_frame.batteries(connection, person.operator.id)
    field = Field("items", _("Batteries"), "many", False, _("Those that you hold."), options=batteries)
    shown["batteries"] = Act("announced", "", (field,) if batteries else ())
    return {"facilities": [one for _economy, group in shown["places"] for one, _name in group]}, shown


def _announce(request: Request, given: Given) -> Response:
    person = require(request, *TRADES)
    payload = {
        "alone": movements_planned.payload(request, given),
        "mass_kg": given.get("mass_kg", ""),
        "departs": moment(given, "departs") or "",
        "arrives_by": moment(given, "arrives_by") or "",
    }
    try:
        hand = registry.of(request).whole().hand_of(person)
        made = service.announce(hand, payload, movements_acts.ticked(given, "items"))
    except KitaranError as error:
        facts, shown = _form(request, person, given)
        shown |= {**facts, "facts": facts, "faults": movements_planned.beside(error), "twin": twin_path(NEW)}
        return HTMLResponse(render(request, "movements/unnotified.html", shown), error.http_status)
    return RedirectResponse(f"{MOVEMENT}/{made['movement']}", 303)


ENTRY = Entry(pages.router, NEW, door="/move")
