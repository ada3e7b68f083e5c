"""Errors of single cells: a word outside its closed list; an economy, unit, year or grade that is none."""

from __future__ import annotations

from collections.abc import Iterator

from kitaran.reference.checks.registry import Remark, general
from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library
from kitaran.reference.row import Row
from kitaran.reference.sidecar import GRADES

FIRST_YEAR, LAST_YEAR = 1900, 2100
ANY_YEAR = 0


@general("category", "error")
def outside_its_closed_list(table: FactTable, library: Library) -> Iterator[Remark]:
    """A category (a unit among them) that the sidecar does not know."""
    for column, about in table.meta.columns.items():
        if about.type != "category" or not about.values:
            continue
        for row in table:
            if (cell := row.text(column)) not in about.values and (cell or column in table.meta.keys):
                yield row, f"Unknown {column} {cell!r}.", f"Use one of {', '.join(about.values)}."


@general("unit", "error")
def without_unit(table: FactTable, library: Library) -> Iterator[Remark]:
    """A figure that does not say in what it is counted."""
    for row in table if table.meta.kind == "facts" else ():
        if not row.unit:
            yield row, "The figure has no unit.", f"Use one of {', '.join(table.meta.units)}."


@general("economy", "error")
def unknown_economy(table: FactTable, library: Library) -> Iterator[Remark]:
    """A code that is not in the table of economies; a region may also be a subregion or ALL."""
    places = library.table("economies")
    codes = {row.text("economy") for row in places}
    regions = codes | {row.text("subregion") for row in places} | {"ALL"}
    for column, about in table.meta.columns.items():
        if about.type not in ("economy", "region"):
            continue
        known = codes if about.type == "economy" else regions
        for row in table:
            if (cell := row.text(column)) not in known and (cell or column in table.meta.keys):
                yield row, f"Unknown {about.type} {cell!r} in {column}.", _where_to_look(about.type)


def _where_to_look(kind: str) -> str:
    return "Use an ISO 3166 alpha-3 code of the table economies" + (
        "." if kind == "economy" else ", a subregion code or ALL."
    )


@general("year", "error")
def impossible_year(table: FactTable, library: Library) -> Iterator[Remark]:
    """A year outside 1900 to 2100; a key may say 0 for any year."""
    for column, about in table.meta.columns.items():
        if about.type != "year":
            continue
        for row in table:
            year = row[column]
            if (
                isinstance(year, int)
                and not FIRST_YEAR <= year <= LAST_YEAR
                and not _any(table, column, year)
            ):
                yield row, f"Year {year} in {column} cannot be.", "Write the calendar year with four digits."


def _any(table: FactTable, column: str, year: int) -> bool:
    return column in table.meta.keys and year == ANY_YEAR


@general("month", "error")
def impossible_month(table: FactTable, library: Library) -> Iterator[Remark]:
    """A month that is not 1 to 12; a key may say 0 for the whole year."""
    for column, about in table.meta.columns.items():
        for row in table if about.type == "month" else ():
            month = row[column]
            if isinstance(month, int) and not 1 <= month <= 12 and not _any(table, column, month):
                yield row, f"Month {month} in {column} cannot be.", "Write 1 to 12."


@general("grade", "error")
def without_grade(table: FactTable, library: Library) -> Iterator[Remark]:
    """A row that does not say how good its evidence is."""
    for row in _with_column(table, "grade"):
        if row.grade not in GRADES:
            yield (
                row,
                f"Grade {row.grade!r} does not exist." if row.grade else "The grade is missing.",
                ("A measured, B official or peer-reviewed, C reported or estimated, D own assumption."),
            )


@general("licence", "error")
def without_licence(table: FactTable, library: Library) -> Iterator[Remark]:
    """A row that does not say under what terms its figure may be used."""
    for row in _with_column(table, "licence"):
        if not row.text("licence"):
            yield row, "The licence is missing.", "Name the licence or the terms of use of the source."


@general("url", "error")
def not_an_address(table: FactTable, library: Library) -> Iterator[Remark]:
    """A url cell that a reader cannot open."""
    for column, about in table.meta.columns.items():
        for row in table if about.type == "url" else ():
            if (cell := row.text(column)) and not cell.startswith(("https://", "http://")):
                yield row, f"{cell!r} in {column} is no web address.", "Begin it with https://."


def _with_column(table: FactTable, column: str) -> tuple[Row, ...]:
    return table.rows if column in table.meta.columns else ()
