"""Which batteries of the registry an alert concerns, and who acted on them last.

What is known of a battery's model stands in its id, if that is a GS1 code, and in the rows of bulk imports
(`gtin`, `model`, `batch` or `batch_number`). A noun above that knows more brings a `Finder` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry import identity
from kitaran.registry.ledger import canonical, repository
from kitaran.registry.ledger import tables as log

Finder = Callable[[Connection, Mapping[str, str]], Iterable[str]]
"""Items that match an alert's pattern (`schemas.Pattern` as a mapping)."""
_AS_LINK: Final = "https://id.gs1.org/"
"""Before the path of an item id (`01/GTIN/21/SERIAL`) it makes a GS1 Digital Link."""


def in_item_ids(connection: Connection, pattern: Mapping[str, str]) -> Iterator[str]:
    """Items whose id holds a GS1 path (`01/GTIN/21/SERIAL`) with the GTIN and no batch outside the range."""
    gtin = pattern.get("gtin")
    if gtin is None:
        return
    path = f"01/{gtin}/"
    query = sa.select(log.head.c.item).where(log.head.c.item.contains(path)).order_by(log.head.c.item)
    for item in map(str, connection.execute(query).scalars()):
        keys = identity.parse(_AS_LINK + item[item.index(path) :]).as_dict()["keys"]
        if keys.get("01") == gtin and in_range(keys.get("10"), pattern):
            yield item


def in_imports(connection: Connection, pattern: Mapping[str, str]) -> Iterator[str]:
    """Items of imported rows whose `gtin` or `model`, and `batch`, are those of the pattern."""
    wanted = {name: pattern[name] for name in ("gtin", "model") if name in pattern}
    for name, value in wanted.items():
        text = canonical.encode({name: value})[1:-1]
        holds = _holds(connection, log.row.c.content, text)
        for one in connection.execute(sa.select(log.row.c.item, log.row.c.content).where(holds)):
            told = _row_of(canonical.loads(one.content))
            if _agrees(told, wanted) and in_range(told.get("batch", told.get("batch_number")), pattern):
                yield str(one.item)


FINDERS: Final[tuple[Finder, ...]] = (in_item_ids, in_imports)


def affected(
    connection: Connection, pattern: Mapping[str, str], finders: Collection[Finder] = FINDERS
) -> list[str]:
    """Every item that an alert concerns, in order."""
    return sorted({item for find in finders for item in find(connection, pattern)})


def last_actors(connection: Connection, items: Collection[str]) -> dict[str, list[str]]:
    """For each operator, the items on which it acted last: as far as the log knows, it holds them."""
    found: dict[str, list[str]] = {}
    for item in sorted(items):
        seqs = repository.seqs_of_items(connection, [item]) or _imported(connection, item)
        row = repository.row(connection, seqs[-1]) if seqs else None
        if row is not None:
            actor = str(canonical.loads(row.entry)["envelope"]["actor"])
            found.setdefault(actor, []).append(item)
    return found


def acted_on(
    connection: Connection, items: Collection[str], operator: str, beside: Collection[str] = ()
) -> list[str]:
    """Those of the items on which an operator has acted: whose history it may read.

    beside : kinds of events that anybody can send about any item, and that open nothing
    """
    found = []
    for item in items:
        seqs = {*repository.seqs_of_items(connection, [item]), *_imported(connection, item)}
        rows = (repository.row(connection, seq) for seq in sorted(seqs))
        envelopes = [canonical.loads(row.entry)["envelope"] for row in rows if row is not None]
        if any(one["actor"] == operator and one["kind"] not in beside for one in envelopes):
            found.append(item)
    return found


def _imported(connection: Connection, item: str) -> list[int]:
    query = sa.select(log.row.c.seq).where(log.row.c.item == item).distinct().order_by(log.row.c.seq)
    return list(connection.execute(query).scalars())


def _holds(connection: Connection, column: sa.Column[Any], text: bytes) -> sa.ColumnElement[bool]:
    if connection.dialect.name == "postgresql":
        return sa.func.position(sa.literal(text, sa.LargeBinary).op("IN")(column)) > 0
    return sa.func.instr(column, sa.literal(text, sa.LargeBinary)) > 0


def _row_of(content: Any) -> dict[str, Any]:
    row = content.get("row", content) if isinstance(content, dict) else {}
    return row if isinstance(row, dict) else {}


def _agrees(told: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """At least one name is told, and none is told otherwise."""
    common = [name for name in wanted if name in told]
    return bool(common) and all(told[name] == wanted[name] for name in common)


def in_range(batch: Any, pattern: Mapping[str, str]) -> bool:
    """Unknown batches count as affected: an alert must not miss one."""
    first, last = pattern.get("batch_from"), pattern.get("batch_until")
    if first is None or last is None or batch is None:
        return True
    return len(str(batch)) == len(first) and first <= str(batch) <= last
