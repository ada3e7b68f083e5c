"""Which batteries are built into which storage system: a file of tests, or one's own stock on the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from kitaran.api import registry
from kitaran.foundation.database import reading
from kitaran.foundation.errors import Fault, InputError
from kitaran.planning.market.valuation.currency import rate
from kitaran.reference import economies
from kitaran.registry.triage import grade
from kitaran.registry.triage.building import build
from kitaran.registry.triage.intake import rows_of
from kitaran.registry.triage.limits import limits_of
from kitaran.registry.triage.plan_files import plan_file
from kitaran.registry.triage.plan_words import as_dict
from kitaran.registry.triage.pulse_tests import pulse_tests_of
from kitaran.registry.triage.routes import route
from kitaran.registry.triage.stock import tested_cells
from kitaran.web.access import require, signed_in
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import JSONFacts, Page, Pages
from kitaran.web.triage import pages as triage
from kitaran.web.triage import plan as triage_plan
from kitaran.web.triage.form import FIRST_PLACE, checked_place

HERE: Final = "/triage/build"
TEMPLATE: Final = "triage/build.html"
SIZE, VOLTS, SPREAD = NUMBERS = ("target_kwh", "volts", "soh_spread")
FIRST_KWH: Final = "10"
_PER_CENT: Final = 100.0
_MEDIA: Final = {"csv": "text/csv; charset=utf-8", "xlsx": triage.XLSX}
pages = Pages()


@pages.page(HERE, TEMPLATE)
def build_page(request: Request) -> Page:
    """The form; with `stock=1` and a size in the address, the plan of the reader's own tested batteries."""
    given = {name: request.query_params.get(name, "").strip() for name in (*NUMBERS, "place")}
    if request.query_params.get("stock") != "1":
        return Page({"plan": None}, _frame(request, given))
    try:
        plan = _of_stock(request, given)
    except InputError as error:
        return Page({"plan": None}, _frame(request, given) | {"faults": _faults(error)}, status=422)
    shown = triage_plan.shown(plan, rate(_place(given))) | {"stock_query": urlencode({"stock": "1", **given})}
    return Page({"plan": plan}, _frame(request, given) | shown)


@pages.router.get(f"{HERE}/plan.{{form}}")
def stock_plan_file(request: Request, form: Literal["csv", "xlsx"]) -> Response:
    """The plan of the reader's own tested batteries as a file for the bench."""
    given = {name: request.query_params.get(name, "").strip() for name in (*NUMBERS, "place")}
    return _file(_of_stock(request, given), form)


@pages.router.post(HERE)
async def build_file(request: Request) -> Response:
    """The plan of a file of tests; or what is wrong with it. The file is not kept."""
    given: dict[str, str] = {}
    try:
        content, name, given = await _sent(request)
        plan = await run_in_threadpool(_of_file, request, content, name, given)
    except InputError as error:
        facts = {"plan": None, **_frame(request, given), "faults": _faults(error), "twin": ""}
        return HTMLResponse(render(request, TEMPLATE, facts), 422)
    shown = _frame(request, given) | triage_plan.shown(plan, rate(_place(given)))
    return HTMLResponse(render(request, TEMPLATE, {"plan": plan, **shown, "file_name": name, "twin": ""}))


@pages.router.post(f"{HERE}.json")
async def build_file_facts(request: Request) -> Response:
    """The same for programs."""
    content, name, given = await _sent(request)
    return JSONFacts({"plan": await run_in_threadpool(_of_file, request, content, name, given)})


@pages.router.post(f"{HERE}/plan.{{form}}")
async def build_plan_file(request: Request, form: Literal["csv", "xlsx"]) -> Response:
    """The plan of a file of tests as a file for the bench; or the page that says what is wrong with it."""
    given: dict[str, str] = {}
    try:
        content, name, given = await _sent(request)
        return _file(await run_in_threadpool(_of_file, request, content, name, given), form)
    except InputError as error:
        facts = {"plan": None, **_frame(request, given), "faults": _faults(error), "twin": ""}
        return HTMLResponse(render(request, TEMPLATE, facts), 422)


