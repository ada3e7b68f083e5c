"""Issuing passports from a file: send it, look at what it holds, accept it; then ids, links and labels."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from kitaran.api import access, issuing, registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.registry.identity.labels import Label, sheet
from kitaran.registry.parties.accounts import Person
from kitaran.registry.passport import issues, repository, sent_files
from kitaran.registry.passport import template as blank
from kitaran.registry.passport.files import KINDS
from kitaran.registry.passport.issues import Issue
from kitaran.registry.passport.sent_files import SentFile
from kitaran.web.access import require
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages
from kitaran.web.producer.words import ISSUERS

HERE: Final = issuing.HERE
DOOR: Final = "/producer"
ISSUED: Final = f"{DOOR}/issued"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ERRORS_SHOWN: Final = 100
LABELS_AT_ONCE: Final = 480
FIRST_SHOWN: Final = 20
pages = Pages()


@pages.page(HERE, "producer/issue.html")
def issue_page(request: Request) -> Page:
    """The form for a file, and what its columns mean."""
    return Page(*_form(request, require(request, *ISSUERS)))


@pages.router.get(f"{HERE}/template.xlsx")
def template_file(request: Request) -> Response:
    """The empty workbook with the organisation's own models."""
    person = require(request, *ISSUERS)
    made = blank.workbook([one.id for one in _models(request, person)])
    return Response(made, media_type=XLSX, headers=_attached("batteries.xlsx"))


@pages.router.post(HERE)
async def send(request: Request) -> Response:
    """Keep a file and check it; then on to what was found, or to the job that checks it."""
    person = require(request, *ISSUERS)
    try:
        kept = await _kept(request, person)
        job = await run_in_threadpool(issuing.of(request).take, kept)
    except InputError as error:
        faults = [{**fault.as_dict(), "field": "file", "place": ""} for fault in error.faults]
        facts, shown = _form(request, person)
        words = {**facts, **shown, "faults": faults, "twin": ""}
        return HTMLResponse(render(request, "producer/issue.html", words), error.http_status)
    return RedirectResponse(f"/jobs/{job.id}" if job else f"{HERE}/{kept.id}", 303)


@pages.page(f"{HERE}/{{file}}", "producer/sent.html")
def sent_page(request: Request, file: str) -> Page:
    """What a sent file holds: the batteries, or what is wrong in which cell."""
    kept = _own(request, file, require(request, *ISSUERS))
    found = dict(kept.checked or {})
    facts = {"file": kept.id, "name": kept.name, "sent_at": kept.sent_at, "issuing": kept.issuing, **found}
    shown = {"crumbs": _crumbs(), "table": _table(found) if found else None, "shown_most": ERRORS_SHOWN}
    return Page({"rows": None, "error_count": None, "errors": [], "models": {}, **facts}, shown)


@pages.router.get(f"{HERE}/{{file}}/errors.csv")
def errors_file(request: Request, file: str) -> Response:
    """The errors of a sent file as a table."""
    kept = _own(request, file, require(request, *ISSUERS))
    errors = (kept.checked or {}).get("errors", [])
    lines = [("row", "column", "message"), *((e["row"], e["column"], e["message"]) for e in errors)]
    return _csv(lines, "errors.csv")


@pages.router.post(f"{HERE}/{{file}}/accept")
def accept(request: Request, file: str) -> Response:
    """Issue all passports of the file, or none."""
    person = require(request, *ISSUERS)
    kept = _own(request, file, person)
    if kept.checked is None or kept.checked["error_count"]:
        raise InputError(
            "The file holds errors, or was not checked.", kept.name, "Mend it and send it again."
        )
    done = issuing.of(request).accept(kept, person)
    return RedirectResponse(f"{ISSUED}/{done}" if isinstance(done, int) else f"/jobs/{done.id}", 303)


@pages.router.post(f"{HERE}/{{file}}/discard")
def discard(request: Request, file: str) -> Response:
    """Forget a file."""
    kept = _own(request, file, require(request, *ISSUERS))
    sent_files.discard(kept)
    return RedirectResponse(HERE, 303)


@pages.page(f"{ISSUED}/{{seq}}", "producer/issued.html")
def issued_page(request: Request, seq: int) -> Page:
    """One issue: how many, of which models, its first batteries, and what to take along."""
    issue = _issue(request, seq)
    with reading(registry.of(request).whole().engine) as connection:
        first = list(islice(issues.rows(connection, issue), FIRST_SHOWN))
    facts = {
        "seq": issue.seq,
        "at": issue.at,
        "count": issue.count,
        "models": list(issue.models),
        "batteries": [
            {"battery": one["battery"], "model": one["model"], "serial_number": one["serial_number"]}
            for one in first
        ],
    }
    shown = {
        "crumbs": _crumbs(),
        "base": _base(request),
        "lasting": access.serving(request).public_url is not None,
        "at_once": LABELS_AT_ONCE,
    }
    return Page(facts, shown)


