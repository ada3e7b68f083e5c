"""Own data: send a workbook, see every figure beside the one in use and what it does, then accept or not."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kitaran.api import own_data as api
from kitaran.api.own_effect import Band, Effect
from kitaran.api.runs import Request as RunRequest
from kitaran.api.runs import StoredRuns
from kitaran.foundation.errors import InputError
from kitaran.reference.own_data import MAX_BYTES, Compared, UploadError
from kitaran.web.choices import place_name
from kitaran.web.entries import Entry
from kitaran.web.figures import figure, whole
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages

HERE = "/own-data"
FAULTS_SHOWN = 100
ROWS_SHOWN = 500
pages = Pages()


@pages.page(HERE, "own_data/index.html")
def index(request: Request) -> Page:
    return Page(_index_facts(request), {"faults": []})


@pages.router.get(f"{HERE}/template.xlsx")
def template() -> Response:
    return api.template_answer()


@pages.router.post(HERE)
async def send(request: Request) -> Response:
    """Keep a workbook and lead to its preview; or show its faults in place."""
    try:
        content, filename = await api.sent_file(request)
        upload = await run_in_threadpool(api.of(request).receive, content, filename)
    except UploadError as error:
        return _faults_page(request, error, filename)
    except InputError as error:
        faults = [{**fault.as_dict(), "field": "file", "place": ""} for fault in error.faults]
        words = {**_index_facts(request), "faults": faults}
        return HTMLResponse(render(request, "own_data/index.html", words), error.http_status)
    return RedirectResponse(f"{HERE}/{upload.id}", status_code=303)


@pages.page(f"{HERE}/{{upload_id}}", "own_data/preview.html")
def preview(request: Request, upload_id: str, economy: str = "") -> Page:
    found = api.of(request).preview(upload_id, [economy] if economy else ())
    rows = sorted(found.rows, key=lambda row: not row.flags)
    shown = {
        "preview": found,
        "crumbs": [(_("Own data"), HERE)],
        "figures": [_shown_row(row) for row in rows[:ROWS_SHOWN]],
        "figures_left": max(0, len(rows) - ROWS_SHOWN),
        "effects": [_shown_effect(effect) for effect in found.effects],
        "left_out": [(code, place_name(code)) for code in found.left_out],
        "flagged": sum(bool(row.flags) for row in found.rows),
    }
    return Page(found.as_dict(), shown)


@pages.router.post(f"{HERE}/{{upload_id}}/accept")
def accept(request: Request, upload_id: str) -> Response:
    api.of(request).accept(upload_id)
    return _follow_the_run(request)


@pages.router.post(f"{HERE}/{{upload_id}}/remove")
def remove(request: Request, upload_id: str) -> Response:
    api.of(request).remove(upload_id)
    return _follow_the_run(request)


@pages.router.post(f"{HERE}/{{upload_id}}/discard")
def discard(request: Request, upload_id: str) -> Response:
    api.of(request).discard(upload_id)
    return RedirectResponse(HERE, status_code=303)


@pages.router.post(f"{HERE}/run-again")
def run_again(request: Request) -> Response:
    return _follow_the_run(request)


def _follow_the_run(request: Request) -> Response:
    return RedirectResponse(f"/jobs/{api.run_again(request).id}", status_code=303)


def _index_facts(request: Request) -> dict[str, Any]:
    return {
        **api.overview(api.of(request)),
        "limit_mb": MAX_BYTES / 1e6,
        "run_out_of_date": _run_out_of_date(request),
    }


def _run_out_of_date(request: Request) -> bool:
    """Whether there are runs, and none of the figures that are in use now."""
    runs = StoredRuns(request.app.state.workspace)
    return bool(runs.finished()) and runs.find(RunRequest()) is None


def _faults_page(request: Request, error: UploadError, filename: str) -> Response:
    shown = error.cell_faults[:FAULTS_SHOWN]
    at = {(fault.sheet, fault.cell): f"fault-{place}" for place, fault in enumerate(shown, start=1)}
    words = {
        "filename": filename,
        "crumbs": [(_("Own data"), HERE)],
        "faults": [
            {**fault.as_dict(), "place": fault.place, "field": at[fault.sheet, fault.cell]} for fault in shown
        ],
        "more": len(error.cell_faults) - len(shown),
        "sheets": _faulty_sheets(error, at),
    }
    return HTMLResponse(render(request, "own_data/faults.html", words), error.http_status)


def _faulty_sheets(error: UploadError, at: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
    """The faulty rows by sheet, each cell with what is wrong in it."""
    causes: dict[tuple[str, str], str] = {}
    for fault in error.cell_faults:
        causes.setdefault((fault.sheet, fault.cell), fault.cause)
    sheets: dict[str, dict[str, Any]] = {}
    for row in error.rows[:FAULTS_SHOWN]:
        cells = [
            {
                "label": label,
                "text": text,
                "cause": causes.get((row.sheet, cell)),
                "id": at.get((row.sheet, cell)),
            }
            for cell, label, text in row.cells
        ]
        whole_row = (row.sheet, f"A{row.line}")
        found = sheets.setdefault(row.sheet, {"name": row.sheet, "heads": [], "rows": []})
        found["heads"] = found["heads"] or [cell["label"] for cell in cells[1:]]
        found["rows"].append(
            {"line": row.line, "cause": causes.get(whole_row), "id": at.get(whole_row), "cells": cells[1:]}
        )
    return list(sheets.values())


def _shown_row(row: Compared) -> dict[str, Any]:
    unit = str(row.own.cells.get("unit") or "")
    return {
        "label": row.label,
        "place": f"{row.own.sheet}, {_('row')} {row.own.line}",
        "own": _amount(row.figure, unit),
        "present": _amount(row.present, unit),
        "difference": _signed(row.difference, unit),
        "percent": "" if row.ratio is None else f"{row.ratio:+.0%}".replace("-", "−"),
        "unit": "" if unit == "fraction" else unit,
        "replaces": row.replaces,
        "overlap": row.overlap,
        "table": row.own.table,
        "flags": row.flags,
        "note": row.own.cells.get("note") or "",
    }


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{figure(value * 100)} %" if unit == "fraction" else whole(value)


def _signed(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{_amount(abs(value), unit)}"


def _shown_effect(effect: Effect) -> dict[str, Any]:
    return {
        "economy": place_name(effect.economy),
        "year": effect.year,
        "before": _band(effect.before),
        "after": _band(effect.after),
        "change": _signed_figure(effect.after[1] - effect.before[1]),
    }


def _band(band: Band) -> dict[str, str]:
    low, middle, high = band
    return {
        "median": figure(middle),
        "range": _("%(low)s to %(high)s") % {"low": figure(low), "high": figure(high)},
    }


def _signed_figure(value: float) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{figure(abs(value))}"


def _router() -> APIRouter:
    router = APIRouter()
    router.include_router(api.router)
    router.include_router(pages.router)
    return router


ENTRY = Entry(_router(), HERE, label=lambda: _("Own data"), order=400, paths=lambda _: [HERE])
