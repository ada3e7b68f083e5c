"""Shipments: notifications and movements, whose turn it is, what is left of the consents, the card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.law.case import vocabulary
from kitaran.law.paper_model import Paper
from kitaran.law.paper_pdf import paper_pdf
from kitaran.registry.movement import evidence, figures, papers, repository, service, view
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.web import move_words, movements_acts
from kitaran.web import movements_words as words
from kitaran.web.access import require, signed_in
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.movements_acts import Act
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, faults_of, form_of

HERE: Final = "/movements"
NOTIFICATION: Final = HERE + "/notification"
MOVEMENT: Final = HERE + "/movement"
EVIDENCE: Final = HERE + "/evidence"
_GOODS: Final = ("kind", "chemistry", "condition", "purpose", "waste_code")
_GOODS_SAID: Final = ("kind", "chemistry", "condition", "purpose")
_PLAIN: Final = ("activity", "procedure", "quantity_kg", "first_departure", "last_departure")
_PARTED: Final = ("goods", "route")
_BY_FACILITY: Final = ("importer", "destination")
pages = Pages()


@pages.page(HERE, "movements/index.html")
def movements(request: Request) -> Page:
    """Every notification and movement of the person's organisation, and the corridors that it may see."""
    person = require(request)
    with reading(registry.of(request).whole().engine) as connection:
        facts = view.listed(connection, person.acts_for, now())
        corridors = figures.listed(connection, person.acts_for, now())
    return Page({**facts, "corridors": corridors}, _words(request))


@pages.page(HERE + "/new", "movements/new.html")
def new(request: Request) -> Page:
    """The form of a notification."""
    require(request)
    return Page(*_new(request, {}))


@pages.router.post(HERE + "/new")
async def submit(request: Request) -> Response:
    """Submit a notification."""
    return await run_in_threadpool(_submit, request, await form_of(request))


@pages.page(NOTIFICATION + "/{number}", "movements/notification.html")
def notification(request: Request, number: str) -> Page:
    """One notification: who has answered, what is left, the dossier, the history."""
    person = require(request)
    facts = notification_facts(request, person, number)
    return Page(facts, _shown(request, facts, person))


@pages.page(MOVEMENT + "/{number}", "movements/movement.html")
def movement(request: Request, number: str) -> Page:
    """One movement: the card, what is next, masses, checks, the dossier, the history."""
    person = require(request)
    facts = movement_facts(request, person, number)
    return Page(facts, _shown(request, facts, person))


@pages.router.post(NOTIFICATION + "/{number}/{act}")
async def act_on_notification(request: Request, number: str, act: str) -> Response:
    """Record an act about a notification."""
    return await run_in_threadpool(_act_on_notification, request, number, act, await form_of(request))


@pages.router.post(MOVEMENT + "/{number}/{act}")
async def act_on_movement(request: Request, number: str, act: str) -> Response:
    """Record an act about a movement."""
    return await run_in_threadpool(_act_on_movement, request, number, act, await form_of(request))


@pages.router.get(MOVEMENT + "/{number}/bundle.json")
def bundle(request: Request, number: str) -> Response:
    """The evidence of a movement as a file."""
    from kitaran.api.movements import bundle_for

    content = bundle_for(request, number, require(request).acts_for)
    headers = {"Content-Disposition": f'attachment; filename="movement-{number}.json"'}
    return Response(content, media_type="application/json", headers=headers)


@pages.router.get(NOTIFICATION + "/{number}/papers/{name}.pdf")
def paper_of_notification(request: Request, number: str, name: str) -> Response:
    """A paper of a notification as PDF, filled from the registry."""
    caller = require(request).acts_for
    with reading(registry.of(request).whole().engine) as connection:
        made = papers.of_notification(connection, number, name, caller, now())
    return _pdf(made, name)


@pages.router.get(MOVEMENT + "/{number}/papers/{name}.pdf")
def paper_of_movement(request: Request, number: str, name: str) -> Response:
    """A paper of a movement as PDF, filled from the registry."""
    caller = require(request).acts_for
    with reading(registry.of(request).whole().engine) as connection:
        made = papers.of_movement(connection, number, name, caller, now())
    return _pdf(made, name)


