"""A new notification: where to, what, how much and when, under which procedure; chosen from lists."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.api import registry
from kitaran.foundation.errors import KitaranError
from kitaran.law.case import vocabulary
from kitaran.registry.movement import service
from kitaran.registry.parties.accounts import Person
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.layout import render
from kitaran.web.move import words as move_words
from kitaran.web.movements import planned as movements_planned
from kitaran.web.movements.frame import HERE, NOTIFICATION, TRADES
from kitaran.web.movements.planned import beside, if_given
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, form_of

NEW: Final = HERE + "/new"
_PLAIN: Final = ("quantity_kg", "first_departure", "last_departure")
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
    shown = movements_planned.form(request, person, given)
    shown["procedures"] = [(name, move_words.procedure_words(name)) for name in ("basel_pic", "oecd_amber")]
    ids = [one for _economy, group in shown["places"] for one, _name in group]
    return {"facilities": ids, "modes": list(vocabulary()["route"]["mode"])}, shown


def _submit(request: Request, given: Given) -> Response:
    person = require(request, *TRADES)
    payload = {
        **movements_planned.payload(request, given),
        **{name: given.get(name, "") for name in _PLAIN},
        "shipments": int(given["shipments"]) if given.get("shipments", "").isdecimal() else 0,
        **if_given(given, "contract", "guarantee", "reason"),
    }
    try:
        made = service.notify(registry.of(request).whole().hand_of(person), payload)
    except KitaranError as error:
        facts, shown = _form(request, person, given)
        shown |= {**facts, "facts": facts, "faults": beside(error), "twin": twin_path(NEW)}
        return HTMLResponse(render(request, "movements/new.html", shown), error.http_status)
    return RedirectResponse(f"{NOTIFICATION}/{made['notification']}", 303)


ENTRY = Entry(pages.router, NEW, door="/move")
