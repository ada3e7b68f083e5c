"""Value, low and high: what must hold (errors) and what looks wrong though it can be read (flags)."""

from __future__ import annotations

from collections.abc import Iterator

from kitaran.reference.checks.registry import Remark, general
from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library
from kitaran.reference.row import Row


@general("value", "error")
def nothing_known(table: FactTable, library: Library) -> Iterator[Remark]:
    """Neither a value nor both ends of a range: such a row says nothing."""
    for row in _facts(table):
        if row.value is None and (row.low is None or row.high is None):
            yield (
                row,
                "There is no value, nor both low and high.",
                "Give the value or its range, or drop the row.",
            )


@general("low_high", "error")
def low_above_high(table: FactTable, library: Library) -> Iterator[Remark]:
    """A range that is turned round."""
    for row in _facts(table):
        if row.low is not None and row.high is not None and row.low > row.high:
            yield row, f"Low {row.low:g} lies above high {row.high:g}.", "Exchange them or mend the figure."


@general("range", "error")
def outside_what_is_possible(table: FactTable, library: Library) -> Iterator[Remark]:
    """A figure outside the range that the sidecar states for the table, a unit or a parameter."""
    for row in _facts(table):
        for minimum, maximum in _limits(table, row):
            for figure in (row.value, row.low, row.high):
                if figure is not None and not minimum <= figure <= maximum:
                    cause = f"{figure:g} {row.unit} lies outside {minimum:g} to {maximum:g}."
                    yield row, cause, "Mend the figure or its unit, or widen the range in the sidecar."


@general("own_range", "flag")
def value_outside_its_own_range(table: FactTable, library: Library) -> Iterator[Remark]:
    """The source's central figure lies outside the source's own range."""
    for row in _facts(table):
        if row.value is None:
            continue
        low, high = row.span
        if low <= high and not low <= row.value <= high:
            cause = f"The value {row.value:g} lies outside its own range {low:g} to {high:g}."
            yield row, cause, "Look at the source: value or range is from another definition, year or unit."


def _limits(table: FactTable, row: Row) -> Iterator[tuple[float, float]]:
    if (whole := table.meta.range) is not None:
        yield (
            float("-inf") if whole.minimum is None else whole.minimum,
            float("inf") if whole.maximum is None else whole.maximum,
        )
    for column, limits in table.meta.ranges.items():
        if (cell := row.text(column)) in limits:
            yield limits[cell]


def _facts(table: FactTable) -> tuple[Row, ...]:
    return table.rows if table.meta.kind == "facts" else ()
