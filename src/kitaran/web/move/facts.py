"""An authority's own facts in this workspace: tables in use, a template, sending one, taking it out."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.foundation.disk import write_whole
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.foundation.workspace import Workspace
from kitaran.law import Book, packaged_book
from kitaran.law.decision import NOT_A_DETERMINATION
from kitaran.law.own_facts import COLUMNS
from kitaran.reference.overrides import fingerprint
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.move import fact_form as move_fact_form
from kitaran.web.move import fact_rows as move_fact_rows
from kitaran.web.move import rule_words as move_rule_words
from kitaran.web.move.statements import statements
from kitaran.web.pages import Page, Pages

HERE = "/move/own-facts"
MAX_BYTES = 1_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}\.csv")
pages = Pages()


def folder_of(workspace: Workspace) -> Path:
    """Where own facts of the law stand in a workspace."""
    return workspace.overrides / "law"


def book_of(workspace: Workspace) -> Book:
    """The law book with the workspace's own facts."""
    folder = folder_of(workspace)
    return _book(folder, fingerprint(folder))


@lru_cache(maxsize=8)
def _book(folder: Path, _files: tuple[tuple[str, int, int], ...]) -> Book:
    book = packaged_book()
    for path in sorted(folder.glob("*.csv")):
        book = book.with_own_facts(path)
    return book


@pages.page(HERE, "move/own_facts.html")
def own_facts(request: Request, taken: str = "", undone: str = "") -> Page:
    """The facts in use, row by row, and the ways to enter more."""
    found = _facts(request.app.state.workspace)
    return Page(found, _shown(found, found["unreadable"], taken, undone))


@pages.router.get(f"{HERE}/template.csv")
def template() -> Response:
    """The columns of a table of own facts."""
    headers = {"Content-Disposition": 'attachment; filename="own-facts.csv"'}
    return Response(
        "\ufeff" + ",".join(COLUMNS) + "\r\n", media_type="text/csv; charset=utf-8", headers=headers
    )


@pages.router.post(HERE)
async def send(request: Request) -> Response:
    """Take a table in if every row of it is right; else show its faults."""
    workspace: Workspace = request.app.state.workspace
    try:
        name, content = await _sent(request)
        _proved(name, content)
        folder = folder_of(workspace)
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, content)
    except InputError as error:
        faults = [{**fault.as_dict(), "field": "file"} for fault in error.faults]
        found = _facts(workspace)
        words = {**found, **_shown(found, faults)}
        return HTMLResponse(render(request, "move/own_facts.html", words), error.http_status)
    return RedirectResponse(HERE, status_code=303)


@pages.router.post(f"{HERE}/{{name}}/remove")
def remove(request: Request, name: str) -> Response:
    """Take a table out."""
    path = folder_of(request.app.state.workspace) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFoundError(f"There is no table of own facts {name!r}.", "name", "Choose one of the list.")
    path.unlink()
    return RedirectResponse(f"{HERE}?undone=1", status_code=303)


async def _sent(request: Request) -> tuple[str, bytes]:
    async with request.form(max_files=1, max_fields=2) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) and not hasattr(file, "read"):
            raise InputError("No file was chosen.", "file", "Choose the filled table, then send it.")
        name = Path(file.filename or "").name  # type: ignore[union-attr]
        content: bytes = await file.read(MAX_BYTES + 1)  # type: ignore[union-attr]
    if not _NAME.fullmatch(name):
        raise InputError(
            f"The name {name!r} cannot be kept.", "file", "Use letters, digits, hyphens, and .csv at the end."
        )
    if len(content) > MAX_BYTES:
        raise InputError("The file is larger than 1 MB.", "file", "Send fewer rows.")
    return name, content


def _proved(name: str, content: bytes) -> None:
    """Read it as the book would. Raises InputError that names the line of a wrong row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        packaged_book().with_own_facts(path)


def _facts(workspace: Workspace) -> dict[str, Any]:
    """The tables and rows in use; if a table cannot be read, what is wrong with it, so that it can go."""
    folder = folder_of(workspace)
    wrong: list[dict[str, Any]] = []
    try:
        book = book_of(workspace)
    except InputError as error:
        book = packaged_book()
        wrong = [{"field": "", **fault.as_dict()} for fault in error.faults]
    rows = [row for row in statements(book) if row.own]
    return {
        "tables": [path.name for path in sorted(folder.glob("*.csv"))],
        "unreadable": wrong,
        "rows": [
            {**row.as_dict(), "slug": row.slug, "href": f"/move/rules/{row.slug}", "country": row.places[0]}
            | {"country_name": book.country_name(row.places[0]), "table": row.own.partition(" by ")[0]}
            for row in rows
        ],
        "facts_version": book.facts_version,
        "note": NOT_A_DETERMINATION,
    }


def _shown(
    found: Mapping[str, Any], faults: Sequence[Mapping[str, Any]], taken: str = "", undone: str = ""
) -> dict[str, Any]:
    """What only the HTML needs. A table that cannot be read is listed, so that it can be taken out."""
    countries = sorted(packaged_book().countries.items(), key=lambda pair: pair[1])
    entered = move_fact_rows.ENTERED
    return {
        "faults": faults,
        "taken": taken if taken in found["tables"] else "",
        "undone": undone,
        "entered": entered,
        "sent_tables": [
            name for name in found["tables"] if found["unreadable"] or not name.startswith(entered)
        ],
        "country_options": [("", _("Choose")), *countries],
        "fact_options": [("", _("Choose")), *move_fact_form.fact_options()],
        "rule_words": move_rule_words,
        "crumbs": [(_("May it cross?"), "/move")],
    }
