"""A movement: the card, whose turn it is, masses, border checks, papers, evidence, and the open acts."""

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
from kitaran.registry.movement import papers, repository, service, view
from kitaran.registry.parties.accounts import Person
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.movements import acts as movements_acts
from kitaran.web.movements import frame as movements_frame
from kitaran.web.movements.acts import Act
from kitaran.web.movements.frame import MOVEMENT
from kitaran.web.movements.movement_acts import giving, on_movement
from kitaran.web.movements.notification import refused
from kitaran.web.movements.papers import pdf
from kitaran.web.pages import Page, Pages
from kitaran.web.parties_clicks import Given

pages = Pages()


@pages.page(MOVEMENT + "/{number}", "movements/movement.html")
def movement(request: Request, number: str) -> Page:
    """One movement: the card, what is next, masses, checks, the dossier, the history."""
    person = require(request)
    facts = facts_of(request, person, number)
    return Page(facts, shown(request, facts, person))


@pages.router.get(MOVEMENT + "/{number}/bundle.json")
def bundle(request: Request, number: str) -> Response:
    """The evidence of a movement as a file."""
    from kitaran.api.movements import bundle_for

    content = bundle_for(request, number, require(request).acts_for)
    headers = {"Content-Disposition": f'attachment; filename="movement-{number}.json"'}
    return Response(content, media_type="application/json", headers=headers)


@pages.router.get(MOVEMENT + "/{number}/papers/{name}.pdf")
def paper(request: Request, number: str, name: str) -> Response:
    """A paper of a movement as PDF, filled from the registry."""
    caller = require(request).acts_for
    with reading(registry.of(request).whole().engine) as connection:
        made = papers.of_movement(connection, number, name, caller, now())
    return pdf(request, made, name)


@pages.router.post(MOVEMENT + "/{number}/{act}")
async def act(request: Request, number: str, act: str) -> Response:
    """Record an act about a movement."""
    given, _file = await movements_acts.form_with_file(request)
    return await run_in_threadpool(_act, request, number, act, given)


def facts_of(request: Request, person: Person, number: str) -> dict[str, Any]:
    """Everything about a movement. Raises NotFoundError unless the person may see it."""
    with reading(registry.of(request).whole().engine) as connection:
        return view.of_movement(connection, number, person.acts_for, now())


def shown(request: Request, facts: Mapping[str, Any], person: Person) -> dict[str, Any]:
    """Words, and what the person may do."""
    me = person.operator.id
    with reading(registry.of(request).whole().engine) as connection:
        roles = repository.roles_in(connection, facts["item"], me)
    crumbs = [(_("Shipments"), movements_frame.HERE)]
    acts = on_movement(facts, roles, person)
    told = {"acts": acts, "giving": giving(facts, roles), "me": me, "crumbs": crumbs}
    return {**movements_frame.frame(request), **told}


def again(
    request: Request,
    facts: Mapping[str, Any],
    person: Person,
    act: Act | str,
    given: Given,
    error: KitaranError,
) -> Response:
    """The page with what is wrong beside its field. act : what was tried, or the key of its form"""
    words = {**facts, **shown(request, facts, person), "given": given, "facts": facts}
    return refused(request, "movement", f"{MOVEMENT}/{facts['movement']}", words, act, error)


def _act(request: Request, number: str, name: str, given: Given) -> Response:
    person = require(request)
    facts = facts_of(request, person, number)
    tried: Act | str = name
    try:
        tried = movements_acts.chosen(shown(request, facts, person)["acts"], name, given)
        hand = registry.of(request).whole().hand_of(person)
        service.say_of_movement(hand, number, name, movements_acts.payload_of(tried, given))
    except KitaranError as error:
        return again(request, facts, person, tried, given, error)
    return RedirectResponse(f"{MOVEMENT}/{number}", 303)


ENTRY = Entry(pages.router, MOVEMENT, door="/move")
