"""The form of a corridor: an authority proposes it, and names authorities, facilities and observers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.registry.movement import service
from kitaran.registry.movement.schemas import DISCLOSED
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.repository import Operator
from kitaran.web.access import require
from kitaran.web.choices import place_name
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.movements.acts import in_words
from kitaran.web.movements.frame import CORRIDOR, CORRIDORS, HERE, frame
from kitaran.web.movements.words import disclosed_words
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, faults_of, form_of

NEW: Final = CORRIDORS + "/new"
_SEVERAL: Final = ("authorities", "facilities", "observers", "discloses")
_PLAIN: Final = ("name", "valid_from", "valid_until")
Options = list[tuple[str, str]]
pages = Pages()


@pages.page(NEW, "movements/agree.html")
def new(request: Request) -> Page:
    """The form of an agreement."""
    return Page(*_form(request, require(request, "authority"), {}))


@pages.router.post(NEW)
async def agree(request: Request) -> Response:
    """Propose a corridor."""
    return await run_in_threadpool(_agree, request, await form_of(request))


def _form(request: Request, person: Person, given: Given) -> tuple[dict[str, Any], dict[str, Any]]:
    me = person.operator
    with reading(registry.of(request).whole().engine) as connection:
        every = parties.operators(connection, now())
        open_ones = [one for one in facilities.facilities(connection, now()) if one.open_at(now())]
    choices: dict[str, Options] = {
        "authorities": _named(one for one in every if "authority" in one.roles and one.id != me.id),
        "facilities": sorted(
            ((one.id, _placed(one.description["name"], one.description["economy"])) for one in open_ones),
            key=lambda one: one[1],
        ),
        "observers": _named(one for one in every if "observer" in one.roles),
        "discloses": [(name, disclosed_words()[name]) for name in DISCLOSED],
    }
    shown = {
        **frame(request),
        "given": defaultdict(str, given),
        "options": choices,
        "me": me.name,
        "crumbs": [(_("Shipments"), HERE), (_("Corridors"), CORRIDORS)],
    }
    return {name: [value for value, _label in choices[name]] for name in _SEVERAL}, shown


def _named(operators: Iterable[Operator]) -> Options:
    return sorted(((one.id, _placed(one.name, one.economy)) for one in operators), key=lambda one: one[1])


def _placed(name: str, economy: str | None) -> str:
    return f"{name} ({place_name(economy)})" if economy else name


def _agree(request: Request, given: Given) -> Response:
    person = require(request, "authority")
    payload: dict[str, Any] = {
        **{name: given.get(name, "") for name in _PLAIN},
        **{name: given.get(name, "").split() for name in _SEVERAL},
        "public": given.get("public") == "1",
        **({"text": given["text"]} if "text" in given else {}),
    }
    payload["authorities"] = [person.operator.id, *payload["authorities"]]
    try:
        made = service.agree_corridor(registry.of(request).whole().hand_of(person), payload)
    except KitaranError as error:
        facts, shown = _form(request, person, given)
        shown |= {
            **facts,
            "facts": facts,
            "faults": list(map(in_words, faults_of(error))),
            "twin": twin_path(NEW),
        }
        return HTMLResponse(render(request, "movements/agree.html", shown), error.http_status)
    return RedirectResponse(f"{CORRIDOR}/{made['corridor']}", 303)


ENTRY = Entry(pages.router, NEW, door="/move")
