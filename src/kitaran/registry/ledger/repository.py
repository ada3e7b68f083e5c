"""Every query on the log. Each function works on a connection, in a transaction, that its caller opened."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import tables as t

_TOGETHER = 500
"""Values of one IN: below what every SQLite takes."""
_WRITER_LOCK = 7_415_002
"""Key of the advisory lock on PostgreSQL that makes one writer of many; SQLite has its own."""


class Row(NamedTuple):
    """A row of the log as it is stored."""

    seq: int
    event_id: str
    entry: bytes
    leaf_hash: bytes
    digest: bytes


class Head(NamedTuple):
    """Where an item stands: how many events name it, and the digest of the last that moved its head."""

    item_seq: int = 0
    digest: bytes | None = None


def lock(connection: Connection) -> None:
    """Be the one writer until the transaction ends, so that sequence numbers have no gap."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})


def size(connection: Connection) -> int:
    """How many events the log holds."""
    last = connection.exec_driver_sql("SELECT max(seq) FROM ledger_event").scalar()
    return 0 if last is None else int(last) + 1


def count(connection: Connection) -> int:
    """How many rows there are: the size of the log, if its numbers have no gap."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(t.event)).scalar() or 0)


def rows_by_id(connection: Connection, ids: Collection[str]) -> dict[str, Row]:
    """The recorded events among these ids."""
    found = map(Row._make, _whole_rows(connection, t.event, "event_id", ids))
    return {one.event_id: one for one in found}


def row(connection: Connection, seq: int) -> Row | None:
    one = connection.execute(sa.select(t.event).where(t.event.c.seq == seq)).first()
    return None if one is None else Row._make(one)


def rows(connection: Connection, start: int, stop: int) -> Iterator[Row]:
    """Rows from `start` up to, not including, `stop`, in order."""
    query = f"SELECT {', '.join(t.event.columns.keys())} FROM ledger_event"
    span = f" WHERE seq >= {int(start)} AND seq < {int(stop)} ORDER BY seq"
    return map(Row._make, connection.exec_driver_sql(query + span))


def heads(connection: Connection, items: Collection[str]) -> dict[str, Head]:
    """Heads of those of these items that have events."""
    return {one[0]: Head._make(one[1:]) for one in _whole_rows(connection, t.head, "item", items)}


def item_seqs(connection: Connection, seq: int, items: Collection[str]) -> dict[str, int]:
    """The place of event `seq` in the history of each of its items, from 1."""
    query = sa.select(t.item_event).where(t.item_event.c.seq == seq)
    return {one.item: one.item_seq for one in _in(connection, query, t.item_event.c.item, items)}


def seqs_of_items(connection: Connection, items: Collection[str]) -> list[int]:
    """Sequence numbers of every event that names one of these items, in order."""
    query = sa.select(t.item_event.c.seq).distinct()
    return sorted({int(one.seq) for one in _in(connection, query, t.item_event.c.item, items)})


def item_rows(connection: Connection, item: str, after: int, limit: int) -> list[tuple[int, Row]]:
    """The item's events with an item sequence greater than `after`, each with that sequence, in order."""
    c = t.item_event.c
    query = (
        sa.select(c.item_seq, *t.event.c)
        .join(t.event, t.event.c.seq == c.seq)
        .where(c.item == item, c.item_seq > after)
        .order_by(c.seq)
        .limit(limit)
    )
    return [(one[0], Row._make(one[1:])) for one in connection.execute(query)]


def add_rows(connection: Connection, added: Sequence[Row]) -> None:
    """Append rows to the log."""
    _insert(connection, t.event, [(r.seq, r.event_id, r.entry, r.leaf_hash, r.digest) for r in added])


def add_item_events(connection: Connection, places: Sequence[tuple[str, int, int]]) -> None:
    """Item, seq and item_seq of appended events."""
    _insert(connection, t.item_event, places)


def add_item_actors(connection: Connection, pairs: Collection[tuple[str, str]]) -> None:
    """Keep who has acted on which item: (item, actor), known pairs too."""
    _insert(connection, t.item_actor, sorted(pairs), "ON CONFLICT DO NOTHING")


def has_acted(connection: Connection, item: str, actor: str) -> bool:
    """Whether an event of this actor names the item: one look-up, as long for an item that is not there."""
    c = t.item_actor.c
    return connection.execute(sa.select(c.actor).where(c.item == item, c.actor == actor)).first() is not None


def set_heads(connection: Connection, moved: Mapping[str, Head]) -> None:
    """Keep where these items stand now."""
    values = [(item, head.item_seq, head.digest) for item, head in sorted(moved.items())]
    _insert(
        connection,
        t.head,
        values,
        "ON CONFLICT (item) DO UPDATE SET item_seq = excluded.item_seq, digest = excluded.digest",
    )


def add_sealed(connection: Connection, values: Sequence[tuple[int, str, str, bytes]]) -> None:
    """Values beside the log: seq, name, salt, content."""
    _insert(connection, t.sealed, values)


def sealed(connection: Connection, seqs: Collection[int]) -> list[sa.Row[Any]]:
    """Values beside these events, in order: seq, name, salt, content."""
    return sorted(_in(connection, sa.select(t.sealed), t.sealed.c.seq, seqs))


def public_keys(connection: Connection, ids: Collection[str]) -> dict[str, bytes]:
    """Public keys that have signed recorded events, by id."""
    return {one.key_id: one.public_key for one in _whole_rows(connection, t.key, "key_id", ids)}


def add_public_keys(connection: Connection, keys: Mapping[str, bytes]) -> None:
    """Keep the keys that are new."""
    known = public_keys(connection, keys.keys())
    _insert(connection, t.key, [(name, public) for name, public in keys.items() if name not in known])


