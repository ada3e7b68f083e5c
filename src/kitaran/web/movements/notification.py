"""A notification: who has answered, what is left of the consents, and the acts open to the reader."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.movement import papers, repository, service, view
from kitaran.registry.parties.accounts import Person
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.movements import acts as movements_acts
from kitaran.web.movements import frame as movements_frame
from kitaran.web.movements.acts import Act
from kitaran.web.movements.frame import MOVEMENT, NOTIFICATION
from kitaran.web.movements.movement_acts import giving
from kitaran.web.movements.notification_acts import on_notification
from kitaran.web.movements.papers import pdf
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, faults_of

pages = Pages()


@pages.page(NOTIFICATION + "/{number}", "movements/notification.html")
def notification(request: Request, number: str) -> Page:
    """One notification: who has answered, what is left, the dossier, the history."""
    person = require(request)
    facts = facts_of(request, person, number)
    return Page(facts, shown(request, facts, person))


@pages.router.get(NOTIFICATION + "/{number}/papers/{name}.pdf")
def paper(request: Request, number: str, name: str) -> Response:
    """A paper of a notification as PDF, filled from the registry."""
    caller = require(request).acts_for
    with reading(registry.of(request).whole().engine) as connection:
        made = papers.of_notification(connection, number, name, caller, now())
    return pdf(request, made, name)


@pages.router.post(NOTIFICATION + "/{number}/{act}")
async def act(request: Request, number: str, act: str) -> Response:
    """Record an act about a notification."""
    given, content = await movements_acts.form_with_file(request)
    return await run_in_threadpool(_act, request, number, act, given, content)


def facts_of(request: Request, person: Person, number: str) -> dict[str, Any]:
    """Everything about a notification. Raises NotFoundError unless the person may see it."""
    with reading(registry.of(request).whole().engine) as connection:
        return view.of_notification(connection, number, person.acts_for, now())


def shown(request: Request, facts: Mapping[str, Any], person: Person) -> dict[str, Any]:
    """Words, and what the person may do."""
    me = person.operator.id
    with reading(registry.of(request).whole().engine) as connection:
        roles = repository.roles_in(connection, facts["item"], me)
        mine = me == facts["exporter"]
        carriers = movements_frame.carriers(connection, me) if mine else ()
        batteries = movements_frame.batteries(connection, me) if mine else ()
    acts = on_notification(facts, person, carriers, batteries)
    crumbs = [(_("Shipments"), movements_frame.HERE)]
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
    return refused(request, "notification", f"{NOTIFICATION}/{facts['notification']}", words, act, error)


def refused(
    request: Request, kind: str, address: str, words: Mapping[str, Any], act: Act | str, error: KitaranError
) -> Response:
    """The page of a shipment with the form that was refused standing open. kind : its template"""
    if isinstance(act, Act):
        opened = {"opened": act.key, "faults": movements_acts.faults_beside(error, act)}
    else:
        opened = {"opened": act, "faults": faults_of(error)}
    told = {**words, **opened, "twin": twin_path(address)}
    return HTMLResponse(render(request, f"movements/{kind}.html", told), error.http_status)


def _act(request: Request, number: str, name: str, given: Given, content: bytes) -> Response:
    person = require(request)
    facts = facts_of(request, person, number)
    tried: Act | str = name
    try:
        tried = movements_acts.chosen(shown(request, facts, person)["acts"], name, given)
        return RedirectResponse(_recorded(request, person, number, tried, given, content), 303)
    except KitaranError as error:
        return again(request, facts, person, tried, given, error)


def _recorded(request: Request, person: Person, number: str, act: Act, given: Given, content: bytes) -> str:
    """Sign and record the act; the address of the page that shows it."""
    hand = registry.of(request).whole().hand_of(person)
    payload = movements_acts.payload_of(act, given)
    if act.name == "announced":
        items = movements_acts.ticked(given, "items")
        made = service.announce(hand, {**payload, "notification": number}, items)
        return f"{MOVEMENT}/{made['movement']}"
    if act.name == "amended" and payload.keys() <= {"reason"}:
        cause = _("Nothing is changed.")
        raise InputError(cause, "$.payload.quantity_kg", _("Change what is to be changed."))
    if any(one.name == "paper_dated" for one in act.fields):
        payload["paper"] = _letter(given, content)
    service.say_of_notification(hand, number, act.name, payload)
    return f"{NOTIFICATION}/{number}"


def _letter(given: Given, content: bytes) -> dict[str, str]:
    """The letter of an authority that does not act here. Raises InputError if its file is missing."""
    if not content:
        cause = _("There is no file.")
        raise InputError(cause, "$.payload.file", _("Choose the letter, scanned or as a photo."))
    told = {"digest": sha256(content).hexdigest()}
    return told | {
        "reference": given.get("paper_reference", ""),
        "dated": given.get("paper_dated", ""),
    }


ENTRY = Entry(pages.router, NOTIFICATION, door="/move")
