"""What a code on a battery leads to at a yard: in stock, on offer, in other hands, or not known here."""

from __future__ import annotations

import re
from typing import Any, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from sqlalchemy import Connection

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry.custody import keeping, offers
from kitaran.registry.custody import repository as custody
from kitaran.registry.identity import qr
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities.repository import Facility
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport import view
from kitaran.registry.passport.audiences import OWN
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.names import code_alias
from kitaran.registry.passport.repository import Battery
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.facility import words
from kitaran.web.facility.frame import HERE, answered, facility_at, faults_of, frame, opened
from kitaran.web.facility.intake_form import KINDS, photo_of
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

_OUR_LABEL: Final = re.compile(r"(?:^|/)b/([0-9a-f]{32})/?$")
pages = Pages()


@pages.page(HERE + "/{facility}/take-in", "facility/take_in.html")
def take_in_page(request: Request, facility: str) -> Page:
    """With a code, or without: the two ways in."""
    person = require(request)
    with reading(opened(request).engine) as connection:
        found = facility_at(connection, person, facility)
    return Page({"facility": facility, "kinds": list(KINDS)}, _ways(request, found))


@pages.router.post(HERE + "/{facility}/take-in")
async def look_up(request: Request, facility: str) -> Response:
    """Find the battery of a code that was typed or photographed."""
    async with request.form(max_files=1, max_fields=5) as form:
        typed = str(form.get("code") or "").strip()[:500]
        photo = await photo_of(form, qr.LARGEST_PHOTO_BYTES)
    return await run_in_threadpool(_look_up, request, facility, typed, photo)


def _look_up(request: Request, asked: str, typed: str, photo: bytes | None) -> Response:
    person = require(request)
    with reading(opened(request).engine) as connection:
        facility = facility_at(connection, person, asked)
    try:
        codes = _codes(typed, photo)
    except InputError as error:
        shown = {**_ways(request, facility), "code": typed, "faults": faults_of(error, ("code", "photo"))}
        return answered(
            request, "facility/take_in.html", {"facility": asked, "kinds": list(KINDS)}, shown, 422
        )
    with reading(opened(request).engine) as connection:
        found = next((one for code in codes if (one := _battery_of(connection, code))), None)
        facts = None if found is None else _met(connection, person, found)
    if facts is None:
        shown = {**_ways(request, facility), "code": "\n".join(codes), "unknown": codes}
        return answered(request, "facility/take_in.html", {"facility": asked, "kinds": list(KINDS)}, shown)
    shown = {
        **frame(request, facility),
        "codes": codes,
        "kind_words": words.kind_words(),
        "chemistry_words": words.chemistry_words(facts["chemistry"]),
    }
    return answered(request, "facility/met.html", facts, shown)


def _codes(typed: str, photo: bytes | None) -> list[str]:
    """Codes that were typed or stand in the photo. Raises InputError if there is none."""
    if typed:
        return [typed]
    if photo is None:
        cause = _("Neither a photo nor a code came.")
        raise InputError(cause, "photo", _("Photograph the code, or type what stands beside it."))
    seen = [one.text for one in qr.read_photo(photo, "photo")]
    if not seen:
        cause = _("No code can be read in this photo.")
        raise InputError(cause, "photo", _("Go nearer and hold still, in good light; or type it."))
    return seen


def _battery_of(connection: Connection, code: str) -> Battery | None:
    ours = _OUR_LABEL.search(code)
    if ours:
        return passports.battery(connection, ours[1])
    if re.fullmatch("[0-9a-f]{32}", code.strip()):
        return passports.battery(connection, code.strip())
    try:
        named = passports.batteries(connection, None, limit=1, code=code_alias(code))
    except InputError:
        return None
    return named[0] if named else None


def _met(connection: Connection, person: Person, battery: Battery) -> dict[str, Any] | None:
    """How a battery that is known stands to this person; None if it may not know of it."""
    me, item = person.operator.id, item_of(battery.id)
    seen_by = keeping.audiences_of(connection, person.acts_for, battery, battery.id, now())
    if not view.is_seen(battery, seen_by):
        return None
    standing = custody.standing(connection, item)
    offered = [one for one in offers.running(connection, [item], stamp()) if one.receiver == me]
    mine = standing.holder == me if standing is not None else bool(seen_by & OWN)
    told = view.facts(connection, battery, seen_by)
    attribute = told["attributes"]
    return {
        "battery": battery.id,
        "state": "in_stock" if mine else "offered" if offered else "elsewhere",
        "offer": offered[0].id if offered else None,
        "valid": told["valid"],
        "model_name": attribute.get("model_name", {}).get("value"),
        "chemistry": attribute.get("chemistry", {}).get("value", "unknown"),
    }


def _ways(request: Request, facility: Facility | None) -> dict[str, Any]:
    names, hints = words.kind_words(), words.kind_hints()
    return {
        **frame(request, facility),
        "ways": [(one, names[one], hints[one]) for one in KINDS],
        "code": "",
        "unknown": [],
    }


ENTRY = Entry(pages.router, f"{HERE}/-/take-in")
