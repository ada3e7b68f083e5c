"""`/facility`, the yard on a phone: what to do, what lies there against the licence, what came and left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.custody import waiting
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities.repository import Facility
from kitaran.web.access import require, signed_in
from kitaran.web.entries import Entry
from kitaran.web.facility import words
from kitaran.web.facility.frame import (
    HERE,
    NOWHERE,
    answered,
    facility_at,
    faults_of,
    frame,
    hand,
    open_facilities,
    opened,
    path_of,
)
from kitaran.web.facility.stock import Yard, facts_of, found, item_facts, items_of, moves, yard_of
from kitaran.web.figures import whole
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages
from kitaran.web.triage.words import sign_words

SHOWN = 20
pages = Pages()


@dataclass(frozen=True)
class Wish:
    """Which items of the stock a reader wants to see."""

    q: str = ""
    kind: str = ""
    page: int = 1

    def pager(self, path: str, total: int) -> dict[str, Any]:
        """The pages that they fill."""

        def url(page: int) -> str:
            return f"{path}?{urlencode({'q': self.q, 'kind': self.kind, 'page': page})}"

        return {"page": self.page, "pages": max(1, -(-total // SHOWN)), "total": total, "url": url}


@pages.page(HERE, "facility/choose.html")
def first_page(request: Request) -> Page:
    """The facilities of who is signed in; of one alone, its yard at once."""
    person = signed_in(request)
    if person is None:
        return Page({"facilities": []}, {"person": None, "rooms": [], "crumbs": []})
    with reading(opened(request).engine) as connection:
        several = open_facilities(connection, person.operator.id)
        if len(several) == 1:
            return _yard_page(request, connection, person, several[0])
        nowhere = facts_of(yard_of(connection, person.operator.id, None))
    facts = {
        "operator": person.operator.id,
        "facilities": [
            {"id": one.id, "name": one.description["name"], "address": one.description.get("address")}
            for one in several
        ],
        "nowhere": {"items": nowhere["items"], "mass_kg": nowhere["mass_kg"]},
    }
    return Page(facts, {"crumbs": []})


@pages.page(HERE + "/{facility}", "facility/yard.html")
def yard_page(request: Request, facility: str) -> Page:
    """One yard: what to do now, and its stock in sums."""
    person = require(request)
    with reading(opened(request).engine) as connection:
        return _yard_page(request, connection, person, facility_at(connection, person, facility))


@pages.page(HERE + "/{facility}/stock", "facility/stock.html")
def stock_page(request: Request, facility: str, q: str = "", kind: str = "", page: int = 1) -> Page:
    """Every item of a yard, with its days; what came and what left."""
    person = require(request)
    with reading(opened(request).engine) as connection:
        here = facility_at(connection, person, facility)
        return _stock_page(request, connection, person, here, Wish(q, kind, max(1, page)))


@pages.router.post(HERE + "/{facility}/here")
async def put_here(request: Request, facility: str) -> Response:
    """Say that items lie at this facility."""
    async with request.form(max_files=0, max_fields=1_100) as form:
        items = [str(one) for one in form.getlist("item")]
    return await run_in_threadpool(_put_here, request, facility, items)


def _put_here(request: Request, asked: str, items: list[str]) -> Response:
    person = require(request)
    with reading(opened(request).engine) as connection:
        facility = facility_at(connection, person, asked)
    try:
        if facility is None or not items:
            raise InputError(_("No battery is ticked."), "item", _("Tick those that lie here."))
        hand(request).record("custody.stored", items, {"facility": facility.id})
    except KitaranError as error:
        with reading(opened(request).engine) as connection:
            page = _yard_page(request, connection, person, facility)
        shown = {**page.shown, "faults": faults_of(error, ("item",))}
        return answered(request, page.template, {**page.facts}, shown, error.http_status)
    return RedirectResponse(path_of(facility, "stock"), 303)


def _yard_page(request: Request, connection: Connection, person: Person, facility: Facility | None) -> Page:
    yard = yard_of(connection, person.operator.id, facility)
    waits = waiting.counts(connection, person.operator.id, stamp())
    facts = {
        "facility": NOWHERE if facility is None else facility.id,
        "stock": facts_of(yard),
        "waiting": waits,
    }
    shown = {
        **frame(request, facility),
        "waiting_words": words.waiting_words(waits),
        "unplaced": [item_facts(one) for one in yard.elsewhere[:SHOWN]],
        **_words(yard),
    }
    return Page(facts, shown, template="facility/yard.html")


def _stock_page(
    request: Request, connection: Connection, person: Person, facility: Facility | None, wish: Wish
) -> Page:
    yard = yard_of(connection, person.operator.id, facility)
    wanted = {one.item for one in found(yard.held, wish.q) if wish.kind in ("", one.kind)}
    facts = {
        "facility": NOWHERE if facility is None else facility.id,
        "stock": facts_of(yard),
        "query": wish.q,
        "kind": wish.kind,
        "page": wish.page,
        "matching": len(wanted),
        "items": items_of(yard, wanted, (wish.page - 1) * SHOWN, SHOWN),
        "missing": [item_facts(one) for one in yard.missing],
    }
    if wish == Wish():
        facts |= moves(connection, person.operator.id, parties.names_of(connection))
    kinds = sorted({one.kind for one in yard.held})
    shown = {
        **frame(request, facility),
        "kinds": [("", _("all kinds")), *((one, words.kind_words()[one]) for one in kinds)],
        "pager": wish.pager(path_of(facility, "stock"), len(wanted)),
        **_words(yard),
    }
    return Page(facts, shown)


def _words(yard: Yard) -> dict[str, Any]:
    told = yard.against
    percent = None if not told.limit_kg else round(float(told.mass_kg / told.limit_kg) * 100)
    return {
        "percent": percent,
        "kg": lambda text: whole(float(text)),
        "kind_words": words.kind_words(),
        "chemistry_words": words.chemistry_words,
        "level_words": words.level_words(),
        "sign_words": sign_words(),
        "status_words": words.status_words(),
    }


ENTRY = Entry(pages.router, HERE, lambda: _("Yard"), 205, lambda _workspace: [HERE])
