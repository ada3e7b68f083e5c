"""A file of evidence, read without an account and without the registry."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from kitaran.api import registry
from kitaran.api.bodies import capped
from kitaran.foundation.clock import now
from kitaran.foundation.errors import InputError
from kitaran.registry.movement import evidence
from kitaran.web.entries import Entry
from kitaran.web.layout import render
from kitaran.web.movements.frame import EVIDENCE, frame
from kitaran.web.pages import Page, Pages, twin_path
from kitaran.web.parties_clicks import faults_of

_FORM_BYTES: Final = 10_000
"""What a form holds beside its file."""
pages = Pages()


@pages.page(EVIDENCE, "movements/evidence.html")
def evidence_page(request: Request) -> Page:
    """Where a file of evidence is read, with no account and without the registry."""
    return Page({"evidence": None, "movements": []}, frame(request))


@pages.router.post(EVIDENCE)
async def read_evidence(request: Request) -> Response:
    """What a file of evidence says. Nothing is kept."""
    registry.anyone(request, cost=registry.HEAVY)
    async with capped(request, evidence.MOST_BYTES + _FORM_BYTES).form(max_files=1, max_fields=5) as form:
        sent = form.get("file")
        content = await sent.read(evidence.MOST_BYTES + 1) if isinstance(sent, UploadFile) else b""
    return await run_in_threadpool(_read, request, content)


def _read(request: Request, content: bytes) -> Response:
    shown: dict[str, Any] = {**frame(request), "evidence": None, "movements": [], "twin": twin_path(EVIDENCE)}
    try:
        found = evidence.read(content, now())
        return HTMLResponse(render(request, "movements/evidence.html", {**shown, **found, "facts": found}))
    except InputError as error:
        shown["faults"] = [{**one, "field": "file"} for one in faults_of(error)]
        return HTMLResponse(render(request, "movements/evidence.html", {**shown, "facts": {}}), 422)


ENTRY = Entry(pages.router, EVIDENCE, paths=lambda _workspace: [EVIDENCE], door="/move")
