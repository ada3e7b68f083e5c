"""The checks by name, and the walk over tables that runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kitaran.foundation.errors import InputError
from kitaran.reference.fact_table import FactTable
from kitaran.reference.findings import Finding
from kitaran.reference.library import Library

Check = Callable[[FactTable, Library], Iterator[Finding]]
CHECKS: dict[str, Check] = {}


def check_library(library: Library, tables: Iterable[str] | None = None) -> list[Finding]:
    """All findings on the named tables (all by default): errors first, then in order of table and line."""
    found: list[Finding] = []
    for name in library.names if tables is None else tables:
        found += _check_table(library, name)
    return sorted(found)


def _check_table(library: Library, name: str) -> list[Finding]:
    try:
        unreadable = [*library.parse(name).findings, *library.parse_override(name).findings]
        if unreadable:
            return unreadable
        table = library.table(name)
    except InputError as error:
        return [Finding("error", name, "", 0, str(f), f.remedy, "form") for f in error.faults]
    return [finding for check in CHECKS.values() for finding in check(table, library)]
