"""`/handover`: offers and claims that wait, one hand-over with both its sides, and its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from sqlalchemy import Connection

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading
from kitaran.foundation.errors import Fault, InputError, KitaranError, NotFoundError
from kitaran.registry.custody import contents, history, lists, offers, service
from kitaran.registry.custody.intake import LOTS
from kitaran.registry.identity import qr
from kitaran.registry.ledger.times import read_time
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities.repository import Facility
from kitaran.registry.parties.roles import READS_ALL
from kitaran.registry.passport.schemas import MATERIALS
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.facility import words
from kitaran.web.facility.frame import (
    HANDOVER,
    answered,
    faults_of,
    frame,
    hand,
    name_of,
    open_facilities,
    opened,
    public_address,
)
from kitaran.web.facility.intake_form import amount
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

HERE: Final = HANDOVER
ONE: Final = "facility/handover.html"
SHOWN: Final = 20
_FIRST: Final = {lists.TO_ANSWER: SHOWN, lists.MADE: 5, lists.DONE: 5}
"""How many of each list stand on the first page."""
_LONGEST: Final = 200
pages = Pages()
Given = Mapping[str, str]


@pages.page(HERE, "facility/handovers.html")
def handovers_page(request: Request, part: str = "", q: str = "", page: int = 1) -> Page:
    """What waits for an answer, whose it is, and what is done; with `part` or a search, one list by pages."""
    person = require(request)
    me, at, query = person.operator.id, stamp(), " ".join(q.split())[:_LONGEST]
    alone = part if part in (*lists.OFFERS, *lists.CLAIMS) else lists.ALL if query else ""
    first = (max(1, page) - 1) * SHOWN if alone else 0
    with reading(opened(request).engine) as connection:
        mine = open_facilities(connection, me)
        found = {
            one: lists.of_claims(connection, me, one, at, first, SHOWN)
            if one in lists.CLAIMS
            else lists.of_offers(connection, me, one, at, query, first, SHOWN if alone else _FIRST[one])
            for one in ([alone] if alone else [*_FIRST, *lists.CLAIMS])
        }
    facts = {
        **{one: told.lines for one, told in found.items()},
        "in_all": {one: told.total for one, told in found.items()},
        "part": alone,
        "query": query,
        "page": max(1, page),
    }
    shown = {
        **frame(request, _alone(mine)),
        **_words(),
        "lists": {one: told.lines for one, told in found.items()},
        "headings": words.list_words(),
        "pager": _pager(alone, query, page, found[alone].total) if alone else None,
    }
    return Page(facts, shown)


def _pager(part: str, query: str, page: int, total: int) -> dict[str, Any]:
    def url(number: int) -> str:
        return f"{HERE}?{urlencode({'part': part, 'q': query, 'page': number})}"

    return {"page": max(1, page), "pages": max(1, -(-total // SHOWN)), "total": total, "url": url}


@pages.page(HERE + "/{offer}", ONE)
def handover_page(request: Request, offer: str) -> Page:
    """One hand-over, for its two sides."""
    person = require(request)
    with reading(opened(request).engine) as connection:
        facts = _facts(connection, person, offer)
        return Page(facts, _shown(request, connection, person, facts))


@pages.page(HERE + "/{offer}/receipt", "facility/receipt.html")
def receipt_page(request: Request, offer: str) -> Page:
    """What both sides hold in their hands afterwards."""
    person = require(request)
    with reading(opened(request).engine) as connection:
        facts = _facts(connection, person, offer)
        found = offers.find(connection, offer)
        shown = _shown(request, connection, person, facts)
    if found is None or facts["state"] != "accepted":
        cause = _("This offer was not accepted: there is no receipt.")
        raise NotFoundError(cause, offer, _("Look at the offer."))
    signed = {"giver": found.signed, "receiver": found.answer_signed or "own"}
    record = [
        {"seq": found.seq, "digest": found.digest},
        {"seq": found.answer_seq, "digest": found.answer_digest},
    ]
    code = _code(public_address(request, f"{HERE}/{offer}/receipt"))
    return Page({**facts, "signed": signed, "record": record}, {**shown, **code})


@pages.router.post(HERE + "/{offer}/accept")
async def accept(request: Request, offer: str) -> Response:
    """Accept, with what is other than offered."""
    return await run_in_threadpool(_answer, request, offer, _accept, await _given(request))


@pages.router.post(HERE + "/{offer}/decline")
async def decline(request: Request, offer: str) -> Response:
    """Do not take it."""
    return await run_in_threadpool(_answer, request, offer, _say("custody.declined"), await _given(request))


@pages.router.post(HERE + "/{offer}/withdraw")
async def withdraw(request: Request, offer: str) -> Response:
    """Offer it no longer."""
    return await run_in_threadpool(_answer, request, offer, _say("custody.withdrawn"), await _given(request))


@pages.router.post(HERE + "/{offer}/claim")
async def answer_claim(request: Request, offer: str) -> Response:
    """Agree, dispute or withdraw a claim."""
    return await run_in_threadpool(_answer, request, offer, _answer_claim, await _given(request))


async def _given(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=3_100) as form:
        return {
            name: " ".join(value.split())[:_LONGEST] for name, value in form.items() if isinstance(value, str)
        }


def _answer(request: Request, offer: str, act: Any, given: Given) -> Response:
    """Do what was clicked and show the hand-over again; or what hinders it, with what was typed."""
    person = require(request)
    with reading(opened(request).engine) as connection:
        facts = _facts(connection, person, offer)
    try:
        act(request, facts, given)
    except KitaranError as error:
        with reading(opened(request).engine) as connection:
            facts = _facts(connection, person, offer)
            shown = _shown(request, connection, person, facts) | {"given": given, "opened": True}
        fields = {"facility", "reason", *given}
        return answered(request, ONE, facts, shown | {"faults": faults_of(error, fields)}, error.http_status)
    after = "/receipt" if act is _accept else ""
    return RedirectResponse(f"{HERE}/{offer}{after}", 303)


def _accept(request: Request, facts: dict[str, Any], given: Given) -> None:
    claims, faults = [], list[Fault]()
    for number, one in enumerate(facts["items"]):
        claim = _claim(number, one["item"], given, faults)
        if len(claim) > 1:
            claims.append(claim)
    if faults:
        raise InputError(faults[0].cause, faults=faults)
    facility = given.get("facility") or None
    with reading(opened(request).engine) as connection:
        mine = open_facilities(connection, require(request).operator.id)
    place = next((name_of(one) for one in mine if one.id == facility), None)
    service.accept(hand(request), facts["offer"], claims, facility, place)


def _claim(number: int, item: str, given: Given, faults: list[Fault]) -> dict[str, Any]:
    """What is claimed of one item; its id alone if nothing is."""
    claim: dict[str, Any] = {"item": item}
    mass, count = given.get(f"mass_kg-{number}", ""), given.get(f"count-{number}", "")
    if mass:
        claim["mass_kg"] = amount(mass)
        if claim["mass_kg"] is None:
            cause = _("%(given)s is no number.") % {"given": repr(mass[:30])}
            faults.append(Fault(f"mass_kg-{number}", cause, _("Write it as 12.5, without a unit.")))
    if count:
        if not (count.isascii() and count.isdigit() and len(count) <= 9):
            cause = _("%(given)s is no count.") % {"given": repr(count[:30])}
            faults.append(Fault(f"count-{number}", cause, _("Give a whole number.")))
        else:
            claim["count"] = int(count)
    if given.get(f"condition-{number}"):
        claim["condition"] = given[f"condition-{number}"]
    return claim


def _say(kind: str) -> Any:
    def act(request: Request, facts: dict[str, Any], given: Given) -> None:
        items = [one["item"] for one in facts["items"]]
        hand(request).record(kind, items, {"offer": facts["offer"], "reason": given.get("reason") or None})

    return act


def _answer_claim(request: Request, facts: dict[str, Any], given: Given) -> None:
    item = given.get("item", "")
    told = {"offer": facts["offer"], "item": item, "outcome": given.get("outcome", "")}
    hand(request).record("custody.claim_answered", item, {**told, "reason": given.get("reason") or None})


# -- what is told


def _facts(connection: Connection, person: Person, offer: str) -> dict[str, Any]:
    """The hand-over with kind and chemistry of its items. Raises NotFoundError in the same words for that of
    others and for none.
    """
    found = offers.find(connection, offer)
    sides = () if found is None else (found.giver, found.receiver)
    if found is None or not (person.operator.id in sides or person.roles & READS_ALL):
        raise NotFoundError(
            _("There is no such offer for you."), offer, _("Sign in as the one to whom it is made.")
        )
    told = history.handover(connection, offer)
    told.pop("heads")
    told["items"] = [{str(name): value for name, value in one.items()} for one in told["items"]]
    known = contents.told(connection, [one["item"] for one in told["items"]])
    for one in told["items"]:
        said = known.get(one["item"])
        one["kind"] = (said.kind if said else "") or one["form"]
        one["chemistry"] = said.chemistry if said else contents.UNKNOWN
        one["battery"] = said.battery if said and _shows(one["kind"], person, told) else None
        one["end"] = one["item"][-6:]
        one["claim"] = next((claim for claim in told["claims"] if claim["item"] == one["item"]), None)
    for claim in told["claims"]:
        claim["days_left"] = (read_time(claim["answer_by"], "answer_by") - now()).days
    return told


def _shows(kind: str, person: Person, told: dict[str, Any]) -> bool:
    """Whether the item's own page is open to the reader: lots and materials are known to who has them."""
    has_it = told["receiver"] if told["state"] == "accepted" else told["giver"]
    return kind not in LOTS | MATERIALS or person.operator.id == has_it


