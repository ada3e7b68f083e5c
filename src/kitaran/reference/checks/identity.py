"""Errors of identity: the same figure twice from one source, a key left open, a source that is not listed."""

from __future__ import annotations

from collections.abc import Iterator

from kitaran.reference.checks.registry import Remark, general
from kitaran.reference.fact_table import FactTable
from kitaran.reference.library import Library


@general("key", "error")
def key_stands_twice(table: FactTable, library: Library) -> Iterator[Remark]:
    """Two rows with the same key and source: which one is meant?"""
    first: dict[str, int] = {}
    for row in table:
        if row.id in first:
            cause = f"Key and source stand already in line {first[row.id]}."
            yield row, cause, "Keep one row, or name the source that differs."
        first.setdefault(row.id, row.line)


@general("key_open", "error")
def key_is_empty(table: FactTable, library: Library) -> Iterator[Remark]:
    """A row that does not say which figure it gives."""
    for row in table:
        for column in table.meta.keys:
            if row[column] is None or row[column] == "":
                yield row, f"The key column {column} is empty.", "Fill it."


@general("source", "error")
def source_is_not_listed(table: FactTable, library: Library) -> Iterator[Remark]:
    """A row without source, or whose source has no entry in the table sources."""
    known = {row.text("source") for row in library.table("sources")}
    columns = [name for name, about in table.meta.columns.items() if about.type == "source"]
    for row in table:
        for column in columns:
            if not (cell := row.text(column)):
                yield row, "The source is missing.", "Name an id of the table sources."
            elif cell not in known:
                yield (
                    row,
                    f"The source {cell!r} is not in the table sources.",
                    "Add it there, or mend the id.",
                )
