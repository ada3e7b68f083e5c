"""Incidents: reporting one, what was done about it, and its closing; for those whom it concerns."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kitaran.api import incidents as api
from kitaran.api import registry
from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.incidents.kinds import item_of
from kitaran.registry.parties.roles import WRITES_NOTHING
from kitaran.registry.passport.kinds import item_of as battery_item
from kitaran.web import held_choice
from kitaran.web.access import require, signed_in
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, faults_of, form_of, moment, record, rooms
from kitaran.web.parties_words import incident_words, outcome_words, step_words

HERE: Final = "/incidents"
MOST_FIELDS: Final = 100
pages = Pages()


@pages.page(HERE, "parties/incidents.html")
def incidents(request: Request) -> Page:
    """Incidents that concern the reader's organisation."""
    return Page(_listed(request), _shown(request))


@pages.page(HERE + "/{incident}", "parties/incident.html")
def incident(request: Request, incident: str) -> Page:
    """One incident with what was done about it."""
    return Page(_one(request, incident), _shown(request, crumb=True))


@pages.router.post(HERE)
async def report(request: Request) -> Response:
    """Report an incident."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        ticked = [str(one)[:128] for one in form.getlist("item")]
    return await run_in_threadpool(_report, request, await form_of(request), ticked)


@pages.router.post(HERE + "/{incident}/{act}")
async def go_on(request: Request, incident: str, act: str) -> Response:
    """Follow up, close or reopen."""
    given = await form_of(request)
    account = given.get("account", "")
    payloads = {
        "follow-up": ("followed_up", {"step": given.get("step", ""), "account": account}),
        "close": ("closed", {"outcome": given.get("outcome", ""), "cause": account}),
        "reopen": ("reopened", {"reason": account}),
    }
    kind, payload = payloads.get(act, payloads["follow-up"])
    return await run_in_threadpool(_go_on, request, incident, kind, payload, given)


def _report(request: Request, given: Given, ticked: list[str]) -> Response:
    made = f"{given.get('what', 'incident')[:20]}-{secrets.token_hex(4)}"
    injured = given.get("injured", "0")
    payload: dict[str, Any] = {
        "incident": made,
        "what": given.get("what", ""),
        "happened_at": moment(given, "happened_at") or "",
        "account": given.get("account", ""),
        "facility": given.get("facility"),
        "place": given.get("place"),
        "subjects": [],
        "mass_kg": given.get("mass_kg"),
        "harm": {"injured": int(injured) if injured.isascii() and injured.isdigit() else -1},
    }
    sealed = {name: given.get(name) for name in ("reporter_name", "reporter_phone")}
    try:
        payload["subjects"] = _subjects(request, given.get("subjects", ""), ticked)
        record(request, "parties.incident_reported", item_of(made), payload, sealed=sealed)
    except KitaranError as error:
        if signed_in(request) is None:
            raise
        words = {**_listed(request), **_shown(request, given, ticked=ticked), "faults": faults_of(error)}
        words["twin"] = twin_path(HERE)
        return HTMLResponse(render(request, "parties/incidents.html", words), error.http_status)
    return RedirectResponse(f"{HERE}/{made}", 303)


def _subjects(request: Request, typed: str, ticked: list[str]) -> list[dict[str, str]]:
    """The batteries that were ticked or named. Raises InputError for what names none."""
    person, named = require(request), [one.strip() for one in typed.split(",") if one.strip()]
    with reading(registry.of(request).whole().engine) as connection:
        found = [(one, held_choice.battery_of(connection, person, one)) for one in named]
    unknown = [one for one, battery in found if battery is None]
    if unknown:
        cause = _("No battery is known to you under %(text)s.") % {"text": ", ".join(unknown)[:100]}
        remedy = _("Tick it in the list, or type the number or code on its label.")
        raise InputError(cause, "$.payload.subjects", remedy)
    items = [*ticked, *(battery_item(str(battery)) for _name, battery in found)]
    return [{"what": "item", "id": one} for one in dict.fromkeys(items)]


def _go_on(request: Request, incident: str, kind: str, payload: dict[str, Any], given: Given) -> Response:
    facts = _one(request, incident)
    try:
        record(request, f"parties.incident_{kind}", item_of(incident), {"incident": incident, **payload})
    except KitaranError as error:
        words = {**facts, **_shown(request, given, crumb=True), "faults": faults_of(error)}
        words["twin"] = twin_path(f"{HERE}/{incident}")
        return HTMLResponse(render(request, "parties/incident.html", words), error.http_status)
    return RedirectResponse(f"{HERE}/{incident}", 303)


def _listed(request: Request) -> dict[str, Any]:
    person = require(request)
    with reading(registry.of(request).whole().engine) as connection:
        return {"incidents": api.facts_of_all(connection, person.acts_for)}


def _one(request: Request, incident: str) -> dict[str, Any]:
    person = require(request)
    with reading(registry.of(request).whole().engine) as connection:
        return api.facts_of(connection, incident, person.acts_for)


def _shown(
    request: Request, given: Given | None = None, crumb: bool = False, ticked: Sequence[str] = ()
) -> dict[str, Any]:
    person = require(request)
    with reading(registry.of(request).whole().engine) as connection:
        own = held_choice.facility_options(connection, person.operator.id)
        held = held_choice.held_options(connection, person.operator.id)
        names = parties.names_of(connection)
        places = {one.id: str(one.description["name"]) for one in facilities.facilities(connection, now())}
    return {
        "own_facilities": own,
        "held": held,
        "ticked": ticked,
        "names": names,
        "places": places,
        "rooms": rooms(request, HERE),
        "faults": [],
        "given": defaultdict(str, given or {"happened_at": stamp()[:16]}),
        "may_write": bool(person.roles - WRITES_NOTHING),
        "incident_words": incident_words(),
        "step_words": step_words(),
        "outcome_words": outcome_words(),
        "crumbs": [(_("Incidents"), HERE)] if crumb else [],
    }


ENTRY = Entry(pages.router, HERE, door="/facilities")