def _shown(request: Request, connection: Connection, person: Person, facts: dict[str, Any]) -> dict[str, Any]:
    me = person.operator.id
    mine = open_facilities(connection, me)
    side = "giver" if me == facts["giver"] else "receiver" if me == facts["receiver"] else "reader"
    return {
        **frame(request, _alone(mine)),
        **_words(),
        **_code(public_address(request, f"{HERE}/{facts['offer']}")),
        "side": side,
        "me": me,
        "facilities": [*((one.id, one.description["name"]) for one in mine), ("", _("no facility"))],
        "given": {},
        "opened": False,
        "side_names": {facts["giver"]: facts["giver_name"], facts["receiver"]: facts["receiver_name"]},
    }


def _alone(mine: list[Facility]) -> Facility | None:
    """The one facility to which the rooms lead; of several, none."""
    return mine[0] if len(mine) == 1 else None


def _code(address: str) -> dict[str, Any]:
    return {"address": address, "code": Markup(qr.svg(address, 1.0))}


def _words() -> dict[str, Any]:
    return {
        "kind_words": words.kind_words(),
        "chemistry_words": words.chemistry_words,
        "basis_words": words.basis_words(),
        "passes_words": words.passes_words(),
        "state_words": words.state_words(),
        "claim_words": words.claim_words(),
        "signed_words": words.signed_words(),
    }


ENTRY = Entry(pages.router, HERE, door="/facility")
