"""Hand over from a yard: tick what goes, find who receives it, make the offer whose code its phone opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import Fault, InputError, KitaranError
from kitaran.registry.custody import schemas, service
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities.repository import Facility
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.facility import words
from kitaran.web.facility.frame import (
    HANDOVER,
    HERE,
    NOWHERE,
    answered,
    facility_at,
    faults_of,
    frame,
    hand,
    name_of,
    opened,
)
from kitaran.web.facility.stock import found, item_facts, yard_of
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

TEMPLATE: Final = "facility/hand_over.html"
FIELDS: Final = ("item", "to", "basis", "passes", "waste_code", "condition", "claim_days")
CLAIM_DAYS: Final = "14"
SHOWN: Final = 12
_LEAST_LETTERS: Final = 2
_TEXTS: Final = ("q", "who", "to", "basis", "passes", "waste_code", "condition", "claim_days")
pages = Pages()


@dataclass(frozen=True)
class Typed:
    """The form as it stands: texts by field, and the items that are ticked."""

    given: Mapping[str, str]
    items: tuple[str, ...]


@pages.page(HERE + "/{facility}/hand-over", TEMPLATE)
def hand_over_page(request: Request, facility: str, q: str = "", item: str = "") -> Page:
    """The form; with an item of the address ticked."""
    person = require(request)
    first = {"q": q, "basis": "sale", "passes": "both", "claim_days": CLAIM_DAYS}
    typed = Typed({**dict.fromkeys(_TEXTS, ""), **first}, (item,) if item else ())
    with reading(opened(request).engine) as connection:
        here = facility_at(connection, person, facility)
        return Page(*_form(request, connection, person, here, typed))


@pages.router.post(HERE + "/{facility}/hand-over")
async def hand_over(request: Request, facility: str) -> Response:
    """Search on with what is ticked, or make the offer."""
    async with request.form(max_files=0, max_fields=1_100) as form:
        given = {name: " ".join(str(form.get(name) or "").split())[:200] for name in _TEXTS}
        items = tuple(dict.fromkeys(str(one)[:128] for one in form.getlist("item")))
        offers = form.get("do") == "offer"
    return await run_in_threadpool(_hand_over, request, facility, Typed(given, items), offers)


def _hand_over(request: Request, asked: str, typed: Typed, offers: bool) -> Response:
    person = require(request)
    with reading(opened(request).engine) as connection:
        facility = facility_at(connection, person, asked)
    faults: list[dict[str, Any]] = []
    status = 200
    if offers:
        try:
            place = None if facility is None else name_of(facility)
            made = service.offer(hand(request), list(typed.items), _payload(typed), place)
            return RedirectResponse(f"{HANDOVER}/{made['offer']}", 303)
        except KitaranError as error:
            faults, status = faults_of(error, FIELDS), error.http_status
    with reading(opened(request).engine) as connection:
        facts, shown = _form(request, connection, person, facility, typed)
    return answered(request, TEMPLATE, facts, {**shown, "faults": faults}, status)


def _payload(typed: Typed) -> dict[str, Any]:
    """The offer. Raises InputError whose faults have the field as place."""
    given, faults = typed.given, list[Fault]()
    if not typed.items:
        faults.append(Fault("item", _("No battery is ticked."), _("Tick what you hand over.")))
    if not given["to"]:
        cause = _("Nobody is chosen who receives it.")
        faults.append(Fault("to", cause, _("Search by name, then choose.")))
    days = given["claim_days"] or CLAIM_DAYS
    if not (days.isascii() and days.isdigit() and 1 <= int(days[:6]) <= 365):
        faults.append(Fault("claim_days", _("The days are no number from 1 to 365."), _("14 is usual.")))
    if given["basis"] not in get_args(schemas.Basis) or given["passes"] not in get_args(schemas.Passes):
        faults.append(Fault("basis", _("No such basis is known."), _("Choose one of the list.")))
    if faults:
        raise InputError(faults[0].cause, faults=faults)
    return {
        "to": given["to"],
        "passes": given["passes"],
        "basis": given["basis"],
        "claim_days": int(days),
        "condition": given["condition"] or None,
        "waste_code": given["waste_code"].upper() or None,
    }


def _form(
    request: Request, connection: Connection, person: Person, facility: Facility | None, typed: Typed
) -> tuple[dict[str, Any], dict[str, Any]]:
    yard = yard_of(connection, person.operator.id, facility)
    ticked = [one for one in yard.held if one.item in typed.items]
    matching = [one for one in found(yard.held, typed.given["q"]) if one.item not in typed.items]
    operators = _operators(connection, person.operator.id, typed.given)
    facts = {
        "facility": NOWHERE if facility is None else facility.id,
        "ticked": [item_facts(one) for one in ticked],
        "matching": [item_facts(one) for one in matching[:SHOWN]],
        "more": max(0, len(matching) - SHOWN),
        "operators": operators,
    }
    shown = {
        **frame(request, facility),
        "given": typed.given,
        "searched": len(typed.given["who"]) >= _LEAST_LETTERS,
        "bases": list(words.basis_words().items()),
        "passes": list(words.passes_words().items()),
        "waste_codes": [] if facility is None else facility.description.get("waste_codes", []),
        "kind_words": words.kind_words(),
        "chemistry_words": words.chemistry_words,
    }
    return facts, shown


def _operators(connection: Connection, me: str, given: Mapping[str, str]) -> list[dict[str, str]]:
    """Operators whose name holds what is searched for; who is chosen already, first."""
    wanted, chosen = parties.same_name(given["who"]), given["to"]
    every = [one for one in parties.operators(connection, now()) if one.id != me]
    by_name = [one for one in every if one.id != chosen and wanted in parties.same_name(one.name)]
    first = [one for one in every if one.id == chosen]
    several = first + (by_name[:SHOWN] if len(wanted) >= _LEAST_LETTERS else [])
    return [{"id": one.id, "name": one.name, "economy": one.economy or ""} for one in several]


ENTRY = Entry(pages.router, f"{HERE}/-/hand-over")
