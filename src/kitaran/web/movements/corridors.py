"""Corridors: a list for everybody, the page of each with what it publishes, and the acts of who is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.registry.movement import corridors as registered
from kitaran.registry.movement import disclosure, figures, service
from kitaran.registry.parties.accounts import Person
from kitaran.web.access import require, signed_in
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.movements import acts as movements_acts
from kitaran.web.movements import frame as movements_frame
from kitaran.web.movements.acts import Act
from kitaran.web.movements.corridor_acts import on_corridor
from kitaran.web.movements.frame import CORRIDOR, CORRIDORS
from kitaran.web.movements.notification import refused
from kitaran.web.pages import Page, Pages
from kitaran.web.parties_clicks import Given, form_of

pages = Pages()


@pages.page(CORRIDORS, "movements/corridors.html")
def corridors(request: Request) -> Page:
    """Every corridor of which the reader may know; anybody reads those that are public."""
    person = signed_in(request)
    caller = None if person is None else person.acts_for
    with reading(registry.of(request).whole().engine) as connection:
        listed = figures.listed(connection, caller, now())
    may_agree = person is not None and "authority" in person.roles
    return Page({"corridors": listed}, {**movements_frame.frame(request), "may_agree": may_agree})


@pages.page(CORRIDOR + "/{number}", "movements/corridor.html")
def corridor(request: Request, number: str) -> Page:
    """A corridor: its agreement, what it publishes, and what it opens to the reader."""
    person = signed_in(request)
    facts = _facts_of(request, person, number)
    return Page(facts, _shown(request, facts, person))


@pages.router.post(CORRIDOR + "/{number}/{act}")
async def act(request: Request, number: str, act: str) -> Response:
    """Record an act about a corridor."""
    return await run_in_threadpool(_act, request, number, act, await form_of(request))


def _facts_of(request: Request, person: Person | None, number: str) -> dict[str, Any]:
    """A corridor as the reader may see it. Raises NotFoundError in the words of one that does not exist."""
    caller = None if person is None else person.acts_for
    with reading(registry.of(request).whole().engine) as connection:
        return figures.of_corridor(connection, number, caller, now())


def _shown(request: Request, facts: Mapping[str, Any], person: Person | None) -> dict[str, Any]:
    """Words, and what the person may do."""
    mine, readable = None, set[str]()
    if person is not None:
        with reading(registry.of(request).whole().engine) as connection:
            mine = registered.members(connection, facts["corridor"]).get(person.operator.id)
            readable = disclosure.visible(connection, person.acts_for)
    movements = [one["movement"] for one in facts["chain"]]
    crumbs = [(_("Shipments"), movements_frame.HERE)] if person is not None else []
    return {
        **movements_frame.frame(request),
        "acts": on_corridor(mine, facts["barriers"], movements),
        "takes_part": mine is not None,
        "readable": {one.partition("/")[2] for one in readable if one.startswith("movement/")},
        "crumbs": [*crumbs, (_("Corridors"), CORRIDORS)],
    }


def _act(request: Request, number: str, name: str, given: Given) -> Response:
    person = require(request)
    facts = _facts_of(request, person, number)
    tried: Act | str = name
    try:
        tried = movements_acts.chosen(_shown(request, facts, person)["acts"], name, given)
        hand = registry.of(request).whole().hand_of(person)
        service.say_of_corridor(hand, number, name, movements_acts.payload_of(tried, given))
    except KitaranError as error:
        words = {**facts, **_shown(request, facts, person), "given": given, "facts": facts}
        return refused(request, "corridor", f"{CORRIDOR}/{number}", words, tried, error)
    return RedirectResponse(f"{CORRIDOR}/{number}", 303)


ENTRY = Entry(pages.router, CORRIDORS, paths=lambda _workspace: [CORRIDORS], door="/move")