# -- rows of bulk imports

_COPY_ROWS = "COPY ledger_row (seq, position, item, content) FROM STDIN (FORMAT BINARY)"


def add_import(connection: Connection, placed: Sequence[tuple[int, int, str, bytes]]) -> None:
    """Store rows (seq, position, item, content) in the way that is quickest for the store."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO ledger_row VALUES (?, ?, ?, ?)", list(placed))
        return
    cursor = connection.connection.cursor()
    with cursor.copy(_COPY_ROWS) as copy:
        copy.set_types(["int8", "int8", "varchar", "bytea"])
        for one in placed:
            copy.write_row(one)
    cursor.close()


def row_contents(connection: Connection, seq: int) -> list[bytes]:
    """Rows of the import that event `seq` is the manifest of, in order."""
    query = sa.select(t.row.c.content).where(t.row.c.seq == seq).order_by(t.row.c.position)
    return list(connection.execute(query).scalars())


def rows_of_items(connection: Connection, items: Collection[str]) -> list[tuple[int, int, str]]:
    """Event, position and item of the imported rows about these items, in order."""
    c = t.row.c
    query = sa.select(c.seq, c.position, c.item)
    return sorted((one.seq, one.position, one.item) for one in _in(connection, query, c.item, items))


def imports(connection: Connection) -> list[int]:
    """Events that have rows."""
    return list(connection.execute(sa.select(t.row.c.seq).distinct().order_by(t.row.c.seq)).scalars())


# -- the tree


def leaf_hashes(connection: Connection, start: int, stop: int) -> list[bytes]:
    span = f"seq >= {int(start)} AND seq < {int(stop)}"
    query = f"SELECT leaf_hash FROM ledger_event WHERE {span} ORDER BY seq"
    return [one[0] for one in connection.exec_driver_sql(query)]


def nodes(connection: Connection, height: int, start: int, stop: int) -> list[bytes]:
    c = t.node.c
    query = (
        sa.select(c.hash)
        .where(c.height == height, c.position >= start, c.position < stop)
        .order_by(c.position)
    )
    return list(connection.execute(query).scalars())


def add_node(connection: Connection, height: int, position: int, value: bytes) -> None:
    connection.execute(sa.insert(t.node).values(height=height, position=position, hash=value))


# -- checkpoints


def origin(connection: Connection) -> str | None:
    """The log's name in its checkpoints; None before the first."""
    found = connection.execute(sa.select(t.origin.c.origin)).scalar()
    return None if found is None else str(found)


def add_origin(connection: Connection, name: str, began_at: str) -> None:
    connection.execute(sa.insert(t.origin).values(origin=name, began_at=began_at))


def checkpoints(connection: Connection) -> list[sa.Row[Any]]:
    """Every checkpoint, smallest first: size, note, signed_at."""
    return list(connection.execute(sa.select(t.checkpoint).order_by(t.checkpoint.c.size)))


def last_checkpoint(connection: Connection, at_most: int | None = None) -> sa.Row[Any] | None:
    query = sa.select(t.checkpoint).order_by(t.checkpoint.c.size.desc()).limit(1)
    if at_most is not None:
        query = query.where(t.checkpoint.c.size <= at_most)
    return connection.execute(query).first()


def add_checkpoint(connection: Connection, tree_size: int, note: str, signed_at: str) -> None:
    connection.execute(sa.insert(t.checkpoint).values(size=tree_size, note=note, signed_at=signed_at))


def cosignatures(connection: Connection, tree_size: int) -> dict[str, str]:
    """Cosignature lines under the checkpoint of this size, by the verifier key of the witness."""
    c = t.cosignature.c
    query = sa.select(c.witness, c.line).where(c.size == tree_size).order_by(c.witness)
    return {one.witness: one.line for one in connection.execute(query)}


def last_cosigned(connection: Connection, at_least: int) -> int | None:
    """Size of the newest checkpoint with a cosignature, if it holds `at_least` events."""
    found = connection.execute(sa.select(sa.func.max(t.cosignature.c.size))).scalar()
    return None if found is None or found < at_least else int(found)


def add_cosignature(connection: Connection, tree_size: int, witness: str, line: str) -> None:
    """Keep a cosignature under the witness's verifier key; a later one takes the place of the earlier."""
    c = t.cosignature.c
    connection.execute(sa.delete(t.cosignature).where(c.size == tree_size, c.witness == witness))
    connection.execute(sa.insert(t.cosignature).values(size=tree_size, witness=witness, line=line))


def _insert(
    connection: Connection, table: sa.Table, values: Sequence[tuple[Any, ...]], otherwise: str = ""
) -> None:
    """Insert tuples in the order of the table's columns, by the driver: this is the time of an append."""
    if not values:
        return
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(table.columns))
    names = ", ".join(table.columns.keys())
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks}) {otherwise}"
    connection.exec_driver_sql(statement, list(values))


def _whole_rows(
    connection: Connection, table: sa.Table, column: str, values: Collection[str]
) -> Iterator[sa.Row[Any]]:
    """Rows in which the column is one of these, by the driver: every append asks for them."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    names = ", ".join(table.columns.keys())
    ordered = sorted(values)
    for start in range(0, len(ordered), _TOGETHER):
        some = ordered[start : start + _TOGETHER]
        marks = ", ".join([mark] * len(some))
        statement = f"SELECT {names} FROM {table.name} WHERE {column} IN ({marks})"
        yield from connection.exec_driver_sql(statement, tuple(some))


def _in(
    connection: Connection, query: sa.Select[Any], column: sa.Column[Any], values: Collection[Any]
) -> Iterator[sa.Row[Any]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _TOGETHER):
        yield from connection.execute(query.where(column.in_(ordered[start : start + _TOGETHER])))
