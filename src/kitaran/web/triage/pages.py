"""What is this used battery fit for? One that is typed in, or a file of many. Nothing is kept here:
recording is `triage_records`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.planning.market.valuation.currency import rate
from kitaran.reference import economies, read
from kitaran.registry.triage import grade
from kitaran.registry.triage.answers import answers
from kitaran.registry.triage.intake import blank_csv, blank_workbook, rows_of
from kitaran.registry.triage.pulse_tests import PulseTests, pulse_tests_of
from kitaran.registry.triage.routes import route
from kitaran.registry.triage.sheet import sheet
from kitaran.web.access import signed_in
from kitaran.web.entries import Entry
from kitaran.web.errors import wants_json
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import JSONFacts, Page, Pages
from kitaran.web.triage import tables as triage_tables
from kitaran.web.triage import words
from kitaran.web.triage.form import SIGNS, Typed, checked_place, read_typed, typed_of
from kitaran.web.triage.record_form import choices
from kitaran.web.vocabulary import chemistry

HERE = "/triage"
TEMPLATE = "triage/triage.html"
MAX_BYTES = 2_000_000
BATTERY_ID = re.compile(r"[0-9a-f]{32}")
MOST_AT_ONCE = 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
pages = Pages()


@pages.page(HERE, TEMPLATE)
def triage_page(request: Request) -> Page:
    """The form; with a battery in the address, the answer. `battery` : id of the one that is tested"""
    battery = request.query_params.get("battery", "").strip().lower()
    known = {"given": defaultdict(str, battery=battery)} if BATTERY_ID.fullmatch(battery) else {}
    return answered(request, typed_of(request.query_params), known)


def answered(request: Request, typed: Typed, recording: Mapping[str, Any]) -> Page:
    """The form with the answer to what was typed. recording : fields and faults of the record"""
    if not typed.asked:
        return Page({"batteries": []}, {**_frame(typed), **recording})
    try:
        found = _judged(request, read_typed(typed), typed.place)
    except InputError as error:
        if wants_json(request):
            raise
        faults = [{**fault.as_dict(), "field": fault.place, "place": ""} for fault in error.faults]
        return Page({"batteries": []}, {**_frame(typed), **recording, "faults": faults}, status=422)
    card = triage_tables.card(found[0], rate(typed.place))
    person = signed_in(request)
    shown = {"card": card, "signed_in": person is not None, **recording}
    if person is not None:
        with reading(registry.of(request).whole().engine) as connection:
            shown |= choices(connection, person, recording.get("given", {}).get("battery", ""))
    return Page({"place": typed.place, "batteries": found}, _frame(typed) | shown)


@pages.router.post(HERE)
async def triage_file(request: Request) -> Response:
    """The answer to a file of many; or what is wrong with it. The file is not kept."""
    try:
        content, name, place = await _sent(request)
        found = await run_in_threadpool(_judged_file, request, content, name, place)
    except InputError as error:
        faults = [{**fault.as_dict(), "field": "file"} for fault in error.faults]
        shown = _frame(typed_of({})) | {"faults": faults}
        return HTMLResponse(render(request, TEMPLATE, {"batteries": [], "twin": "", **shown}), 422)
    typed = replace(typed_of({}), place=place)
    many = triage_tables.many(found, rate(place))
    shown = _frame(typed) | {"many": many, "file_name": name}
    return HTMLResponse(render(request, TEMPLATE, {"batteries": found, "twin": "", **shown}))


@pages.router.post(f"{HERE}.json")
async def triage_file_facts(request: Request) -> Response:
    """The same for programs."""
    content, name, place = await _sent(request)
    return JSONFacts(
        {"place": place, "batteries": await run_in_threadpool(_judged_file, request, content, name, place)}
    )


@pages.router.get(f"{HERE}/sheet.pdf")
def sheet_file(battery: str = "") -> Response:
    """The protocol to print and fill by hand."""
    headers = {"Content-Disposition": 'inline; filename="triage-sheet.pdf"'}
    made = sheet([battery[:60]], now().date())
    return Response(made, media_type="application/pdf", headers=headers)


@pages.router.get(f"{HERE}/tests.xlsx")
def workbook_file() -> Response:
    """The empty workbook."""
    return Response(blank_workbook(), media_type=XLSX, headers=_attached("tests.xlsx"))


@pages.router.get(f"{HERE}/tests.csv")
def csv_file() -> Response:
    """The empty CSV."""
    return Response(blank_csv(), media_type="text/csv; charset=utf-8", headers=_attached("tests.csv"))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


async def _sent(request: Request) -> tuple[bytes, str, str]:
    """Content and name of the file that was sent, and the economy."""
    async with request.form(max_files=1, max_fields=3) as form:
        file, place = form.get("file"), str(form.get("place") or typed_of({}).place)
        if not hasattr(file, "read") or not file.filename:  # type: ignore[union-attr]
            raise InputError(_("No file was chosen."), "", _("Choose the filled file, then send it."))
        content: bytes = await file.read(MAX_BYTES + 1)  # type: ignore[union-attr]
        name = str(file.filename)[:80]  # type: ignore[union-attr]
    if len(content) > MAX_BYTES:
        raise InputError(_("The file is larger than 2 MB."), "", _("Send fewer batteries at once."))
    return content, name, checked_place(place)


def _judged_file(request: Request, content: bytes, name: str, place: str) -> list[dict[str, Any]]:
    rows = rows_of(content, name)
    if len(rows) > MOST_AT_ONCE:
        cause = _("The file holds %(count)s batteries.") % {"count": len(rows)}
        raise InputError(cause, "", _("Send at most 5,000 at once, or use the command line."))
    return _judged(request, pulse_tests_of(rows, name), place)


def _judged(request: Request, tests: PulseTests, place: str) -> list[dict[str, Any]]:
    graded = grade(tests, overrides=request.app.state.workspace.overrides)
    return answers(graded, route(graded, place))


def _frame(typed: Typed) -> dict[str, Any]:
    """What the page has with and without an answer."""
    names = sorted((economy.name, economy.code) for economy in economies())
    known = read("composition").meta.columns["chemistry"].values
    signs = words.sign_words()
    return {
        "typed": typed,
        "places": [(code, name) for name, code in names],
        "chemistries": [("", _("not known")), ("NMC", "NMC"), *((code, chemistry(code)) for code in known)],
        "signs": [(name, signs[name], typed.given[name]) for name in SIGNS],
        "seen": [("", _("not looked")), ("0", _("no")), ("1", _("yes"))],
        "faults": [],
        "card": None,
        "many": None,
        "given": defaultdict(str),
        "signed_in": False,
        "crumbs": [],
    }


ENTRY = Entry(pages.router, HERE, label=lambda: _("Triage"), order=210, paths=lambda _: [HERE])