def _pdf(made: Paper, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(paper_pdf(made), media_type="application/pdf", headers=headers)


@pages.page(HERE + "/corridor/{number}", "movements/corridor.html")
def corridor(request: Request, number: str) -> Page:
    """A corridor: its agreement, what it publishes, and what it opens to the reader."""
    person = signed_in(request)
    with reading(registry.of(request).whole().engine) as connection:
        caller = None if person is None else person.acts_for
        return Page(figures.of_corridor(connection, number, caller, now()), _words(request))


@pages.page(EVIDENCE, "movements/evidence.html")
def evidence_page(request: Request) -> Page:
    """Where a file of evidence is read, with no account and without the registry."""
    return Page({"evidence": None, "movements": []}, _words(request))


@pages.router.post(EVIDENCE)
async def read_evidence(request: Request) -> Response:
    """What a file of evidence says. Nothing is kept."""
    async with request.form(max_files=1, max_fields=5) as form:
        sent = form.get("file")
        content = await sent.read(evidence.MOST_BYTES + 1) if isinstance(sent, UploadFile) else b""
    return await run_in_threadpool(_read, request, content)


def _read(request: Request, content: bytes) -> Response:
    shown: dict[str, Any] = {
        "evidence": None,
        "movements": [],
        **_words(request),
        "twin": twin_path(EVIDENCE),
    }
    try:
        found = evidence.read(content, now())
        return HTMLResponse(render(request, "movements/evidence.html", {**shown, **found, "facts": found}))
    except InputError as error:
        shown["faults"] = [{**one, "field": "file"} for one in faults_of(error)]
        return HTMLResponse(render(request, "movements/evidence.html", {**shown, "facts": {}}), 422)


def notification_facts(request: Request, person: Person, number: str) -> dict[str, Any]:
    """Everything about a notification. Raises NotFoundError unless the person may see it."""
    with reading(registry.of(request).whole().engine) as connection:
        return view.of_notification(connection, number, person.acts_for, now())


def movement_facts(request: Request, person: Person, number: str) -> dict[str, Any]:
    """Everything about a movement. Raises NotFoundError unless the person may see it."""
    with reading(registry.of(request).whole().engine) as connection:
        return view.of_movement(connection, number, person.acts_for, now())


def _shown(request: Request, facts: Mapping[str, Any], person: Person) -> dict[str, Any]:
    """Words, and what the person may do to a notification or movement."""
    with reading(registry.of(request).whole().engine) as connection:
        roles = repository.roles_in(connection, facts["item"], person.operator.id)
    if facts["item"].startswith("movement/"):
        acts = movements_acts.on_movement({**facts, "roles_of": lambda _operator: roles}, person)
    else:
        acts = movements_acts.on_notification(facts, person)
    return {**_words(request), "acts": acts, "giving": movements_acts.giving(facts, roles)}


def _act_on_notification(request: Request, number: str, name: str, given: Given) -> Response:
    person = require(request)
    facts = notification_facts(request, person, number)
    act = _chosen(movements_acts.on_notification(facts, person), name, given)
    hand = registry.of(request).whole().hand_of(person)
    try:
        if name == "announced":
            payload = {**movements_acts.payload_of(act, given), "notification": number}
            items = movements_acts.batteries_of(given.get("items", ""))
            made = service.announce(hand, payload, items)
            return RedirectResponse(f"{MOVEMENT}/{made['movement']}", 303)
        service.say_of_notification(hand, number, name, movements_acts.payload_of(act, given))
    except KitaranError as error:
        return again(request, facts, person, name, given, error)
    return RedirectResponse(f"{NOTIFICATION}/{number}", 303)


def _act_on_movement(request: Request, number: str, name: str, given: Given) -> Response:
    person = require(request)
    facts = movement_facts(request, person, number)
    acts: list[Act] = _shown(request, facts, person)["acts"]
    hand = registry.of(request).whole().hand_of(person)
    try:
        payload = movements_acts.payload_of(_chosen(acts, name, given), given)
        service.say_of_movement(hand, number, name, payload)
    except KitaranError as error:
        return again(request, facts, person, name, given, error)
    return RedirectResponse(f"{MOVEMENT}/{number}", 303)


def _chosen(acts: list[Act], name: str, given: Given) -> Act:
    """The act of a form. Raises InputError if it is not open to the person now."""
    for one in acts:
        if one.name == name and one.fixed.get("question") in (None, given.get("question")):
            return one
    raise InputError(_("This cannot be done now."), name, _("Look at the page again."))


def again(
    request: Request,
    facts: Mapping[str, Any],
    person: Person,
    opened: str,
    given: Given,
    error: KitaranError,
) -> Response:
    """The page of a notification or movement with what is wrong beside its field."""
    shown = {**facts, **_shown(request, facts, person), "opened": opened, "given": given}
    shown |= {"faults": faults_of(error), "facts": facts, "twin": twin_path(f"{HERE}/{facts['item']}")}
    template = f"movements/{facts['item'].partition('/')[0]}.html"
    return HTMLResponse(render(request, template, shown), error.http_status)


def _new(request: Request, given: Given) -> tuple[dict[str, Any], dict[str, Any]]:
    with reading(registry.of(request).whole().engine) as connection:
        found = [one for one in facilities.facilities(connection, now()) if one.open_at(now())]
    places = [
        (one.id, f"{one.description['name']} ({one.operator_name}, {one.description['economy']})")
        for one in found
    ]
    known = move_words.choices()
    shown = {
        **_words(request),
        "given": defaultdict(str, given),
        "places": places,
        "choices": {name: known[name] for name in ("kind", "chemistry", "condition", "purpose", "mode")},
        "procedures": [(name, move_words.procedure_words(name)) for name in ("basel_pic", "oecd_amber")],
    }
    return {"facilities": [one for one, _name in places], "modes": list(vocabulary()["route"]["mode"])}, shown


def _submit(request: Request, given: Given) -> Response:
    person = require(request)
    with reading(registry.of(request).whole().engine) as connection:
        place = facilities.facility(connection, given.get("facility", ""), now())
    told = {"export": given.get("export", "").upper(), "transit": given.get("transit", "").upper().split()}
    destination = "" if place is None else str(place.description["economy"])
    payload = {
        **{name: given.get(name, "") for name in _PLAIN},
        "importer": "" if place is None else place.operator,
        "facility": given.get("facility", ""),
        "route": {**told, "destination": destination, **_if(given, "mode")},
        "goods": {name: given[name] for name in _GOODS if name in given},
        "shipments": int(given["shipments"]) if given.get("shipments", "").isdecimal() else 0,
        **_if(given, "contract"),
        **_if(given, "guarantee"),
    }
    try:
        made = service.notify(registry.of(request).whole().hand_of(person), payload)
    except KitaranError as error:
        facts, shown = _new(request, given)
        shown |= {**facts, "facts": facts, "faults": _beside(error), "twin": twin_path(HERE + "/new")}
        return HTMLResponse(render(request, "movements/new.html", shown), error.http_status)
    return RedirectResponse(f"{NOTIFICATION}/{made['notification']}", 303)


def _beside(error: KitaranError) -> list[dict[str, Any]]:
    """Faults beside the fields of the form: goods and route are parted, the facility names its keeper."""
    shown = []
    for fault, one in zip(error.faults, faults_of(error), strict=True):
        name = fault.place.rpartition(".")[2].partition("[")[0] if one["field"] in _PARTED else one["field"]
        shown.append({**one, "field": "facility" if name in _BY_FACILITY else name})
    return shown


def _if(given: Given, name: str) -> dict[str, str]:
    return {name: given[name]} if name in given else {}


def _words(request: Request) -> dict[str, Any]:
    """Words and frame of every page of shipments."""
    path = request.url.path
    known = move_words.choices()
    rooms = [(HERE, _("Shipments")), (EVIDENCE, _("Read a file of evidence")), ("/move", _("May it move?"))]
    return {
        "rooms": [{"path": one, "label": label, "here": path == one} for one, label in rooms],
        "state_words": words.state_words(),
        "role_words": words.role_words(),
        "turn_words": words.turn_words(),
        "act_words": words.act_words(),
        "finding_words": words.finding_words(),
        "document_words": words.document_words(),
        "step_words": words.step_words(),
        "goods_words": {code: label for name in _GOODS_SAID for code, label in known[name]},
        "tones": words.TONES,
        "card_words": move_words.card_words,
        "card_tones": move_words.TONES,
        "faults": [],
        "given": {},
        "opened": "",
    }


ENTRY = Entry(pages.router, HERE, paths=lambda _workspace: [EVIDENCE], door="/move")
