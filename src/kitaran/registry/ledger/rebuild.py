"""Dropping what follows from the log and making it again: histories, heads, nodes and the nouns' read
models.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from kitaran.foundation.database import writing
from kitaran.foundation.progress import NO_PROGRESS, Progress
from kitaran.registry.ledger import canonical, repository
from kitaran.registry.ledger import tables as t
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.kinds import Kinds, Recorded
from kitaran.registry.ledger.repository import Head, Row
from kitaran.registry.ledger.sealed import Disclosure
from kitaran.registry.ledger.stored_tree import StoredTree
from kitaran.registry.ledger.times import read_time

_AT_ONCE: Final = 5_000


def rebuild(engine: Engine, kinds: Kinds, progress: Progress = NO_PROGRESS) -> int:
    """Rebuild everything derived, in one transaction; how many events were followed.

    Nobody is asked again whether an event may be: it is recorded. Erased values stay erased.
    Raises InputError if the log holds a kind that no noun here knows.
    """
    with writing(engine) as connection:
        repository.lock(connection)
        for table in [*t.DERIVED, *dict.fromkeys(table for kind in kinds for table in kind.tables)]:
            connection.execute(sa.delete(table))
        size = repository.size(connection)
        progress.stage("events", size)
        heads: dict[str, Head] = {}
        for start in range(0, size, _AT_ONCE):
            stop = min(size, start + _AT_ONCE)
            _follow_rows(connection, kinds, heads, start, stop)
            progress.advance(stop - start)
        repository.set_heads(connection, heads)
        StoredTree(connection).grow(0, size)
    return size


def _follow_rows(connection: Connection, kinds: Kinds, heads: dict[str, Head], start: int, stop: int) -> None:
    places, acted = [], set()
    rows = list(repository.rows(connection, start, stop))
    sealed = _sealed(connection, rows)
    for row in rows:
        entry = canonical.loads(row.entry)
        item_seqs = follow(heads, entry["envelope"], row.digest)
        places += [(item, row.seq, number) for item, number in item_seqs.items()]
        acted |= {(item, entry["envelope"]["actor"]) for item in item_seqs}
        event = _event(entry, row, sealed.get(row.seq, {}))
        kinds.find(event.kind).project(connection, Recorded(event, row.seq, entry["recorded_at"], item_seqs))
    repository.add_item_events(connection, places)
    repository.add_item_actors(connection, acted)


def _sealed(connection: Connection, rows: list[Row]) -> dict[int, dict[str, Disclosure]]:
    found: dict[int, dict[str, Disclosure]] = {}
    for one in repository.sealed(connection, [row.seq for row in rows]):
        found.setdefault(one.seq, {})[one.name] = Disclosure(one.salt, canonical.loads(one.content))
    return found


def _event(entry: dict[str, Any], row: Row, disclosures: dict[str, Disclosure]) -> Event:
    envelope = entry["envelope"]
    return Event(
        envelope,
        entry["signature"],
        canonical.encode(envelope),
        row.digest,
        read_time(envelope["occurred_at"], "$.occurred_at"),
        disclosures,
    )


def follow(heads: dict[str, Head], envelope: dict[str, Any], digest: bytes) -> dict[str, int]:
    """Move the heads by one event; the event's place in the history of each of its items, from 1."""
    item_seqs = {}
    for item in envelope.get("items", ()):
        head = heads.get(item, Head())
        heads[item] = Head(head.item_seq + 1, digest if item in envelope["expects"] else head.digest)
        item_seqs[item] = head.item_seq + 1
    return item_seqs
