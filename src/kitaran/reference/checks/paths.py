"""Flags on projections whose cases stand in the wrong order: a low case above the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kitaran.reference.checks.registry import Remark, specific
from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library
from kitaran.reference.row import Cell, Row

ORDERS = (("Low", "Baseline", "High"), ("low", "baseline", "high"), ("STEPS", "APS"))
"""Cases from the smallest up; IEA's announced pledges go at least as far as its stated policies."""


@specific("cases_in_order", "flag")
def lower_case_above_the_higher(table: FactTable, library: Library) -> Iterator[Remark]:
    """Within one figure and source, the case that should be lower is the higher one."""
    column = next((name for name in ("path", "case") if name in table.meta.columns), None)
    if column is None:
        return
    for cases in _by_figure(table, column).values():
        for order in ORDERS:
            for lower, higher in pairwise([cases[name] for name in order if name in cases]):
                if lower.central > higher.central:
                    below, above = (
                        f"{lower[column]} ({lower.central:g})",
                        f"{higher[column]} ({higher.central:g})",
                    )
                    cause = f"{below} lies above {above}."
                    yield lower, cause, "Look at the source: the cases may be exchanged."


def _by_figure(table: FactTable, column: str) -> dict[tuple[Cell, ...], dict[str, Row]]:
    figures: dict[tuple[Cell, ...], dict[str, Row]] = {}
    for row in table:
        rest = tuple(row[key] for key in table.meta.keys if key != column)
        figures.setdefault((*rest, row.source), {})[row.text(column)] = row
    return figures
