"""What has no passport is taken in at a yard: its history begins, and its label is printed."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError, NotFoundError
from kitaran.registry.custody import intake, keeping
from kitaran.registry.identity import labels
from kitaran.registry.ledger.errors import ConflictError
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities.repository import Facility
from kitaran.registry.passport import intake_photos, service
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport.attributes import attributes
from kitaran.registry.passport.audiences import OWN
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.repository import Battery
from kitaran.registry.passport.schemas import BATTERIES, MATERIALS
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.facility import words
from kitaran.web.facility.frame import (
    HERE,
    answered,
    facility_at,
    faults_of,
    frame,
    hand,
    name_of,
    opened,
    path_of,
    public_address,
)
from kitaran.web.facility.intake_form import FIELDS, KINDS, Typed, payload_of, typed_of
from kitaran.web.facility.stock import nameplate
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages
from kitaran.web.triage.words import sign_words
from kitaran.web.vocabulary import chemistry

pages = Pages()


@pages.page(HERE + "/{facility}/take-in/{what}", "facility/intake.html")
def intake_page(request: Request, facility: str, what: str, code: str = "") -> Page:
    """The form for one kind of thing without a passport."""
    person = require(request)
    with reading(opened(request).engine) as connection:
        found = facility_at(connection, person, facility)
    given = {**dict.fromkeys(FIELDS, ""), "battery": service.new_id(), "codes": code[:2_000]}
    return Page({"facility": facility, "what": _known(what)}, _form(request, found, what, Typed(given)))


@pages.router.post(HERE + "/{facility}/take-in/{what}")
async def take_in(request: Request, facility: str, what: str) -> Response:
    """Take it in: history and custody begin."""
    async with request.form(max_files=1, max_fields=60) as form:
        typed = await typed_of(form)
    return await run_in_threadpool(_take_in, request, facility, _known(what), typed)


@pages.page(HERE + "/{facility}/taken-in/{battery}", "facility/taken_in.html")
def taken_in_page(request: Request, facility: str, battery: str) -> Page:
    """What was taken in, and its label."""
    person = require(request)
    with reading(opened(request).engine) as connection:
        found = facility_at(connection, person, facility)
        one = _own(connection, person, battery)
    facts = {"battery": one.id, "item": item_of(one.id), "at": one.at, **one.content}
    shown = {
        **frame(request, found),
        "kind": words.kind_words()[one.content["what"]],
        "signs_seen": [sign_words()[sign] for sign in one.content.get("signs", [])],
        "plate": nameplate(one.content),
        "has_page": one.content["what"] in BATTERIES,
        "chemistry_words": words.chemistry_words(one.content["chemistry"]),
        "known_by_words": words.known_by_words(),
    }
    return Page(facts, shown)


@pages.router.get(HERE + "/{facility}/label/{battery}.pdf")
def label_file(request: Request, facility: str, battery: str) -> Response:
    """The label to print."""
    person = require(request)
    with reading(opened(request).engine) as connection:
        found = facility_at(connection, person, facility)
        one = _own(connection, person, battery)
    said = one.content
    mass = f"{said['mass_kg']} kg" + (f", {said['count']} ×" if "count" in said else "")
    lines = (
        f"{words.kind_words()[said['what']]}, {mass}",
        f"{name_of(found)}, {one.at[:10]}",
        one.id,
        _("No passport: history starts here"),
    )
    made = labels.sheet([labels.Label(public_address(request, f"/b/{one.id}"), lines)], now().date())
    headers = {"Content-Disposition": f'inline; filename="label-{one.id[-6:]}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


@pages.router.get(HERE + "/{facility}/photo/{battery}.jpg")
def photo_file(request: Request, facility: str, battery: str) -> Response:
    """The photo of what was taken in, for who has it."""
    person = require(request)
    with reading(opened(request).engine) as connection:
        facility_at(connection, person, facility)
        one = _own(connection, person, battery)
    name = one.content.get("photo")
    content = None if name is None else intake_photos.find(request.app.state.workspace, name)
    if content is None:
        raise NotFoundError(_("There is no photo."), battery, _("It was taken away, or never kept."))
    return Response(content, media_type="image/jpeg")


@pages.router.post(HERE + "/{facility}/photo/{battery}/remove")
def remove_photo(request: Request, facility: str, battery: str) -> Response:
    """Take the photo away; its SHA-256 stays in the record."""
    person = require(request)
    hand(request)
    with reading(opened(request).engine) as connection:
        found = facility_at(connection, person, facility)
        one = _own(connection, person, battery)
    if "photo" in one.content and one.operator == person.operator.id:
        intake_photos.drop(request.app.state.workspace, one.content["photo"])
    return RedirectResponse(path_of(found, "taken-in", one.id), 303)


def _take_in(request: Request, asked: str, what: str, typed: Typed) -> Response:
    person = require(request)
    with reading(opened(request).engine) as connection:
        facility = facility_at(connection, person, asked)
    place = None if facility is None else name_of(facility)
    try:
        told = payload_of(typed, what)
        acting = hand(request)
        if typed.photo is not None:
            told["photo"] = intake_photos.keep(request.app.state.workspace, typed.photo)
        made = intake.take_in(
            acting, told, None if facility is None else facility.id, place, typed.given["battery"] or None
        )
    except KitaranError as error:
        if isinstance(error, ConflictError) and _sent_twice(request, person, typed.given["battery"]):
            return RedirectResponse(path_of(facility, "taken-in", typed.given["battery"]), 303)
        shown = _form(request, facility, what, typed)
        shown |= {"faults": faults_of(error, FIELDS), "photo_lost": typed.photo is not None}
        facts = {"facility": asked, "what": what}
        return answered(request, "facility/intake.html", facts, shown, error.http_status)
    return RedirectResponse(path_of(facility, "taken-in", made.battery), 303)


def _sent_twice(request: Request, person: Person, battery: str) -> bool:
    """Whether this form was sent before: a finger tapped twice."""
    with reading(opened(request).engine) as connection:
        known = passports.battery(connection, battery)
    return known is not None and known.operator == person.operator.id


def _own(connection: Connection, person: Person, battery: str) -> Battery:
    """What was taken in and this person may read as its holder. Raises NotFoundError otherwise."""
    found = passports.battery(connection, battery)
    seen_by = keeping.audiences_of(connection, person.acts_for, found, battery, now())
    if found is None or found.origin != "taken_in" or not seen_by & OWN:
        raise NotFoundError(_("Nothing was taken in under this number."), battery, _("Look at the stock."))
    return found


def _known(what: str) -> str:
    if what not in KINDS:
        raise NotFoundError(_("There is no such kind."), what, _("Choose what it is."))
    return what


def _form(request: Request, facility: Facility | None, what: str, typed: Typed) -> dict[str, Any]:
    known = attributes()["chemistry"].choices
    return {
        **frame(request, facility),
        "kind": words.kind_words()[_known(what)],
        "given": typed.given,
        "ticked": typed.signs,
        "is_material": what in MATERIALS,
        "is_battery": what in BATTERIES,
        "chemistries": [("", _("not known")), *((one, chemistry(one)) for one in known if one != "unknown")],
        "known_by": list(words.known_by_words().items()),
        "signs": list(sign_words().items()),
        "photo_lost": False,
    }


ENTRY = Entry(pages.router, f"{HERE}/-/taken-in")