@pages.router.get(f"{ISSUED}/{{seq}}/batteries.csv")
def batteries_file(request: Request, seq: int) -> Response:
    """Every battery of an issue in the order of its rows: number, model, serial number, id, link, codes."""
    issue, base = _issue(request, seq), _base(request)
    lines: list[tuple[Any, ...]] = [("number", "model", "serial_number", "battery", "link", "codes")]
    with reading(registry.of(request).whole().engine) as connection:
        for number, one in enumerate(issues.rows(connection, issue), start=1):
            codes = ";".join(one.get("codes", ()))
            link = f"{base}/b/{one['battery']}"
            lines.append((number, one["model"], one["serial_number"], one["battery"], link, codes))
    return _csv(lines, f"batteries-{seq}.csv")


@pages.router.get(f"{ISSUED}/{{seq}}/labels.pdf")
def labels_file(request: Request, seq: int, first: int = 1) -> Response:
    """Labels of up to `LABELS_AT_ONCE` batteries of an issue, from the one of this number on."""
    issue, base = _issue(request, seq), _base(request)
    start = max(1, min(first, issue.count)) - 1
    with reading(registry.of(request).whole().engine) as connection:
        names = {one: _name(connection, one) for one in issue.models}
        rows = list(islice(issues.rows(connection, issue), start, start + LABELS_AT_ONCE))
    labels = [_label(one, names[one["model"]], base) for one in rows]
    headers = {"Content-Disposition": f'inline; filename="labels-{seq}-{start + 1}.pdf"'}
    return Response(sheet(labels, now().date()), media_type="application/pdf", headers=headers)


def _label(one: dict[str, Any], name: str, base: str) -> Label:
    lines = (name[:40], str(one["serial_number"])[:40], _("Do not open. Do not throw away."))
    return Label(f"{base}/b/{one['battery']}", lines)


def _name(connection: Any, model: str) -> str:
    found = repository.model(connection, model)
    return model if found is None else str(found.content["model_name"])


async def _kept(request: Request, person: Person) -> SentFile:
    """The file of the form, kept. Raises InputError if there is none or it cannot be taken."""
    registry.of(request).whole().hand_of(person)  # who cannot sign with a click need not send anything
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise issuing.no_file()
        whose = (person.operator.id, person.id, person.session or "")
        folder = issuing.of(request).folder
        return await run_in_threadpool(sent_files.keep, folder, file.file, file.filename, *whose)


def _own(request: Request, file: str, person: Person) -> SentFile:
    return sent_files.find(issuing.of(request).folder, file, person.operator.id)


def _issue(request: Request, seq: int) -> Issue:
    """An issue of the person's organisation. Raises NotFoundError for another's as for none."""
    person = require(request, *ISSUERS)
    with reading(registry.of(request).whole().engine) as connection:
        found = issues.find(connection, person.operator.id, seq) if 0 <= seq < 2**53 else None
    if found is None:
        raise NotFoundError("There is no such issue of yours.", str(seq), "Look at the list of issues.")
    return found


def _form(request: Request, person: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    names = ("column", "meaning", "needed", "example")
    facts = {
        "models": [one.id for one in _models(request, person)],
        "columns": [dict(zip(names, row, strict=True)) for row in blank.meanings()],
    }
    return facts, {"crumbs": _crumbs(), "faults": [], "accept": ",".join(KINDS)}


def _models(request: Request, person: Person) -> list[repository.Model]:
    with reading(registry.of(request).whole().engine) as connection:
        return repository.models(connection, person.operator.id)


def _table(found: dict[str, Any]) -> dict[str, Any]:
    """The shown rows as a spreadsheet shows them, with what is wrong under its cell."""
    told: dict[tuple[int, str], list[str]] = {}
    for one in found["errors"]:
        told.setdefault((one["row"], one["column"]), []).append(one["message"])
    rows = []
    for one in found["shown"]:
        cells = [
            {"text": one["cells"].get(name, ""), "faults": told.get((one["row"], name), [])}
            for name in found["columns"]
        ]
        rows.append({"row": one["row"], "cells": cells, "faults": told.get((one["row"], ""), [])})
    seen = {one["row"] for one in found["shown"]}
    loose = [one for one in found["errors"] if one["row"] not in seen and not one["column"]]
    return {"columns": found["columns"], "rows": rows, "loose": loose}


def _base(request: Request) -> str:
    """The address with which the links in the codes begin."""
    return (access.serving(request).public_url or str(request.base_url)).rstrip("/")


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Producer"), DOOR)]


def _csv(lines: list[tuple[Any, ...]], name: str) -> Response:
    """A table for a spreadsheet: a cell that would be a formula there gets a blank before it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[_harmless(cell) for cell in line] for line in lines])
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=_attached(name))


def _harmless(cell: Any) -> Any:
    return f" {cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


ENTRY = Entry(pages.router, HERE, label=lambda: _("Issue"), order=221)
