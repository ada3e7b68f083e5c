"""The observatory: a vehicle register beside the modelled stock, what it does, and a person's decision."""

from __future__ import annotations

import re
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kitaran.api import observatory as api
from kitaran.api.own_data import run_again
from kitaran.foundation.clock import now
from kitaran.foundation.errors import Fault, InputError
from kitaran.observatory import Proposal
from kitaran.reference import economies
from kitaran.web.choices import FIRST_ECONOMY, place_name
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.observatory.effect import in_words
from kitaran.web.observatory.words import (
    STATES,
    effect_table,
    parts_table,
    replaced_words,
    shown_state,
    state_words,
    stock_tables,
)
from kitaran.web.pages import Page, Pages

HERE: Final = "/observatory"
INDEX: Final = "observatory/index.html"
FAULTS_SHOWN: Final = 100
pages = Pages()


@pages.page(HERE, INDEX)
def index(request: Request, economy: str = FIRST_ECONOMY) -> Page:
    """The form, and every proposal by what was decided."""
    facts, shown = _index(request, {"economy": economy})
    return Page(facts, shown)


@pages.router.post(HERE)
async def propose(request: Request) -> Response:
    """Make a proposal and lead to it; or show the faults in their cells."""
    words: dict[str, str] = {}
    try:
        given = await api.sent(request)
        words = {"economy": given.economy, "title": given.title, "publisher": given.publisher}
        words |= {"observed": str(given.observed or ""), "licence": given.licence}
        made = await run_in_threadpool(api.propose_of, request, given)
    except InputError as error:
        faults = [_shown_fault(fault) for fault in error.faults]
        facts, shown = await run_in_threadpool(_index, request, words)
        more = {"faults": faults[:FAULTS_SHOWN], "faults_left": max(0, len(faults) - FAULTS_SHOWN)}
        content = render(request, INDEX, {**facts, **shown, **more, "facts": facts, "twin": f"{HERE}.json"})
        return HTMLResponse(content, error.http_status)
    return RedirectResponse(f"{HERE}/{made.id}", status_code=303)


@pages.page(f"{HERE}/{{proposal_id}}", "observatory/proposal.html")
def proposal(request: Request, proposal_id: str) -> Page:
    """What is proposed, what it does, stock by cohort before and after."""
    found = api.get(request, proposal_id)
    standing, told = api.standing(request, found), in_words(found)
    shown = {
        "proposal": found,
        "standing": standing,
        "replaced": replaced_words(standing.replaced),
        "decides": api.decides(request, found),
        "told": told,
        "place": place_name(found.economy),
        "state": state_words(found.state),
        "crumbs": [(_("Observatory"), HERE)],
        "effect_table": effect_table(found.effect["headline"]),
        "stock_tables": stock_tables(found.effect["stock"]),
        "parts_table": parts_table(found),
        "invented": api.invented(request),
        **_totals(found),
    }
    return Page({**api.facts(request, found), "in_words": told.as_dict()}, shown)


@pages.router.post(f"{HERE}/{{proposal_id}}/accept")
def accept(request: Request, proposal_id: str) -> Response:
    api.check_decides(request, proposal_id)
    api.of(request).accept(proposal_id, api.who(request))
    return _follow_the_run(request)


@pages.router.post(f"{HERE}/{{proposal_id}}/undo")
def undo(request: Request, proposal_id: str) -> Response:
    api.check_decides(request, proposal_id)
    api.of(request).undo(proposal_id, api.who(request))
    return _follow_the_run(request)


@pages.router.post(f"{HERE}/{{proposal_id}}/reject")
def reject(request: Request, proposal_id: str) -> Response:
    api.check_decides(request, proposal_id)
    api.of(request).reject(proposal_id, api.who(request))
    return RedirectResponse(HERE, status_code=303)


def _follow_the_run(request: Request) -> Response:
    return RedirectResponse(f"/jobs/{run_again(request).id}", status_code=303)


def _index(request: Request, words: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    facts = api.listed(request)
    found = [(shown_state(row), row) for row in facts["proposals"]]
    named = sorted(
        (place.name, place.code) for place in economies() if place.in_region or place.code == "TWN"
    )
    shown = {
        "by_state": [
            (
                state,
                state_words(state),
                [(one, place_name(one["economy"])) for shown_as, one in found if shown_as == state],
            )
            for state in STATES
        ],
        "places": [(code, name) for name, code in named],
        "words": {"economy": FIRST_ECONOMY} | words,
        "last_year": now().year - 1,
        "limit_mb": api.MAX_BYTES / 1e6,
        "faults": [],
        "faults_left": 0,
        "invented": api.invented(request),
    }
    return facts, shown


def _shown_fault(fault: Fault) -> dict[str, str]:
    """A fault beside its field, its cell in the reader's words."""
    cell = re.fullmatch(r"register!([A-Z]+)(\d+)", fault.place)
    words = _("row %(row)s, column %(column)s") % {"row": cell[2], "column": cell[1]} if cell else ""
    field = fault.place if fault.place in ("observed", "economy") else "file"
    return {**fault.as_dict(), "field": field, "place": words}


def _totals(found: Proposal) -> dict[str, Any]:
    """Vehicles by the model and as counted, of the classes that the proposal speaks of."""
    stock = found.effect["stock"]
    return {
        "modelled": sum(row["modelled"] for row in stock),
        "in_use": sum(row["in_use"] for row in stock),
    }


def _router() -> APIRouter:
    router = APIRouter()
    router.include_router(api.router)
    router.include_router(pages.router)
    return router


ENTRY = Entry(_router(), HERE, order=410, paths=lambda _: [HERE], door="/own-data")
