"""Facilities: a public list and a public page of each; who manages parties enters them and their permits."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kitaran.api import facilities as api
from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.facilities.kinds import item_of
from kitaran.web.access import signed_in
from kitaran.web.access_words import activity_words
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, faults_of, form_of, may, moment, record, rooms
from kitaran.web.parties_words import medium_words

HERE: Final = "/facilities"
MANAGERS: Final = ("administrator", "authority")
pages = Pages()


@pages.page(HERE, "parties/facilities.html")
def facilities(request: Request) -> Page:
    """Every facility with what it may do now."""
    with reading(registry.of(request).whole().engine) as connection:
        facts = api.facts_of_all(connection, now())
    return Page(facts, _listing(request))


@pages.page(HERE + "/{facility}", "parties/facility.html")
def facility(request: Request, facility: str) -> Page:
    """One facility: description, permits, pre-consents, reports."""
    with reading(registry.of(request).whole().engine) as connection:
        facts = api.facts_of(connection, facility, now())
    return Page(facts, _one(request, facts))


@pages.router.post(HERE)
async def add(request: Request) -> Response:
    """Register a facility."""
    given = await form_of(request)
    return await run_in_threadpool(_add, request, given)


@pages.router.post(HERE + "/{facility}/permits")
async def permit(request: Request, facility: str) -> Response:
    """Enter a permit."""
    given = await form_of(request)
    payload = {
        "facility": facility,
        "permit": f"permit-{secrets.token_hex(6)}",
        "number": given.get("number", ""),
        "authority": given.get("authority", ""),
        "activities": given.get("activities", "").split(),
        "waste_codes": codes(given, "waste_codes"),
        "valid_from": moment(given, "valid_from") or "",
        "valid_until": moment(given, "valid_until"),
    }
    return await run_in_threadpool(_about, request, facility, "permit_granted", payload, given, MANAGERS)


@pages.router.post(HERE + "/{facility}/reports")
async def report(request: Request, facility: str) -> Response:
    """Report what the facility gave off."""
    given = await form_of(request)
    names = ("medium", "parameter", "quantity", "unit")
    payload = {
        "facility": facility,
        **{name: given.get(name, "") for name in names},
        "limit": given.get("limit"),
        "laboratory": given.get("laboratory"),
        "period_from": moment(given, "period_from") or "",
        "period_until": moment(given, "period_until") or "",
    }
    return await run_in_threadpool(_about, request, facility, "environment_reported", payload, given, ())


def _add(request: Request, given: Given) -> Response:
    name = re.sub(r"[^a-z0-9]+", "-", given.get("name", "").lower()).strip("-")[:40]
    made = f"{name or 'facility'}-{secrets.token_hex(3)}"
    storage = given.get("storage")
    payload = {
        "facility": made,
        "operator": given.get("operator", ""),
        "name": given.get("name", ""),
        "economy": given.get("economy", "").upper(),
        "address": given.get("address"),
        "latitude": given.get("latitude"),
        "longitude": given.get("longitude"),
        "activities": given.get("activities", "").split(),
        "waste_codes": codes(given, "waste_codes"),
        "storage": None if storage is None else {"quantity": storage, "unit": "t"},
    }
    try:
        record(request, "parties.facility_registered", item_of(made), payload, MANAGERS)
    except KitaranError as error:
        if signed_in(request) is None:
            raise
        with reading(registry.of(request).whole().engine) as connection:
            facts = api.facts_of_all(connection, now())
        words = {**facts, **_listing(request, given), "faults": faults_of(error), "twin": twin_path(HERE)}
        return HTMLResponse(render(request, "parties/facilities.html", words), error.http_status)
    return RedirectResponse(f"{HERE}/{made}", 303)


def _about(
    request: Request, facility: str, kind: str, payload: dict[str, Any], given: Given, roles: tuple[str, ...]
) -> Response:
    try:
        record(request, f"parties.{kind}", item_of(facility), payload, roles)
    except KitaranError as error:
        if signed_in(request) is None:
            raise
        with reading(registry.of(request).whole().engine) as connection:
            facts = api.facts_of(connection, facility, now())
        words = {**facts, **_one(request, facts, given), "faults": faults_of(error), "opened": kind}
        words["twin"] = twin_path(f"{HERE}/{facility}")
        return HTMLResponse(render(request, "parties/facility.html", words), error.http_status)
    return RedirectResponse(f"{HERE}/{facility}", 303)


def codes(given: Given, name: str) -> list[str]:
    """Waste codes with commas between them."""
    return [code.strip().upper() for code in given.get(name, "").split(",") if code.strip()]


def _listing(request: Request, given: Given | None = None) -> dict[str, Any]:
    operators: list[tuple[str, str]] = []
    if may(request, *MANAGERS):
        with reading(registry.of(request).whole().engine) as connection:
            operators = [(one.id, one.name) for one in parties.operators(connection, now())]
    return {**_shown(request, given), "operators": [("", _("Choose")), *operators], "crumbs": []}


def _one(request: Request, facts: dict[str, Any], given: Given | None = None) -> dict[str, Any]:
    person = signed_in(request)
    own = person is not None and person.operator.id == facts["operator"]
    return {
        **_shown(request, given),
        "may_report": own or may(request, *MANAGERS),
        "mediums": list(medium_words().items()),
        "medium_words": medium_words(),
        "opened": "",
        "crumbs": [(_("Facilities"), HERE)],
    }


def _shown(request: Request, given: Given | None) -> dict[str, Any]:
    return {
        "rooms": rooms(request, HERE),
        "faults": [],
        "given": defaultdict(str, given or {}),
        "chosen": (given or {}).get("activities", "").split(),
        "may_manage": may(request, *MANAGERS),
        "activity_words": activity_words(),
    }


ENTRY = Entry(pages.router, HERE, lambda: _("Facilities"), 60, lambda _workspace: [HERE])
