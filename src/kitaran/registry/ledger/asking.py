"""What anyone may ask the log: proofs, the newest checkpoint, the events of an item. In JSON's own types."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Engine

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.registry.ledger import canonical, repository
from kitaran.registry.ledger.note import read_note
from kitaran.registry.ledger.receipt import custody_of
from kitaran.registry.ledger.stored_tree import StoredTree

MOST_EVENTS: Final = 1_000
"""Events of one answer."""


def newest_checkpoint(engine: Engine) -> dict[str, Any]:
    """Size, root, note with its cosignatures, and the witnesses' keys.

    Raises NotFoundError before the first.
    """
    with reading(engine) as connection:
        last = repository.last_checkpoint(connection)
        if last is None:
            raise NotFoundError("There is no checkpoint yet.", "checkpoint", "Ask again in a minute.")
        lines = repository.cosignatures(connection, last.size)
    note = read_note(last.note)
    return {
        "origin": note.checkpoint.origin,
        "size": last.size,
        "root": note.checkpoint.root.hex(),
        "note": str(note.witnessed(lines.values())),
        "witness_keys": list(lines),
        "signed_at": last.signed_at,
    }


def inclusion(engine: Engine, seq: int, size: int) -> dict[str, Any]:
    """Proof that event `seq` stands in the log of `size` events.

    Raises InputError if there is no such place.
    """
    with reading(engine) as connection:
        _check_size(connection, size, "size")
        row = repository.row(connection, seq) if 0 <= seq < size else None
        if row is None:
            raise InputError(
                f"A log of {size} events has no event {seq}.", "seq", "Events are counted from 0."
            )
        tree = StoredTree(connection)
        return {
            "seq": seq,
            "size": size,
            "leaf_hash": row.leaf_hash.hex(),
            "root": tree.root(size).hex(),
            "proof": [node.hex() for node in tree.inclusion_proof(seq, size)],
        }


def consistency(engine: Engine, old: int, new: int) -> dict[str, Any]:
    """Proof that the log of `old` events is the beginning of that of `new`. Raises InputError: from 0 nothing
    would be shown."""
    with reading(engine) as connection:
        _check_size(connection, new, "to")
        if not 0 < old <= new:
            raise InputError(
                f"There is no consistency from {old} to {new}.", "from", "Ask from 1 or more, up to `to`."
            )
        tree = StoredTree(connection)
        return {
            "from": old,
            "to": new,
            "root_from": tree.root(old).hex(),
            "root_to": tree.root(new).hex(),
            "proof": [node.hex() for node in tree.consistency_proof(old, new)],
        }


def item_events(engine: Engine, item: str, after: int = 0, limit: int = 100) -> dict[str, Any]:
    """The item's head and its events behind item sequence `after`, in order, at most `limit`.

    Raises NotFoundError if no event names the item.
    """
    with reading(engine) as connection:
        head = repository.heads(connection, [item]).get(item)
        if head is None:
            raise NotFoundError("There is no event of this item.", item, "Look at the item's id.")
        rows = repository.item_rows(connection, item, after, min(limit, MOST_EVENTS))
    return {
        "item": item,
        "head": None if head.digest is None else head.digest.hex(),
        "item_seq": head.item_seq,
        "events": [_shown(number, row) for number, row in rows],
    }


def _shown(number: int, row: repository.Row) -> dict[str, Any]:
    entry = canonical.loads(row.entry)
    return {
        "item_seq": number,
        "leaf_hash": row.leaf_hash.hex(),
        "digest": row.digest.hex(),
        "custody": custody_of(entry["envelope"]),
        "entry": entry,
    }


def _check_size(connection: Connection, size: int, place: str) -> None:
    held = repository.size(connection)
    if not 0 < size <= held:
        raise InputError(f"The log has {held} events, not {size}.", place, "Ask for a size that it has had.")
