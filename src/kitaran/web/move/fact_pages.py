"""Entering one fact in the browser: choose it, fill it, see what it changes, accept it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kitaran.foundation.clock import now
from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace
from kitaran.law import Book, Case, Decision, decide
from kitaran.law.commonest import COUNTRIES, dossiers
from kitaran.law.decision import NOT_A_DETERMINATION
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.move import fact_form as forms
from kitaran.web.move import fact_rows as rows
from kitaran.web.move import rule_words as move_rule_words
from kitaran.web.move import words as move_words
from kitaran.web.move.case import address_of
from kitaran.web.move.fact_form import Draft
from kitaran.web.move.facts import HERE, book_of, folder_of
from kitaran.web.pages import Page, Pages

pages = Pages()


@pages.page(f"{HERE}/enter", "move/enter_fact.html")
def enter(request: Request, cc: str = "", fact: str = "") -> Page:
    """The form of one fact of one State, beside what the tables say now."""
    book = book_of(request.app.state.workspace)
    faults = []
    if cc not in book.countries:
        faults.append({"field": "cc", "place": "", "cause": _("No jurisdiction is chosen."), "remedy": ""})
    if fact not in forms.facts_known():
        faults.append({"field": "fact", "place": "", "cause": _("No fact is chosen."), "remedy": ""})
    if faults:
        shown = {"faults": faults, **_choosing(book), "given": {"cc": cc, "fact": fact}}
        return Page(
            {"faults": faults, "note": NOT_A_DETERMINATION}, shown, 422, template="move/choose_fact.html"
        )
    given = dict.fromkeys(forms.ASKED, "") | {"cc": cc, "fact": fact, "supersedes": _replaced(book, cc, fact)}
    facts = {
        "cc": cc,
        "fact": fact,
        "present": [row.as_dict() for row in forms.present(book, cc, fact, _today())],
        "note": NOT_A_DETERMINATION,
    }
    return Page(facts, _filling(Draft(given), book))


@pages.router.post(f"{HERE}/preview")
async def preview(request: Request) -> Response:
    """What a filled fact would change; or its faults beside their fields."""
    given = await _sent(request)
    return await run_in_threadpool(_preview, request, given)


@pages.router.post(f"{HERE}/accept")
async def accept(request: Request) -> Response:
    """Take the fact in, and lead to it."""
    given = await _sent(request)
    return await run_in_threadpool(_accept, request, given)


def changes(before: Book, after: Book, cc: str, day: str) -> list[dict[str, Any]]:
    """The commonest movements, and those of the State itself, that end otherwise."""
    countries = dict.fromkeys([*([] if cc == "EU" else [cc]), *COUNTRIES])
    found = []
    for thing, case in dossiers(day, countries):
        old, new = decide(case, before), decide(case, after)
        if _ending(old) != _ending(new):
            found.append({"thing": thing, **_told(case, before), "before": _end(old), "after": _end(new)})
    return found


def _preview(request: Request, given: Mapping[str, list[str]]) -> Response:
    book = book_of(request.app.state.workspace)
    filled = forms.draft(given, book, _today())
    if filled.faults:
        return _faulty(request, filled, book)
    try:
        after = rows.with_row(book, filled.row)
    except InputError as error:
        faults = tuple({"field": "", **fault.as_dict()} for fault in error.faults)
        return _faulty(request, Draft(filled.given, {}, faults), book)
    day = max(_today(), filled.row["valid_from"])
    listed = {name: [value] if isinstance(value, str) else value for name, value in filled.given.items()}
    listed["value"] = filled.given["value"].split("|")
    shown = {
        "given": listed,
        "row": filled.row,
        "fact_words": forms.fact_words(filled.given["fact"]),
        "value_words": _value_words(filled),
        "country": book.country_name(filled.row["cc"]),
        "changes": changes(book, after, filled.row["cc"], day),
        "decided": len(list(dossiers(day, dict.fromkeys([filled.row["cc"], *COUNTRIES])))),
        "day": day,
        "move_words": move_words,
        "rule_words": move_rule_words,
        "crumbs": _crumbs(),
    }
    return HTMLResponse(render(request, "move/preview_fact.html", shown))


def _accept(request: Request, given: Mapping[str, list[str]]) -> Response:
    workspace: Workspace = request.app.state.workspace
    book = book_of(workspace)
    filled = forms.draft(given, book, _today())
    if filled.faults:
        return _faulty(request, filled, book)
    rows.with_row(book, filled.row)
    kept = rows.add(folder_of(workspace), filled.row)
    return RedirectResponse(f"{HERE}?taken={kept}", status_code=303)


def _faulty(request: Request, filled: Draft, book: Book) -> Response:
    known = filled.given["cc"] in book.countries and filled.given["fact"] in forms.facts_known()
    template = "move/enter_fact.html" if known else "move/choose_fact.html"
    shown = _filling(filled, book) if known else {**_choosing(book), "given": filled.given}
    words = {**shown, "faults": filled.faults}
    return HTMLResponse(render(request, template, words), 422)


def _filling(filled: Draft, book: Book) -> dict[str, Any]:
    cc, fact = filled.given["cc"], filled.given["fact"]
    return {
        "given": filled.given,
        "chosen": filled.given["value"].split("|"),
        "faults": filled.faults,
        "country": book.country_name(cc),
        "at_border": "." in fact,
        "several": fact == "hazardous_groups",
        "fact_words": forms.fact_words(fact),
        "value_options": forms.value_options(fact),
        "kind_options": [("", _("Any")), *_kinds()],
        "group_options": [("", _("Any")), *((each, forms.group_words(each)) for each in forms.GROUPS)],
        "seen_options": forms.seen_options(),
        "confidence_options": forms.confidence_options(),
        "stands": forms.present(book, cc, fact, _today()),
        "rule_words": move_rule_words,
        "crumbs": _crumbs(),
    }


def _choosing(book: Book) -> dict[str, Any]:
    countries = sorted(book.countries.items(), key=lambda pair: pair[1])
    return {
        "country_options": [("", _("Choose")), *countries],
        "fact_options": [("", _("Choose")), *forms.fact_options()],
        "crumbs": _crumbs(),
    }


def _kinds() -> list[tuple[str, str]]:
    return [pair for pair in move_words.choices()["kind"] if pair[0] in forms.KINDS]


def _replaced(book: Book, cc: str, fact: str) -> list[str]:
    """A fact of the State has one value, so a new one replaces it; rules at a border stand side by side."""
    return [] if "." in fact else [row.id for row in forms.present(book, cc, fact, _today())]


def _value_words(filled: Draft) -> str:
    words = dict(forms.value_options(filled.given["fact"]))
    return ", ".join(words[value] for value in filled.given["value"].split("|"))


def _ending(decision: Decision) -> tuple[Any, ...]:
    return decision.card, decision.status, decision.movement, decision.procedure, decision.missing


def _end(decision: Decision) -> dict[str, Any]:
    return {"card": decision.card, "status": decision.status, "missing": list(decision.missing)}


def _told(case: Case, book: Book) -> dict[str, Any]:
    facts = case.facts
    stops = (facts["route.export"], *facts["route.transit"], facts["route.import"])
    return {
        "purpose": facts["purpose"],
        "route": [book.country_name(cc) for cc in dict.fromkeys(stops)],
        "href": f"/move?{address_of(case)}",
    }


async def _sent(request: Request) -> dict[str, list[str]]:
    """The fields of a form, each with all its values."""
    given: dict[str, list[str]] = {}
    async with request.form(max_files=0, max_fields=100) as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                given.setdefault(name, []).append(value)
    return given


def _today() -> str:
    return now().date().isoformat()


def _crumbs() -> list[tuple[str, str]]:
    return [(_("May it cross?"), "/move"), (_("Own facts of an authority"), HERE)]


def paths(_workspace: Workspace) -> Iterable[str]:
    """The form of one fact at the border and of one of a State."""
    yield f"{HERE}/enter?cc=TH&fact=import.used"
    yield f"{HERE}/enter?cc=TH&fact=basel_party"
