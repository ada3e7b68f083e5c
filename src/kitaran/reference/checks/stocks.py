"""Flags on stocks that do not follow from sales, and on sales shares that do not follow from the market."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from kitaran.reference.checks.registry import Remark, specific
from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library
from kitaran.reference.row import Cell, Row

MARKET_FACTOR = 3.0
FEW_SALES = 100.0
WHOLE_YEAR, YEAR_END = "annual", "year_end"
"""Only figures on these bases close with each other."""


@specific("stock_follows_sales", "flag")
def stock_rises_by_more_than_sales(table: FactTable, library: Library) -> Iterator[Remark]:
    """The stock of one source rises within a year by more than that source's sales of the year.

    Allowed for: the rounding that the trailing zeros of the three figures show.
    """
    sales = {
        _fleet(row): row for row in library.table("ev_sales") if row.get("basis", WHOLE_YEAR) == WHOLE_YEAR
    }
    stocks = {_fleet(row): row for row in table if row.get("basis", YEAR_END) == YEAR_END}
    for fleet, row in stocks.items():
        before = stocks.get((*fleet[:-1], (row.year or 0) - 1))
        sold = sales.get(fleet)
        if before is None or sold is None:
            continue
        rise = row.central - before.central
        if rise > sold.central + sum(map(_rounding, (row.central, before.central, sold.central))):
            cause = f"The stock rises by {rise:,.0f} in {row.year}, the sales are {sold.central:,.0f}."
            yield (
                row,
                cause,
                "Imports, late registration or a changed definition: the forecast adjusts for it.",
            )


@specific("stock_within_all_vehicles", "flag")
def more_electric_than_all_vehicles(table: FactTable, library: Library) -> Iterator[Remark]:
    """More electric vehicles of a class than vehicles of that class in the same year."""
    whole = {
        (row.text("economy"), row.text("vehicle_class"), row.year): row
        for row in library.table("vehicle_stock").resolve()
    }
    for row in table:
        everything = whole.get((row.text("economy"), row.text("vehicle_class"), row.year))
        if everything is not None and row.central > everything.span[1]:
            cause = f"{row.central:,.0f} electric vehicles, but {everything.span[1]:,.0f} vehicles in all."
            yield (
                row,
                cause,
                "Many are unregistered, or one of the two counts another class: read both notes.",
            )


@specific("share_follows_sales", "flag")
def share_does_not_close(table: FactTable, library: Library) -> Iterator[Remark]:
    """Sales over sales share give the whole market; in one year it is thrice or a third of the usual."""
    sold: dict[tuple[Cell, ...], float] = {}
    for row in library.table("ev_sales").resolve():
        if row.text("powertrain") in ("BEV", "PHEV") and row.get("basis", WHOLE_YEAR) == WHOLE_YEAR:
            sold[_market(row)] = sold.get(_market(row), 0.0) + row.central
    markets: dict[tuple[Cell, ...], list[tuple[Row, float]]] = {}
    for row in table.where(path="historical") if "path" in table.meta.columns else table:
        if row.central > 0 and (sales := sold.get(_market(row), 0.0)) >= FEW_SALES:
            markets.setdefault((*_market(row)[:2], row.source), []).append((row, sales / row.central))
    for implied in markets.values():
        usual = median(market for _, market in implied)
        for row, market in implied:
            if not usual / MARKET_FACTOR <= market <= usual * MARKET_FACTOR:
                cause = f"The share implies a market of {market:,.0f} vehicles; the usual is {usual:,.0f}."
                yield row, cause, "Share and sales count different things in this year."


@specific("share_in_order", "flag")
def share_above_one(table: FactTable, library: Library) -> Iterator[Remark]:
    """A share of more than the whole, or below nothing."""
    for row in table.where(unit="fraction"):
        if not 0 <= row.central <= 1:
            yield row, f"The share is {row.central:g}.", "A share lies between 0 and 1: is it in percent?"


def _fleet(row: Row) -> tuple[Cell, ...]:
    names = ("economy", "vehicle_class", "powertrain")
    return (*(row.get(name) for name in names), row.source, row.year)


def _market(row: Row) -> tuple[Cell, ...]:
    return (row.get("economy"), row.get("vehicle_class"), row.year)


def _rounding(figure: float) -> float:
    """Half the unit of the last digit that is not zero: 510,000 is good to 5,000."""
    whole = round(abs(figure))
    zeros = len(str(whole)) - len(str(whole).rstrip("0")) if whole else 0
    return 0.5 * 10.0**zeros
