"""The sheets of the workbook in which an analyst gives own figures, and what each column asks for.

The closed lists come from the sidecars of the fact tables: template, parser and tables cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kitaran.reference.library import Library

Kind = Literal["economy", "choice", "year", "past_year", "count", "target", "figure", "period", "text"]
Example = str | int | float

MARK = "mark"
IGNORED_MARKS = ("EXAMPLE", "HELP")


@dataclass(frozen=True)
class Field:
    """One column of a sheet. column: of the fact table that it fills; label: what stands in the header."""

    column: str
    label: str
    kind: Kind
    help: str
    example: Example = ""
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet. fixed: cells that every row of it has in the fact table."""

    name: str
    table: str
    title: str
    fields: tuple[Field, ...]
    fixed: tuple[tuple[str, str | int], ...] = ()

    def field(self, label: str) -> Field | None:
        return next((field for field in self.fields if field.label == label), None)


WHO_SHEET = "who are you"
LISTS_SHEET = "lists"
README_SHEET = "read me"

MAKINGS = {
    "measured or counted one by one": "A",
    "published by an official body": "B",
    "reported or estimated": "C",
    "our own assumption": "D",
}
"""How the figures came about, in words, and the grade that this gives them."""

WHO_FIELDS = (
    Field("publisher", "publisher", "text", "Who stands behind the figures.", "Ministry of Transport"),
    Field("title", "document title", "text", "Report, register or letter that holds them.", "Vehicles 2024"),
    Field("published", "published on", "text", "Day, month or year of publication.", "2025-03-31"),
    Field("licence", "licence", "text", "Terms under which the figures may be used.", "CC BY 4.0"),
    Field(
        "url", "web address", "text", "Where others can find it; may be empty.", "https://", required=False
    ),
    Field("made", "how made", "choice", "How the figures came about.", "", choices=tuple(MAKINGS)),
    Field("note", "note", "text", "What a reader must know; may be empty.", "", required=False),
)

_JOINT = {"bus_truck", "other", "all"}
_TARGETS = ("sales_share", "stock_share", "stock", "stock_addition")
_BASES = ("year_end", "within_year", "cumulative")


def sheets(library: Library) -> tuple[Sheet, ...]:
    """The four sheets of figures."""
    return (_registrations(library), _stock(library), _targets(library), _prices(library))


def economy_codes(library: Library) -> tuple[str, ...]:
    return tuple(row.text("economy") for row in library.table("economies"))


def _registrations(library: Library) -> Sheet:
    return Sheet(
        "registrations",
        "ev_sales",
        "Electric vehicles registered, sold or imported in one year",
        (
            _economy(),
            *_vehicle(library, "ev_sales"),
            Field("year", "year", "past_year", "A whole calendar year 2024, or a fiscal year 2024/25.", 2024),
            _choice(library, "ev_sales", "measure", "measure", "What is counted.", "registrations"),
            Field("value", "number", "count", "Vehicles; empty only if low and high are given.", 1234, False),
            *_range("count"),
            _note(),
        ),
        (("unit", "vehicle"), ("months", 12)),
    )


def _stock(library: Library) -> Sheet:
    return Sheet(
        "stock",
        "ev_stock",
        "Electric vehicles in use",
        (
            _economy(),
            *_vehicle(library, "ev_stock"),
            Field("year", "year", "past_year", "Calendar year.", 2024),
            Field("basis", "basis", "choice", "When counted, or added up.", "year_end", choices=_BASES),
            Field("value", "number", "count", "Vehicles; empty only if low and high are given.", 5678, False),
            *_range("count"),
            _note(),
        ),
        (("unit", "vehicle"),),
    )


def _targets(library: Library) -> Sheet:
    classes = library.meta("ev_targets").columns["vehicle_class"].values
    return Sheet(
        "targets",
        "ev_targets",
        "What the government aims at",
        (
            _economy(),
            Field("vehicle_class", "vehicle class", "choice", "To which it applies.", "car", choices=classes),
            Field("measure", "measure", "choice", "What is aimed at.", "sales_share", choices=_TARGETS),
            Field("year", "target year", "year", "Year by which it is to be reached.", 2030),
            _choice(library, "ev_targets", "status", "status", "How binding it is.", "policy"),
            Field("value", "target", "target", "A share as 30 % or 0.3, or a number of vehicles.", "30 %"),
            _note(),
        ),
    )


def _prices(library: Library) -> Sheet:
    return Sheet(
        "prices",
        "prices",
        "Prices of metals, salts, black mass and packs",
        (
            Field("item", "item", "text", "What is priced, named as on the data page.", "lithium_carbonate"),
            Field("basis", "basis", "text", "Which quotation, and where.", "ex works, Bangkok"),
            Field(
                "period", "period", "period", "Year, month or day: 2024, 2024-05 or 2024-05-31.", "2024-05"
            ),
            Field("value", "price", "figure", "Per unit; empty only if low and high are given.", 12.5, False),
            Field(
                "unit",
                "unit",
                "choice",
                "Money per quantity.",
                "USD/kg",
                choices=library.meta("prices").units,
            ),
            *_range("figure"),
            _note(),
        ),
    )


def _economy() -> Field:
    return Field("economy", "economy", "economy", "ISO 3166 alpha-3 code, see the sheet lists.", "THA")


def _vehicle(library: Library, table: str) -> tuple[Field, Field]:
    classes = library.meta(table).columns["vehicle_class"].values
    alone = tuple(name for name in classes if name not in _JOINT)
    return (
        Field("vehicle_class", "vehicle class", "choice", "Class of the vehicles.", "car", choices=alone),
        _choice(library, table, "powertrain", "powertrain", "EV only if BEV and PHEV are not split.", "BEV"),
    )


def _choice(library: Library, table: str, column: str, label: str, help: str, example: str) -> Field:
    return Field(column, label, "choice", help, example, choices=library.meta(table).columns[column].values)


def _range(kind: Literal["count", "figure"]) -> tuple[Field, Field]:
    return (
        Field("low", "low", kind, "Lower bound, if the figure is uncertain.", "", required=False),
        Field("high", "high", kind, "Upper bound, if the figure is uncertain.", "", required=False),
    )


def _note() -> Field:
    return Field("note", "note", "text", "What a reader must know.", "", required=False)
