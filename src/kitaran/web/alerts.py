"""Recalls and safety alerts: public pages; makers and authorities issue and withdraw them."""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kitaran.api import alerts as api
from kitaran.api import registry
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.registry.parties.alerts import repository
from kitaran.registry.parties.alerts.kinds import item_of
from kitaran.web.access import signed_in
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, faults_of, form_of, may, record, rooms
from kitaran.web.parties_words import alert_words

HERE: Final = "/alerts"
ISSUERS: Final = ("administrator", "authority", "producer")
pages = Pages()


@pages.page(HERE, "parties/alerts.html")
def alerts(request: Request) -> Page:
    """Every alert, those that hold first."""
    return Page(_listed(request), _shown(request))


@pages.page(HERE + "/{alert}", "parties/alert.html")
def alert(request: Request, alert: str) -> Page:
    """One alert; for its issuer and who reads all, whom it concerns."""
    return Page(*_one(request, alert))


@pages.router.post(HERE)
async def issue(request: Request) -> Response:
    """Issue an alert, and withdraw the one whose place it takes."""
    return await run_in_threadpool(_issue, request, await form_of(request))


@pages.router.post(HERE + "/{alert}/withdraw")
async def withdraw(request: Request, alert: str) -> Response:
    """Withdraw an alert."""
    given = await form_of(request)
    payload = {"alert": alert, "reason": given.get("reason", ""), "superseded_by": given.get("superseded_by")}
    return await run_in_threadpool(_withdraw, request, alert, payload, given)


def _issue(request: Request, given: Given) -> Response:
    made = f"{'recall' if given.get('what') == 'recall' else 'alert'}-{secrets.token_hex(4)}"
    names = ("gtin", "model", "batch_from", "batch_until")
    payload = {
        "alert": made,
        **{name: given.get(name, "") for name in ("what", "title", "hazard", "instruction")},
        "reference": given.get("reference"),
        "pattern": {name: given[name] for name in names if name in given},
    }
    try:
        record(request, "parties.alert_issued", item_of(made), payload, ISSUERS)
    except KitaranError as error:
        if signed_in(request) is None:
            raise
        words = {**_listed(request), **_shown(request, given), "faults": faults_of(error)}
        words["twin"] = twin_path(HERE)
        return HTMLResponse(render(request, "parties/alerts.html", words), error.http_status)
    return RedirectResponse(f"{HERE}/{made}", 303)


def _withdraw(request: Request, alert: str, payload: dict[str, Any], given: Given) -> Response:
    try:
        record(request, "parties.alert_withdrawn", item_of(alert), payload, ISSUERS)
    except KitaranError as error:
        if signed_in(request) is None:
            raise
        facts, shown = _one(request, alert)
        words = {**facts, **shown, "given": given, "faults": faults_of(error)}
        words["twin"] = twin_path(f"{HERE}/{alert}")
        return HTMLResponse(render(request, "parties/alert.html", words), error.http_status)
    return RedirectResponse(f"{HERE}/{alert}", 303)


def _listed(request: Request) -> dict[str, Any]:
    with reading(registry.of(request).whole().engine) as connection:
        return {"alerts": [api.facts_of(one) for one in repository.alerts(connection)]}


def _one(request: Request, alert: str) -> tuple[dict[str, Any], dict[str, Any]]:
    person = signed_in(request)
    with reading(registry.of(request).whole().engine) as connection:
        found = api.found(connection, alert)
        facts, reach = api.facts_of(found), None
        if person is not None and api.sees_reach(found, person.acts_for):
            reach = api.reach_of(connection, found, person.acts_for)
    own = person is not None and person.operator.id == found.issued_by
    may_withdraw = facts["holds"] and (own or may(request, "administrator", "authority"))
    shown = _shown(request) | {"may_withdraw": may_withdraw, "crumbs": [(_("Recalls and alerts"), HERE)]}
    return ({**facts, "reach": reach} if reach is not None else facts), {"reach": reach, **shown}


def _shown(request: Request, given: Given | None = None) -> dict[str, Any]:
    return {
        "rooms": rooms(request, HERE),
        "faults": [],
        "given": defaultdict(str, given or {}),
        "may_issue": may(request, *ISSUERS),
        "alert_words": alert_words(),
        "crumbs": [],
    }


ENTRY = Entry(pages.router, HERE, paths=lambda _workspace: [HERE], door="/facilities")
