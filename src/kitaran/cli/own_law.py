"""An authority's own facts for the commands: those of a named workspace, and one more table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kitaran.law import Book
    from kitaran.reference import Finding

LAW = "law"


def tables_in(overrides: Path) -> list[Path]:
    """The tables of own facts under a folder of overrides, in the order in which they are read."""
    return sorted((overrides / LAW).glob("*.csv"))


def book_with(workspace: Path | None, facts: Path | None) -> Book:
    """The packaged law book with the own facts that were named, and no others.

    No folder is taken by itself: the same command on the same files gives the same answer everywhere.
    Raises WorkspaceError or InputError.
    """
    from kitaran.foundation.workspace import Workspace
    from kitaran.law import packaged_book

    book = packaged_book()
    for table in tables_in(Workspace.open(workspace).overrides) if workspace else ():
        book = book.with_own_facts(table)
    return book if facts is None else book.with_own_facts(facts)


def findings(overrides: Path | None) -> list[Finding]:
    """What keeps a table of own facts from being used, each with its line."""
    from kitaran.foundation.errors import InputError
    from kitaran.law import packaged_book
    from kitaran.reference import Finding

    found: list[Finding] = []
    book = packaged_book()
    for table in tables_in(overrides) if overrides else ():
        try:
            book = book.with_own_facts(table)
        except InputError as error:
            for fault in error.faults:
                line = re.search(r"line (\d+)", fault.place)
                found.append(
                    Finding(
                        level="error",
                        table=f"{LAW}/{table.stem}",
                        row_id="" if line else fault.place.rpartition(": ")[2],
                        line=int(line[1]) if line else 0,
                        cause=fault.cause,
                        remedy=fault.remedy,
                        check="own facts of the law",
                        file=str(table),
                    )
                )
    return found
