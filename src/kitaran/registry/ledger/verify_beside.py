"""Verifying what stands beside the log: sealed values, imported rows, histories and heads."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger import canonical, merkle, repository
from kitaran.registry.ledger import tables as t
from kitaran.registry.ledger.findings import Findings
from kitaran.registry.ledger.rebuild import follow
from kitaran.registry.ledger.sealed import Disclosure, commitment


def sealed_values(connection: Connection, findings: Findings) -> None:
    """Each value beside the log is the one that its event commits to."""
    for one in connection.execute(t.sealed.select().order_by(t.sealed.c.seq, t.sealed.c.name)):
        row = repository.row(connection, one.seq)
        envelope = {} if row is None else _envelope(row.entry)
        try:
            made = commitment(one.name, Disclosure(one.salt, canonical.loads(one.content)))
        except InputError:
            made = ""
        if envelope.get("sealed", {}).get(one.name) != made:
            findings.add(f"its sealed {one.name} is not the one it commits to", one.seq, envelope.get("id"))


def imported_rows(connection: Connection, findings: Findings) -> None:
    """Rows of each bulk import lead to the root that its manifest signs; no manifest has lost all of them.

    A manifest is known by its payload: a number of `rows` and their `root`.
    """
    with_rows = set(repository.imports(connection))
    for seq in sorted(with_rows | _manifests(connection)):
        row = repository.row(connection, seq)
        envelope = {} if row is None else _envelope(row.entry)
        if seq not in with_rows:
            findings.add("none of its imported rows is there", seq, envelope.get("id"))
            continue
        root = merkle.root(map(merkle.leaf_hash, repository.row_contents(connection, seq)))
        if envelope.get("payload", {}).get("root") != root.hex():
            findings.add("its imported rows are not those that its manifest signs", seq, envelope.get("id"))


def _manifests(connection: Connection) -> set[int]:
    """Sequence numbers of the events whose payload is that of a manifest."""
    found = set()
    for row in repository.rows(connection, 0, repository.size(connection)):
        if b'"root":"' in row.entry and b'"rows":' in row.entry:
            payload = _envelope(row.entry).get("payload", {})
            if type(payload.get("rows")) is int and type(payload.get("root")) is str:
                found.add(row.seq)
    return found


def _envelope(entry: bytes) -> dict[str, Any]:
    try:
        content: dict[str, Any] = canonical.loads(entry)["envelope"]
    except (InputError, TypeError, KeyError):
        return {}
    return content


def derived(connection: Connection, findings: Findings) -> None:
    """Histories and heads of items, and who acted on them, are those that follow from the log."""
    heads: dict[str, repository.Head] = {}
    expected: dict[tuple[str, int], int] = {}
    acted: set[tuple[str, str]] = set()
    for row in repository.rows(connection, 0, repository.size(connection)):
        envelope = _envelope(row.entry)
        for item, number in follow(heads, envelope, row.digest).items():
            expected[item, row.seq] = number
            acted.add((item, envelope.get("actor", "")))
    found = {(one.item, one.seq): one.item_seq for one in connection.execute(t.item_event.select())}
    for item, seq in sorted({place for place, _ in expected.items() ^ found.items()}):
        named = repository.row(connection, seq)
        event = None if named is None else named.event_id
        findings.add(f"the history of {item} is not the one that follows from the log", seq, event)
    for item in sorted(
        {item for item, _ in acted ^ {(i, a) for i, a in connection.execute(t.item_actor.select())}}
    ):
        findings.add(f"who acted on {item} is not what follows from the log")
    kept = {
        one.item: repository.Head(one.item_seq, one.digest) for one in connection.execute(t.head.select())
    }
    for item in sorted(kept.keys() | heads.keys()):
        if kept.get(item) != heads.get(item):
            findings.add(f"the head of {item} is not the one that follows from the log")
