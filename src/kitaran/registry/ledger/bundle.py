"""Evidence bundles: every event of some items, proved against a cosigned checkpoint, in one file.

Whoever holds the file needs neither our database nor our word: see `verifier`, a program of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine

from kitaran.foundation.database import reading
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.ledger import bulk, canonical, merkle, repository
from kitaran.registry.ledger.note import NoteKey, read_note
from kitaran.registry.ledger.repository import Row
from kitaran.registry.ledger.stored_tree import StoredTree
from kitaran.registry.ledger.verifier import FORMAT

Disclose = Callable[[int, str], bool]
"""Whether the sealed value of this name beside the event of this seq may be shown to whom the bundle is
for.
"""
OpenRow = Callable[[str, Any], bool]
"""Whether the row of this item in a bulk import, which stands or falls as a whole, may be shown to him."""


def nothing(seq: int, name: str) -> bool:
    """Show no sealed value."""
    return False


def no_row(item: str, row: Any) -> bool:
    """Show no row: each is proved by its hash."""
    return False


def make_bundle(
    engine: Engine,
    items: Sequence[str],
    log_key: NoteKey,
    disclose: Disclose = nothing,
    open_row: OpenRow = no_row,
) -> bytes:
    """The canonical bytes of a bundle about these items: one battery, or all that travel in a shipment.

    What came in a bulk import has its own row of it, and no other. The newest cosigned checkpoint that holds
    all their events is taken, else the newest; events after it are not part of the bundle. Raises
    NotFoundError if an item has no event and no row under a checkpoint.
    """
    with reading(engine) as connection:
        placed = repository.rows_of_items(connection, items)
        seqs = sorted({*repository.seqs_of_items(connection, items), *(seq for seq, _, _ in placed)})
        size = _size(connection, items, seqs)
        rows = [one for one in (repository.row(connection, seq) for seq in seqs if seq < size) if one]
        _refuse_absent(items, rows, {item for seq, _, item in placed if seq < size})
        note, witnesses = _note(connection, size)
        return canonical.encode(
            {
                "format": FORMAT,
                "items": list(items),
                "checkpoint": note,
                "log_key": str(log_key),
                "witness_keys": witnesses,
                "keys": _keys(connection, rows),
                "events": _events(connection, rows, size),
                "rows": _rows(connection, items, size, open_row),
                "disclosures": _disclosures(connection, rows, disclose),
            }
        )


def _size(connection: Connection, items: Sequence[str], seqs: Sequence[int]) -> int:
    """Size of the checkpoint to prove against."""
    if not seqs:
        cause = "There is no event of these items, and no row of an import."
        raise NotFoundError(cause, ", ".join(items), "Look at the item's id.")
    cosigned = repository.last_cosigned(connection, at_least=seqs[-1] + 1)
    last = repository.last_checkpoint(connection)
    if cosigned is None and last is None:
        raise NotFoundError("There is no checkpoint yet.", "", "Sign one: kitaran ledger checkpoint")
    return cosigned if cosigned is not None else int(last.size if last is not None else 0)


def _refuse_absent(items: Iterable[str], rows: Sequence[Row], imported: Collection[str]) -> None:
    present = {item for row in rows for item in canonical.loads(row.entry)["envelope"]["items"]}
    absent = [item for item in items if item not in present and item not in imported]
    if absent:
        raise NotFoundError(
            "There is no event of this item under a checkpoint.",
            ", ".join(absent),
            "Look at the item's id, or sign a checkpoint first: kitaran ledger checkpoint",
        )


def _note(connection: Connection, size: int) -> tuple[str, list[str]]:
    stored = repository.last_checkpoint(connection, at_most=size)
    assert stored is not None
    lines = repository.cosignatures(connection, size)
    return str(read_note(stored.note).witnessed(lines.values())), list(lines)


def _keys(connection: Connection, rows: Iterable[Row]) -> dict[str, str]:
    used = {canonical.loads(row.entry)["envelope"]["key_id"] for row in rows}
    return {name: key.hex() for name, key in repository.public_keys(connection, used).items()}


def _events(connection: Connection, rows: Iterable[Row], size: int) -> list[dict[str, Any]]:
    tree = StoredTree(connection)
    return [
        {
            "entry": canonical.loads(row.entry),
            "proof": [node.hex() for node in tree.inclusion_proof(row.seq, size)],
        }
        for row in rows
    ]


def _rows(connection: Connection, items: Sequence[str], size: int, open_row: OpenRow) -> list[dict[str, Any]]:
    """The items' own rows, each led to its manifest: whole, or by its leaf hash where it is withheld."""
    found = []
    for one in bulk.proved_rows(connection, items):
        if one.seq < size:
            row = canonical.loads(one.content)
            shown = open_row(one.item, row["row"])
            told = {"row": row} if shown else {"leaf": merkle.leaf_hash(one.content).hex()}
            proof = [node.hex() for node in one.proof]
            found.append({"seq": one.seq, "position": one.position, "proof": proof, **told})
    return found


def _disclosures(connection: Connection, rows: Iterable[Row], disclose: Disclose) -> list[dict[str, Any]]:
    return [
        {"seq": one.seq, "name": one.name, "salt": one.salt, "value": canonical.loads(one.content)}
        for one in repository.sealed(connection, [row.seq for row in rows])
        if disclose(one.seq, one.name)
    ]
