"""Certified technicians: those of the reader's organisation; all of them for who reads everything.

Who manages parties enters certificates and ends them.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import asdict
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.roles import READS_ALL
from kitaran.registry.parties.technicians import repository
from kitaran.registry.parties.technicians.kinds import item_of
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, faults_of, form_of, may, moment, record, rooms
from kitaran.web.parties_words import certificate_end_words, scope_words

HERE: Final = "/technicians"
MANAGERS: Final = ("administrator", "authority")
pages = Pages()


@pages.page(HERE, "parties/technicians.html")
def technicians(request: Request) -> Page:
    """Certificates with whose they are."""
    return Page(_listed(request), _shown(request))


@pages.router.post(HERE)
async def certify(request: Request) -> Response:
    """Enter a certificate; without the id of a technician, of a new one."""
    given = await form_of(request)
    technician = given.get("technician") or f"technician-{secrets.token_hex(4)}"
    payload = {
        "technician": technician,
        "operator": given.get("operator", ""),
        "certificate": f"certificate-{secrets.token_hex(6)}",
        "scopes": given.get("scopes", "").split(),
        "issuer": given.get("issuer", ""),
        "valid_from": moment(given, "valid_from") or "",
        "valid_until": moment(given, "valid_until"),
    }
    sealed = {name: given.get(name) for name in ("name", "certificate_number")}
    kind = "parties.technician_certified"
    return await run_in_threadpool(_click, request, kind, technician, payload, given, sealed)


@pages.router.post(f"{HERE}/end")
async def end(request: Request) -> Response:
    """Let a certificate count no more."""
    given = await form_of(request)
    payload = {"certificate": given.get("certificate", ""), "reason": given.get("reason", "")}
    kind = "parties.certificate_ended"
    return await run_in_threadpool(_click, request, kind, given.get("technician", ""), payload, {}, {})


def _click(
    request: Request,
    kind: str,
    technician: str,
    payload: dict[str, Any],
    given: Given,
    sealed: dict[str, str | None],
) -> Response:
    require(request, *MANAGERS)
    try:
        record(request, kind, item_of(technician), payload, MANAGERS, sealed)
    except KitaranError as error:
        words = {**_listed(request), **_shown(request, given), "faults": faults_of(error)}
        words["twin"] = twin_path(HERE)
        return HTMLResponse(render(request, "parties/technicians.html", words), error.http_status)
    return RedirectResponse(HERE, 303)


def _listed(request: Request) -> dict[str, Any]:
    person, at = require(request), now()
    operator = None if person.roles & READS_ALL else person.operator.id
    with reading(registry.of(request).whole().engine) as connection:
        found = repository.certificates(connection, operator)
        names = {one.id: one.name for one in parties.operators(connection, at)}
    return {
        "certificates": [
            asdict(one) | {"operator_name": names.get(one.operator), "valid": one.valid_at(at)}
            for one in found
        ]
    }


def _shown(request: Request, given: Given | None = None) -> dict[str, Any]:
    operators: list[tuple[str, str]] = []
    if may(request, *MANAGERS):
        with reading(registry.of(request).whole().engine) as connection:
            operators = [(one.id, one.name) for one in parties.operators(connection, now())]
    return {
        "rooms": rooms(request, HERE),
        "scope_words": scope_words(),
        "end_words": certificate_end_words(),
        "crumbs": [],
        "faults": [],
        "given": defaultdict(str, given or {}),
        "chosen": (given or {}).get("scopes", "").split(),
        "may_manage": may(request, *MANAGERS),
        "operators": [("", _("Choose")), *operators],
    }


ENTRY = Entry(pages.router, HERE, door="/facilities")
