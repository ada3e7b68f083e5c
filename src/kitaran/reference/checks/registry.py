"""The checks by name, and the walk over tables that runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kitaran.foundation.errors import InputError
from kitaran.reference.fact_table import FactTable
from kitaran.reference.findings import Finding, Level
from kitaran.reference.library import Library
from kitaran.reference.row import Row

Remark = tuple[Row, str, str]
"""The row, the cause and the remedy."""

Check = Callable[[FactTable, Library], Iterator[Remark]]

GENERAL: dict[str, tuple[Level, Check]] = {}
SPECIFIC: dict[str, tuple[Level, Check]] = {}


def general(name: str, level: Level) -> Callable[[Check], Check]:
    """Register a check that every table must stand."""
    return _register(GENERAL, name, level)


def specific(name: str, level: Level) -> Callable[[Check], Check]:
    """Register a check that runs on the tables whose sidecar names it."""
    return _register(SPECIFIC, name, level)


def check_library(library: Library, tables: Iterable[str] | None = None) -> list[Finding]:
    """All findings on the named tables (all by default): errors first, then in order of table and row."""
    names = library.names if tables is None else tuple(tables)
    found = {finding for name in names for finding in _check_table(library, name)}
    return sorted(found.union(_stray_files(library) if tables is None else ()), key=_order)


def _stray_files(library: Library) -> Iterator[Finding]:
    """Override files that no table has the name of: their rows would never be seen."""
    folder = library.overrides
    for file in sorted(folder.glob("*.csv")) if folder and folder.is_dir() else ():
        if file.stem not in library.names:
            cause = f"There is no table {file.stem!r}, so this file is never read."
            remedy = "Name it after a table (kitaran data list), or remove it."
            yield Finding("error", file.stem, "", 0, cause, remedy, "form", f"overrides/{file.name}")


def _register(registry: dict[str, tuple[Level, Check]], name: str, level: Level) -> Callable[[Check], Check]:
    def keep(check: Check) -> Check:
        registry[name] = (level, check)
        return check

    return keep


def _order(finding: Finding) -> tuple[str, str, str, int, str]:
    return (finding.level, finding.table, finding.file, finding.line, finding.cause)


def _check_table(library: Library, name: str) -> list[Finding]:
    try:
        unreadable = [*library.parse(name).findings, *library.parse_override(name).findings]
        if unreadable:
            return unreadable
        table = library.table(name)
    except InputError as error:
        return [
            Finding("error", name, "", 0, fault.cause, fault.remedy, "form", fault.place)
            for fault in error.faults
        ]
    return [
        *_unknown_checks(table),
        *(item for named in _checks_of(table) for item in _run(*named, table, library)),
    ]


def _checks_of(table: FactTable) -> Iterator[tuple[str, Level, Check]]:
    for name, (level, check) in GENERAL.items():
        yield name, level, check
    for name in table.meta.checks:
        if name in SPECIFIC:
            yield name, *SPECIFIC[name]


def _run(name: str, level: Level, check: Check, table: FactTable, library: Library) -> Iterator[Finding]:
    for row, cause, remedy in check(table, library):
        yield Finding(level, table.name, row.id, row.line, cause, remedy, name, row.origin.file)


def _unknown_checks(table: FactTable) -> Iterator[Finding]:
    known = ", ".join(sorted(SPECIFIC))
    for name in table.meta.checks:
        if name not in SPECIFIC:
            cause = f"The sidecar asks for a check {name!r} that does not exist."
            yield Finding(
                "error", table.name, "", 0, cause, f"Known checks: {known}.", "form", f"{table.name}.yaml"
            )
