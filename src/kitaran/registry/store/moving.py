"""Copying every table from one database to another, and proving that the log arrived whole."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from kitaran.foundation.database import migrate, reading, writing
from kitaran.foundation.errors import EvidenceError, WorkspaceError
from kitaran.foundation.progress import NO_PROGRESS, Progress
from kitaran.registry.ledger.findings import Findings
from kitaran.registry.ledger.note import Note, NoteKey
from kitaran.registry.ledger.verify import verify_log, verify_moment

_AT_ONCE: Final = 2_000
_OF_THE_MACHINE: Final = ("alembic_version", "job")
"""Tables that belong to one machine and stay where they are."""


def move(
    source: Engine,
    target: Engine,
    log_key: NoteKey | None = None,
    last: Note | None = None,
    progress: Progress = NO_PROGRESS,
) -> Findings:
    """Copy the registry into an empty database, and verify the copy.

    The target is filled in one transaction: it holds all of it or nothing. Returns what a verification of the
    copy found. Raises WorkspaceError if the target holds events, EvidenceError if the copy's root is another.
    """
    migrate(source)
    migrate(target)
    with reading(source) as have, writing(target) as put:
        _copy(have, put, progress)
        before = verify_moment(have, log_key, last, signatures=False)
    after = verify_log(target, log_key, last, signatures=False)
    if (before.size, before.root) != (after.size, after.root) or after.problems != before.problems:
        raise EvidenceError(
            "The copy of the log is not the log.",
            str(target.url.database),
            "Drop the copy, stop whoever writes, run `kitaran ledger verify`, and move again.",
        )
    return after


def _copy(have: Connection, put: Connection, progress: Progress) -> None:
    source, target = sa.MetaData(), sa.MetaData()
    source.reflect(have)
    target.reflect(put)
    for table in target.sorted_tables:
        if table.name in _OF_THE_MACHINE or table.name not in source.tables:
            continue
        if put.execute(sa.select(sa.func.count()).select_from(table)).scalar():
            raise WorkspaceError(
                f"The database holds something already (table {table.name}).",
                str(put.engine.url.database),
                "Name an empty database.",
            )
        _copy_table(have, put, source.tables[table.name], table, progress)
        _go_on_counting(put, table)


def _copy_table(
    have: Connection, put: Connection, source: sa.Table, table: sa.Table, progress: Progress
) -> None:
    total = have.execute(sa.select(sa.func.count()).select_from(source)).scalar() or 0
    progress.stage(table.name, total)
    query = sa.select(source).order_by(*source.primary_key.columns)
    rows = have.execute(query.execution_options(yield_per=_AT_ONCE)).mappings()
    for part in rows.partitions(_AT_ONCE):
        put.execute(sa.insert(table), [dict(row) for row in part])
        progress.advance(len(part))


def _go_on_counting(put: Connection, table: sa.Table) -> None:
    """Let a counter of PostgreSQL follow the numbers that were copied."""
    if put.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        name = put.execute(
            sa.text("SELECT pg_get_serial_sequence(:table, :column)"),
            {"table": table.name, "column": column.name},
        ).scalar()
        highest = put.execute(sa.select(sa.func.max(column))).scalar() if name else None
        if highest is not None:
            put.execute(sa.text("SELECT setval(:name, :highest)"), {"name": name, "highest": highest})
