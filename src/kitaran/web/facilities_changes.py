"""What changes about a facility: its description, pre-consents, the end of a permit, its closing.

Who manages parties enters it; the facility's own page shows it to everyone.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kitaran.api import facilities as api
from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.registry.parties.facilities.kinds import item_of
from kitaran.web.access import require
from kitaran.web.access_words import activity_words
from kitaran.web.entries import Entry
from kitaran.web.facilities import HERE, MANAGERS, codes
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, faults_of, form_of, moment, record, rooms

CHANGE: Final = HERE + "/{facility}/change"
PRECONSENT: Final = HERE + "/{facility}/preconsents"
_ENDS: Final = {"permit": "permit_ended", "preconsent": "preconsent_ended", "facility": "facility_closed"}
pages = Pages()


@pages.page(CHANGE, "parties/facility_change.html")
def change_page(request: Request, facility: str) -> Page:
    """The facility's description as it stands, to be changed."""
    facts = _facts(request, facility)
    return Page(facts, _shown(request, facts, given_of(facts)))


@pages.router.post(CHANGE)
async def change(request: Request, facility: str) -> Response:
    """Describe it anew from now on."""
    given = await form_of(request)
    return await run_in_threadpool(
        _click, request, facility, "facility_changed", described(facility, given), given
    )


@pages.page(PRECONSENT, "parties/facility_preconsent.html")
def preconsent_page(request: Request, facility: str) -> Page:
    """The form for a pre-consent, below those that were given."""
    facts = _facts(request, facility)
    return Page(facts, _shown(request, facts, {}))


@pages.router.post(PRECONSENT)
async def preconsent(request: Request, facility: str) -> Response:
    """Enter the consent that an authority gave beforehand to movements to this facility."""
    given = await form_of(request)
    payload = {
        "facility": facility,
        "preconsent": f"preconsent-{secrets.token_hex(6)}",
        **{name: given.get(name, "") for name in ("reference", "authority")},
        "economy": given.get("economy", "").upper(),
        "waste_codes": codes(given, "waste_codes"),
        "valid_from": moment(given, "valid_from") or "",
        "valid_until": moment(given, "valid_until") or "",
    }
    return await run_in_threadpool(_click, request, facility, "preconsent_given", payload, given)


@pages.router.post(HERE + "/{facility}/end")
async def end(request: Request, facility: str) -> Response:
    """End a permit or pre-consent before its day, or close the facility."""
    given = await form_of(request)
    what = given.get("what", "")
    kind = _ENDS.get(what, "facility_closed")
    payload = {what: given.get("id", facility), "reason": given.get("reason", "")}
    return await run_in_threadpool(_click, request, facility, kind, payload, given)


def described(facility: str, given: Given) -> dict[str, Any]:
    """The payload of the form: capacities by activity, each with its unit; storage with its days."""
    storage, days = given.get("storage"), given.get("storage_days", "")
    capacities = [
        {"activity": name, "quantity": given[f"capacity_{name}"], "unit": given.get(f"unit_{name}", "t/year")}
        for name in activity_words()
        if f"capacity_{name}" in given
    ]
    kept = {"quantity": storage, "unit": given.get("storage_unit", "t")}
    return {
        "facility": facility,
        "name": given.get("name", ""),
        "economy": given.get("economy", "").upper(),
        **{name: given.get(name) for name in ("address", "latitude", "longitude")},
        "activities": given.get("activities", "").split(),
        "waste_codes": codes(given, "waste_codes"),
        "capacities": capacities,
        "storage": None if storage is None else kept | ({"days": _count(days)} if days else {}),
    }


def given_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """The form's fields for a facility as it stands."""
    storage = facts["storage"] or {}
    found = {
        **{name: facts[name] for name in ("name", "economy", "address", "latitude", "longitude")},
        "activities": " ".join(facts["activities"]),
        "waste_codes": ", ".join(facts["waste_codes"]),
        "storage": storage.get("quantity"),
        "storage_unit": storage.get("unit"),
        "storage_days": storage.get("days"),
    }
    for one in facts["capacities"]:
        found |= {f"capacity_{one['activity']}": one["quantity"], f"unit_{one['activity']}": one["unit"]}
    return {name: str(value) for name, value in found.items() if value is not None}


def _count(text: str) -> int | str:
    """A whole number, or the text, which the record's schema refuses with the reason."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text


def _click(request: Request, facility: str, kind: str, payload: dict[str, Any], given: Given) -> Response:
    facts = _facts(request, facility)
    try:
        record(request, f"parties.{kind}", item_of(facility), payload, MANAGERS)
    except KitaranError as error:
        page = "preconsent" if kind == "preconsent_given" else "change"
        words = {**facts, **_shown(request, facts, given_of(facts) | dict(given)), "faults": faults_of(error)}
        words["twin"] = twin_path(request.url.path) if page in request.url.path else twin_path(HERE)
        return HTMLResponse(render(request, f"parties/facility_{page}.html", words), error.http_status)
    return RedirectResponse(f"{HERE}/{facility}", 303)


def _facts(request: Request, facility: str) -> dict[str, Any]:
    require(request, *MANAGERS)
    with reading(registry.of(request).whole().engine) as connection:
        return api.facts_of(connection, facility, now())


def _shown(request: Request, facts: Mapping[str, Any], given: Given) -> dict[str, Any]:
    return {
        "rooms": rooms(request, HERE),
        "crumbs": [(_("Facilities"), HERE), (facts["name"], f"{HERE}/{facts['facility']}")],
        "faults": [],
        "given": defaultdict(str, given),
        "chosen": given.get("activities", "").split(),
        "activity_words": activity_words(),
        "units": [("t/year", _("t a year")), ("kg/year", _("kg a year"))],
    }


ENTRY = Entry(pages.router, CHANGE)
