"""What a facility with a pre-consent reports of each period, beside what this registry saw arrive there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.registry.movement import preconsents, service
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.movements import acts as movements_acts
from kitaran.web.movements.acts import Act, Field
from kitaran.web.movements.frame import HERE, REPORTS, frame
from kitaran.web.movements.notification import refused
from kitaran.web.pages import Page, Pages
from kitaran.web.parties_clicks import Given, form_of

ACT: Final = "preconsent_reported"
pages = Pages()


@pages.page(REPORTS + "/{preconsent}", "movements/reports.html")
def reports(request: Request, preconsent: str) -> Page:
    """Every report under a pre-consent, for who keeps the facility and for authorities."""
    facts = _facts_of(request, preconsent)
    return Page(facts, _shown(request, facts))


@pages.router.post(REPORTS + "/{preconsent}/{act}")
async def report(request: Request, preconsent: str, act: str) -> Response:
    """Report a period."""
    return await run_in_threadpool(_report, request, preconsent, act, await form_of(request))


def _facts_of(request: Request, preconsent: str) -> dict[str, Any]:
    caller = require(request).acts_for
    with reading(registry.of(request).whole().engine) as connection:
        return preconsents.of_preconsent(connection, preconsent, caller, now())


def _shown(request: Request, facts: Mapping[str, Any]) -> dict[str, Any]:
    acts = [_act(facts["preconsent"])] if facts["own"] else []
    return {**frame(request), "acts": acts, "crumbs": [(_("Shipments"), HERE)]}


def _act(preconsent: str) -> Act:
    fields = (
        Field("period_from", _("First day"), "date"),
        Field("period_until", _("Last day"), "date"),
        Field("received_kg", _("Taken in [kg]"), "decimal"),
        Field("treated_kg", _("Treated [kg]"), "decimal"),
        Field("recovered_kg", _("Material recovered [kg]"), "decimal"),
        Field("remarks", _("Remarks"), "long", required=False),
    )
    about = _("A period that is over and was not reported yet. How often, the pre-consent says.")
    return Act(ACT, _("Report a period"), fields, {"preconsent": preconsent}, first=True, about=about)


def _report(request: Request, preconsent: str, name: str, given: Given) -> Response:
    person = require(request)
    facts = _facts_of(request, preconsent)
    tried: Act | str = name
    try:
        tried = movements_acts.chosen(_shown(request, facts)["acts"], name, given)
        hand = registry.of(request).whole().hand_of(person)
        service.report_preconsent(hand, facts["facility"], movements_acts.payload_of(tried, given))
    except KitaranError as error:
        words = {**facts, **_shown(request, facts), "given": given, "facts": facts}
        return refused(request, "reports", f"{REPORTS}/{preconsent}", words, tried, error)
    return RedirectResponse(f"{REPORTS}/{preconsent}", 303)


ENTRY = Entry(pages.router, REPORTS, door="/move")
