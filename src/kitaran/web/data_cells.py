"""Rows of fact tables as cells of a page, and which rows a reader wants to see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from kitaran.reference import FactTable, Row
from kitaran.web.figures import whole as exact
from kitaran.web.language import gettext as _

LONG = 140
MAIN = ("parameter", "value", "low", "high", "unit", "year", "source", "grade")
REMARKS = ("licence", "note")
PLAIN_NUMBERS = ("year", "month")


@dataclass(frozen=True)
class Filter:
    """economy: code or empty; show: all, flagged or own; sort: a column or empty; order: asc or desc."""

    table: str
    economy: str = ""
    show: str = "all"
    sort: str = ""
    order: str = "asc"

    @property
    def by(self) -> str:
        """The column that orders the table, as table headings ask for it."""
        return self.sort

    def kept(self, table: FactTable) -> list[Row]:
        """The rows of the economy, and only flagged or own ones if so wished."""
        rows: Iterable[Row] = table
        if self.economy and "economy" in table.meta.columns:
            rows = table.where(economy=self.economy)
        if self.show == "flagged":
            rows = (row for row in rows if row.flags)
        if self.show == "own":
            own = frozenset(table.overridden)
            rows = (row for row in rows if row.id in own)
        return list(rows)

    def sorted(self, rows: list[Row]) -> list[Row]:
        """By the wished column; empty cells stand last."""
        if not self.sort:
            return rows
        known = [row for row in rows if row[self.sort] not in (None, "")]
        unknown = [row for row in rows if row[self.sort] in (None, "")]
        known.sort(key=lambda row: row[self.sort], reverse=self.order == "desc")  # type: ignore[arg-type,return-value]
        return known + unknown

    def _url(self, **changes: object) -> str:
        given = {"economy": self.economy, "show": self.show, "sort": self.sort, "order": self.order} | changes
        kept = {key: value for key, value in given.items() if value not in ("", "all", "asc", 1)}
        return f"/data/{self.table}" + (f"?{urlencode(kept)}" if kept else "")

    def url(self, key: str, order: str) -> str:
        """The address that orders by a column."""
        return self._url(sort=key, order=order)

    def page_url(self, page: int) -> str:
        """The address of a page of the table."""
        return self._url(page=page)


def row_path(row: Row) -> str:
    """The page of a row."""
    return f"/data/{quote(row.id)}"


def columns(table: FactTable) -> list[dict[str, Any]]:
    """Heads of the table: the row's number, then what tells figures apart; a row's page has the rest."""
    names = list(table.meta.columns)
    if table.meta.kind == "facts":
        kept = {*table.meta.keys, *MAIN}
        names = [name for name in names if name in kept]
    else:
        names = [name for name in names if name not in REMARKS]
    full = [name for name in names if any(row[name] not in (None, "") for row in table)]
    metas = table.meta.columns
    heads: list[dict[str, Any]] = [{"key": "_row", "label": _("Row"), "heading": True}]
    heads += [
        {"key": name, "label": name.replace("_", " "), "number": metas[name].numeric, "sort": True}
        for name in full
    ]
    return [*heads, {"key": "_flags", "label": _("Flags")}] if any(row.flags for row in table) else heads


def cells(table: FactTable, row: Row, own: frozenset[str]) -> dict[str, Any]:
    """One row for the table: numbers as they stand in the source, a source as a link to its entry."""
    shown: dict[str, Any] = {
        name: _cell(row, name, meta.numeric and name not in PLAIN_NUMBERS)
        for name, meta in table.meta.columns.items()
    }
    name = row.id.partition("/")[2]
    shown["_row"] = {"text": row.line, "name": f"{row.line}: {name}", "href": row_path(row), "raw": True}
    shown["_flags"] = {"text": " ".join(row.flags), "raw": True} if row.flags else {"text": ""}
    shown["mark"] = "own" if row.id in own else "flagged" if row.flags else ""
    if row.get("source") and table.name != "sources":
        shown["source"] = {"text": row.source, "href": f"/data/sources/{quote(row.source)}", "raw": True}
    return shown


def _cell(row: Row, name: str, number: bool) -> dict[str, Any] | None:
    value = row[name]
    if value is None or value == "":
        return None
    if number and isinstance(value, int | float):
        return {"text": exact(value)}
    text = str(value)
    if text.startswith(("https://", "http://")):
        return {"text": text, "href": text, "raw": True}
    return {"text": text if len(text) <= LONG else f"{text[:LONG]}…", "raw": True}


def facts_of(row: Row, own: frozenset[str]) -> dict[str, Any]:
    """One row for programs: every cell as it is."""
    return {"id": row.id, "cells": dict(row), "flags": list(row.flags), "own": row.id in own}
