"""Triage on the record: a click that signs a result, and the results of one battery with their disputes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.hand import Hand
from kitaran.registry.triage import recording, records
from kitaran.web import held_choice
from kitaran.web.access import require
from kitaran.web.battery.history import names_of
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import Given, form_of
from kitaran.web.triage import pages as triage
from kitaran.web.triage import words
from kitaran.web.triage.form import SIGNS, cells_of, typed_of

HERE: Final = "/triage/results"
TEMPLATE: Final = "triage/results.html"
_NAMES: Final = ("facility", "technician", "supersedes")
pages = Pages()


@pages.router.post("/triage/record")
async def record(request: Request) -> Response:
    """Sign and record what was typed, for the person who is signed in."""
    given = await form_of(request)
    return await run_in_threadpool(_record, request, given)


@pages.page(HERE + "/{battery}", TEMPLATE)
def results(request: Request, battery: str) -> Page:
    """Every result of a battery that the reader may see, the newest first."""
    return _page(request, battery)


@pages.router.post(HERE + "/{battery}/disputes")
async def doubt(request: Request, battery: str) -> Response:
    """Doubt a result."""
    given = await form_of(request)
    return await run_in_threadpool(_doubt, request, battery, given)


@pages.router.post(HERE + "/{battery}/settled")
async def settle(request: Request, battery: str) -> Response:
    """End a dispute."""
    given = await form_of(request)
    return await run_in_threadpool(_settle, request, battery, given)


def _hand(request: Request) -> Hand:
    return registry.of(request).whole().hand_of(require(request))


def _record(request: Request, given: Given) -> Response:
    hand, typed = _hand(request), typed_of(given)
    battery = _battery_of(request, given.get("battery", ""))
    more = {name: given.get(name) for name in _NAMES}
    overrides = request.app.state.workspace.overrides
    try:
        cells = cells_of(typed)
        _check_id(battery)
        recording.record(hand, battery, cells, given.get("instrument", ""), **more, overrides=overrides)
    except KitaranError as error:
        page = triage.answered(request, typed, {"given": defaultdict(str, given), "faults": _faults(error)})
        shown = {**page.facts, **page.shown, "twin": ""}
        return HTMLResponse(render(request, triage.TEMPLATE, shown), error.http_status)
    return RedirectResponse(f"{HERE}/{battery}", 303)


def _battery_of(request: Request, typed: str) -> str:
    """The id of the battery that was chosen, typed or scanned; the text itself if it names none."""
    text = typed.strip().removesuffix("/")
    with reading(registry.of(request).whole().engine) as connection:
        found = held_choice.battery_of(connection, require(request), text) if text else None
    return found or text.rpartition("/")[2].lower()


def _check_id(battery: str) -> None:
    if not triage.BATTERY_ID.fullmatch(battery):
        cause = _("No battery is known to you under this number or code.")
        raise InputError(cause, "battery", _("Choose it from the list, or type the code on its label."))


def _doubt(request: Request, battery: str, given: Given) -> Response:
    hand = _hand(request)
    try:
        recording.dispute(hand, battery, given.get("result", ""), given.get("reason", ""))
    except KitaranError as error:
        return _again(request, battery, error)
    return RedirectResponse(f"{HERE}/{battery}", 303)


def _settle(request: Request, battery: str, given: Given) -> Response:
    hand, names = _hand(request), ("dispute", "outcome")
    doubt_id, outcome = (given.get(name, "") for name in names)
    try:
        recording.settle(hand, battery, doubt_id, outcome, given.get("reason"))
    except KitaranError as error:
        return _again(request, battery, error)
    return RedirectResponse(f"{HERE}/{battery}", 303)


def _again(request: Request, battery: str, error: KitaranError) -> Response:
    page = _page(request, battery)
    shown = {**page.facts, **page.shown, "faults": _faults(error), "twin": twin_path(f"{HERE}/{battery}")}
    return HTMLResponse(render(request, TEMPLATE, shown), error.http_status)


def _page(request: Request, battery: str) -> Page:
    person = require(request)
    with reading(registry.of(request).whole().engine) as connection:
        facts = records.of(connection, battery, person.acts_for, now(), request.app.state.workspace.overrides)
        names = names_of(connection)
        places = facilities.names_of(connection, [one["facility"] or "" for one in facts["results"]], now())
    newest_first = [_shown(one) for one in reversed(facts["results"])]
    shown = {
        "listed": newest_first,
        "names": names,
        "places": places,
        "faults": [],
        "states": words.state_words(),
        "outcomes": words.outcome_words(),
        "crumbs": [(_("Triage"), triage.HERE)],
    }
    return Page(facts, shown)


def _shown(one: Mapping[str, Any]) -> dict[str, Any]:
    told = one["told"]
    return {
        **one,
        "grade_words": "" if told is None else words.grade_words(told["grade"]),
        "safety_words": "" if told is None else words.safety_words(told["safety"]),
        "health_words": "" if told is None else words.health_words(_numbers(told)),
        "cells": [_cell(name, value) for name, value in (one["measured"] or {}).items()],
    }


def _cell(name: str, value: str) -> tuple[str, str]:
    """What was seen or measured in words, and its value."""
    if name in SIGNS:
        value = {"0": _("no"), "1": _("yes")}.get(value, value)
    return words.measured_words().get(name, name), value


def _numbers(told: Mapping[str, Any]) -> dict[str, Any]:
    """Health of the record, which holds decimal texts, as numbers."""
    names = ("soh", "soh_low", "soh_high")
    return {name: None if told[name] is None else float(told[name]) for name in names}


def _faults(error: KitaranError) -> list[dict[str, Any]]:
    """Faults beside the fields of the forms."""
    found = []
    for fault in error.faults:
        field = fault.place.rpartition(".")[2] if fault.place.startswith("$.payload.") else fault.place
        field = "battery" if field.startswith("$.items") else field
        known = field if field in (*_NAMES, "battery", "instrument", "result", "reason", "dispute") else ""
        found.append({**fault.as_dict(), "field": known, "place": "" if known else fault.place})
    return found


ENTRY = Entry(pages.router, HERE)
