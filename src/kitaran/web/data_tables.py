"""Data: the fact tables, each row with its source and grade, flags and own figures shown."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from kitaran import reference
from kitaran.foundation.errors import NotFoundError
from kitaran.foundation.workspace import Workspace
from kitaran.reference import FactTable
from kitaran.web.choices import place_name
from kitaran.web.data_cells import Filter, cells, columns, facts_of, row_path
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

pages = Pages()
ROWS_A_PAGE = 100
SOURCES = "sources"


@pages.page("/data", "data/tables.html")
def tables(request: Request, find: str = "") -> Page:
    """All fact tables, or those whose title or description holds some words: what each holds, and what is odd
    or one's own in it.
    """
    wanted = find.casefold().split()
    found = [one for one in (_table(request, name) for name in reference.names()) if _speaks_of(one, wanted)]
    listed = [
        {
            "table": table.name,
            "title": table.meta.title,
            "about": table.meta.about,
            "rows": len(table),
            "flagged": sum(bool(row.flags) for row in table),
            "overridden": len(table.overridden),
            "licence": table.meta.licence,
        }
        for table in found
    ]
    facts = {"find": " ".join(find.split())[:100], "in_all": len(reference.names())}
    return Page({**facts, "tables": sorted(listed, key=lambda each: str(each["title"]).casefold())})


def _speaks_of(table: FactTable, words: list[str]) -> bool:
    """Whether all of these words stand in the name, title or description of a table, or in its columns."""
    said = " ".join((table.name, table.meta.title, table.meta.about, *table.meta.columns)).casefold()
    return all(word in said for word in words)


@pages.page("/data/{table}", "data/table.html")
def table(
    request: Request,
    table: str,
    economy: str = "",
    show: str = "all",
    page: int = 1,
    sort: str = "",
    order: str = "asc",
) -> Page:
    """One table in pages of a hundred rows, by economy, flagged or own rows only, sorted by a column."""
    whole = _table(request, table)
    wish = Filter(table, economy, show, sort if sort in whole.meta.columns else "", order)
    rows = wish.sorted(wish.kept(whole))
    last = max(1, -(-len(rows) // ROWS_A_PAGE))
    at = min(max(1, page), last)
    shown = rows[(at - 1) * ROWS_A_PAGE : at * ROWS_A_PAGE]
    own = frozenset(whole.overridden)
    facts: dict[str, Any] = {
        "table": table,
        "title": whole.meta.title,
        "about": whole.meta.about,
        "licence": whole.meta.licence,
        "columns": {name: each.meaning for name, each in whole.meta.columns.items()},
        "total": len(rows),
        "page": at,
        "pages": last,
        "rows": [facts_of(row, own) for row in shown],
    }
    extras = {
        "wish": wish,
        "places": _places(whole),
        "heads": columns(whole),
        "cells": [cells(whole, row, own) for row in shown],
        "pager": {"page": at, "pages": last, "total": len(rows), "url": wish.page_url},
        "has_flags": any(row.flags for row in whole),
        "has_own": bool(own),
        "crumbs": [(_("Data"), "/data")],
    }
    return Page(facts, extras)


@pages.page("/data/{table}/{row:path}", "data/row.html")
def row(request: Request, table: str, row: str) -> Page:
    """One row: every cell with what it means, its source, and other figures for the same thing."""
    whole = _table(request, table)
    found = whole.by_id(f"{table}/{row}")
    if found is None:
        raise NotFoundError(
            _("The table %(table)s has no row %(row)s.") % {"table": table, "row": row},
            f"{table}/{row}",
            _("It may have been replaced by a row of your own. Look through the table."),
        )
    own = frozenset(whole.overridden)
    others = [each for each in whole.same_key(found) if each.id != found.id]
    source = _table(request, SOURCES).by_id(f"{SOURCES}/{found.source}") if found.source else None
    facts: dict[str, Any] = {
        "table": table,
        "title": whole.meta.title,
        **facts_of(found, own),
        "meanings": {name: each.meaning for name, each in whole.meta.columns.items()},
        "source_entry": dict(source) if source else None,
        "same_figure_elsewhere": [facts_of(each, own) for each in others],
        "cited_by": _citing(request, found.text("source")) if table == SOURCES else None,
    }
    extras = {
        "heads": columns(whole),
        "others": [cells(whole, each, own) for each in others],
        "place": place_name(found.text("economy")) if "economy" in found else "",
        "crumbs": [(_("Data"), "/data"), (whole.meta.title, f"/data/{table}")],
    }
    return Page(facts, extras)


def _citing(request: Request, source: str) -> list[dict[str, Any]]:
    """How many rows of each table rest on a source."""
    counted = []
    for name in reference.names():
        if name != SOURCES:
            each = _table(request, name)
            rows = sum(row.source == source for row in each)
            if rows:
                counted.append({"table": name, "title": each.meta.title, "rows": rows})
    return counted


def _table(request: Request, name: str) -> FactTable:
    """The table with the workspace's own rows laid over it."""
    workspace: Workspace = request.app.state.workspace
    return reference.read(name, workspace.overrides)


def _places(whole: FactTable) -> list[tuple[str, str]]:
    """Economies that the table speaks of, by name."""
    if "economy" not in whole.meta.columns:
        return []
    codes = {row.text("economy") for row in whole} - {""}
    return sorted(((code, place_name(code)) for code in codes), key=lambda each: each[1])


def paths(_: Workspace) -> list[str]:
    """The list, each table, and the first row of each."""
    found = ["/data"]
    for name in reference.names():
        rows = reference.read(name).rows
        found += [f"/data/{name}", *(row_path(each) for each in rows[:1])]
    return found


ENTRY = Entry(pages.router, "/data", label=lambda: _("Data"), order=20, paths=paths)
