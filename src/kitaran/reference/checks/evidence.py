"""Flags on the evidence: a grade that is better than the kind of source can bear.

An official body or a named publisher is a source; anything else is grade D.
"""

from __future__ import annotations

from collections.abc import Iterator

from kitaran.reference.checks.registry import Remark, general
from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library
from kitaran.reference.row import Row


@general("no_publisher", "flag")
def source_is_no_publisher(table: FactTable, library: Library) -> Iterator[Remark]:
    """Better than D although nobody stands behind the figure, or only a mirror of a newspaper was seen."""
    for row, source in _sourced(table, library):
        if row.grade not in ("A", "B", "C"):
            continue
        if reason := _nobody_behind(source):
            yield row, f"Grade {row.grade}, but {reason}.", "Grade it D, or cite the publisher."


def _nobody_behind(source: Row) -> str:
    if source.text("kind") in ("assumption", "mirror"):
        article = "an assumption" if source.text("kind") == "assumption" else "a mirror of others"
        return f"the source {source.text('source')} is {article}"
    if not source.text("publisher"):
        return f"the source {source.text('source')} names no publisher"
    if source.text("kind") == "press" and source.text("seen") != "primary":
        return f"the source {source.text('source')} is a press report seen only second hand"
    return ""


@general("repository_grade", "flag")
def repository_is_not_a_measurement(table: FactTable, library: Library) -> Iterator[Remark]:
    """Somebody's collection of files is graded A, as if measured."""
    for row, source in _sourced(table, library):
        if row.grade == "A" and source.text("kind") == "repository":
            cause = f"Grade A, but the source {source.text('source')} is a repository that collects figures."
            yield row, cause, "Cite the body that measured, or grade it B or lower."


@general("unseen_source", "flag")
def source_was_never_seen(table: FactTable, library: Library) -> Iterator[Remark]:
    """Grade A or B although nobody looked into the source."""
    for row, source in _sourced(table, library):
        if row.grade in ("A", "B") and source.text("seen") == "none":
            cause = f"Grade {row.grade}, but the source {source.text('source')} was not seen."
            yield row, cause, "Look it up, or grade it C or lower."


def _sourced(table: FactTable, library: Library) -> Iterator[tuple[Row, Row]]:
    if "grade" not in table.meta.columns or "source" not in table.meta.columns:
        return
    sources = {row.text("source"): row for row in library.table("sources")}
    for row in table:
        if row.source in sources:
            yield row, sources[row.source]