def _file(plan: Mapping[str, Any], form: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="plan.{form}"'}
    return Response(plan_file(plan, f"plan.{form}"), media_type=_MEDIA[form], headers=headers)


def _of_stock(request: Request, given: Mapping[str, str]) -> dict[str, Any]:
    """The plan of what the signed-in person's organisation holds."""
    person = require(request)
    with reading(registry.of(request).whole().engine) as connection:
        rows = tested_cells(connection, person.operator.id, request.app.state.workspace.overrides)
    return _planned(request, rows, "stock", given)


async def _sent(request: Request) -> tuple[bytes, str, dict[str, str]]:
    async with request.form(max_files=1, max_fields=8) as form:
        given = {name: str(form.get(name) or "").strip() for name in (*NUMBERS, "place")}
        file = form.get("file")
        if not hasattr(file, "read") or not file.filename:  # type: ignore[union-attr]
            raise InputError(_("No file was chosen."), "file", _("Choose the filled file, then send it."))
        content: bytes = await file.read(triage.MAX_BYTES + 1)  # type: ignore[union-attr]
        name = str(file.filename)[:80]  # type: ignore[union-attr]
    if len(content) > triage.MAX_BYTES:
        raise InputError(_("The file is larger than 2 MB."), "file", _("Send fewer batteries at once."))
    return content, name, given


def _of_file(request: Request, content: bytes, name: str, given: Mapping[str, str]) -> dict[str, Any]:
    rows = rows_of(content, name)
    if len(rows) > triage.MOST_AT_ONCE:
        cause = _("The file holds %(count)s batteries.") % {"count": len(rows)}
        raise InputError(cause, "file", _("Send at most 5,000 at once, or use the command line."))
    return _planned(request, rows, name, given)


def _planned(
    request: Request, rows: list[dict[str, str]], name: str, given: Mapping[str, str]
) -> dict[str, Any]:
    """The plan as plain data. Raises InputError whose faults have the field as place."""
    size, volts, spread = (_number(given, field) for field in NUMBERS)
    if not rows:
        cause = _("None of your batteries has a recorded test.")
        raise InputError(cause, "file", _("Record tests first, or send a file."))
    place = checked_place(_place(given))
    graded = grade(pulse_tests_of(rows, name), overrides=request.app.state.workspace.overrides)
    share = None if spread is None else spread / _PER_CENT
    plan = build(graded, route(graded, place), size or float(FIRST_KWH), volts, share)
    return {"place": place, **as_dict(graded, plan)}


def _number(given: Mapping[str, str], name: str) -> float | None:
    text = given.get(name, "").replace(",", ".")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        fault = Fault(name, _("This is no number."), _("Write it as 10 or 5.5."))
        raise InputError(fault.cause, faults=[fault]) from None


def _place(given: Mapping[str, str]) -> str:
    return given.get("place") or FIRST_PLACE


def _faults(error: InputError) -> list[dict[str, Any]]:
    """Faults beside the fields of the form; those of the file beside the file."""
    found = []
    for fault in error.faults:
        field = fault.place.replace("-", "_")
        field = field if field in (*NUMBERS, "place") else "file"
        found.append({**fault.as_dict(), "field": field, "place": fault.place if field == "file" else ""})
    return found


def _frame(request: Request, given: Mapping[str, str]) -> dict[str, Any]:
    limits = limits_of(request.app.state.workspace.overrides)
    places = sorted((economy.name, economy.code) for economy in economies())
    first = {
        SIZE: FIRST_KWH,
        VOLTS: f"{limits['build_volts']:g}",
        SPREAD: f"{limits['build_soh_spread'] * _PER_CENT:g}",
        "place": FIRST_PLACE,
    }
    return {
        "given": defaultdict(str, first | {name: text for name, text in given.items() if text}),
        "places": [(code, name) for name, code in places],
        "signed_in": signed_in(request) is not None,
        "faults": [],
        "listed": None,
        "file_name": "",
        "stock_query": "",
        "overview": None,
        "singly": "",
        "crumbs": [(_("Triage"), triage.HERE)],
    }


ENTRY = Entry(pages.router, HERE, paths=lambda _: [HERE])
