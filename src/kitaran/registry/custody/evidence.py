"""What proves the history of one item to somebody who may read it: each event of which the caller may know is
hashed again and led to the root of a signed checkpoint, with its signature and the cosignatures.

This is our own word about our own log. Whoever may read the whole history can take it away as a bundle, which
a program of its own verifies without us.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Engine

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.registry.custody import disclosure, keeping
from kitaran.registry.ledger import bulk, bundle, canonical, merkle, repository
from kitaran.registry.ledger.note import WITNESS, Note, NoteKey, read_note, read_note_key
from kitaran.registry.ledger.repository import Row
from kitaran.registry.ledger.signature import verifies
from kitaran.registry.ledger.stored_tree import StoredTree
from kitaran.registry.ledger.verifier import root_from
from kitaran.registry.parties.repository import Operator
from kitaran.registry.passport import audiences, view
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport.kinds import item_of

Facts = dict[str, Any]
_NO_HASH: Final = b""


def check(
    connection: Connection, item: str, caller: Operator, log_key: NoteKey, told: Collection[int] = ()
) -> Facts:
    """The checkpoint, and of each event of the item that the caller may know of whether it is in the log as
    it was signed; `imported` tells it of the row by which the item came in a bulk import.

    told : events of which the caller knows by the passport
    Raises NotFoundError if the caller may know of none, or nothing is signed yet.
    """
    rows = list(bulk.proved_rows(connection, [item]))
    known = sorted({*disclosure.readable(connection, item, caller), *told} - {one.seq for one in rows})
    rows = rows if disclosure.reads_all(caller) else [one for one in rows if one.seq in told]
    if not known and not rows:
        raise disclosure.unseen(item)
    last = max([*known, *(one.seq for one in rows)])
    size = repository.last_cosigned(connection, at_least=last + 1)
    stored = repository.last_checkpoint(connection, at_most=size)
    if stored is None:
        raise NotFoundError("There is no checkpoint yet.", "checkpoint", "Ask again in a minute.")
    note = read_note(stored.note)
    events = [_of_event(connection, seq, note) for seq in known]
    imported = [_of_row(connection, one, note) for one in rows]
    signed = note.signed_by(log_key)
    return {
        "item": item,
        "checkpoint": {
            "origin": note.checkpoint.origin,
            "size": stored.size,
            "root": note.checkpoint.root.hex(),
            "signed_at": stored.signed_at,
            "log_key": str(log_key),
            "signed": signed,
            "cosigned_by": _witnesses(connection, note),
        },
        "events": events,
        "imported": imported,
        "intact": signed
        and all(one["in_log"] is not False and one["signed"] for one in (*events, *imported)),
        "bundle": reads_whole(connection, item, caller),
    }


def _sound(told: Facts) -> bool:
    return told["in_log"] is not False and told["signed"]


def reads_whole(connection: Connection, item: str, caller: Operator) -> bool:
    """Whether the caller may read all that there is of the item: every event whole, and its row of an import,
    which of a battery that has no event yet is all. Else a bundle would tell of what is not the caller's.
    """
    seqs = repository.seqs_of_items(connection, [item])
    known, opens = disclosure.readable(connection, item, caller), _row_opens(connection, item, caller)
    if not seqs or known != seqs:  # asked before: as much work for an item that is not there
        return opens and not seqs
    rows = (repository.row(connection, seq) for seq in seqs)
    envelopes = {row.seq: canonical.loads(row.entry)["envelope"] for row in rows if row is not None}
    return disclosure.open_whole(connection, caller, envelopes) == set(seqs)


def _row_opens(connection: Connection, item: str, caller: Operator) -> bool:
    """Whether the item came in an import, and the caller answers for it, has it or reads everything: whoever
    only works on batteries learns nothing of the import from which one came.
    """
    placed, seen_by = repository.rows_of_items(connection, [item]), _audiences(connection, item, caller)
    return bool(placed) and (disclosure.reads_all(caller) or bool(audiences.OWN & seen_by))


def opening(connection: Connection, items: Collection[str], caller: Operator | None) -> bundle.OpenRow:
    """Which rows of imports a bundle about these items shows this reader: those that its audiences may read
    as a whole.
    """
    seen_by = {item: _audiences(connection, item, caller) for item in items}
    return lambda item, row: view.row_shown(row, seen_by[item])


def _audiences(connection: Connection, item: str, caller: Operator | None) -> frozenset[audiences.Audience]:
    named = item.removeprefix(item_of(""))
    battery = passports.battery(connection, named)
    return keeping.audiences_of(connection, caller, battery, named, now())


def bundle_for(engine: Engine, item: str, caller: Operator, log_key: NoteKey) -> bytes:
    """The evidence bundle of an item, without sealed values. Raises NotFoundError unless `reads_whole`."""
    with reading(engine) as connection:
        if not reads_whole(connection, item, caller):
            raise disclosure.unseen(item)
        open_row = opening(connection, [item], caller)
    return bundle.make_bundle(engine, [item], log_key, open_row=open_row)


def _of_event(connection: Connection, seq: int, note: Note) -> Facts:
    """in_log : None if it was recorded after the checkpoint"""
    row = repository.row(connection, seq)
    assert row is not None  # named by the item
    envelope = canonical.loads(row.entry)["envelope"]
    return {
        "seq": seq,
        "kind": envelope["kind"],
        "at": envelope["occurred_at"],
        "by": envelope["actor"],
        "in_log": _in_log(connection, row, note),
        "signed": _signed(connection, row),
    }


def _in_log(connection: Connection, row: Row, note: Note) -> bool | None:
    size = note.checkpoint.size
    if row.seq >= size:
        return None
    proof = StoredTree(connection).inclusion_proof(row.seq, size)
    return root_from(row.seq, size, sha256(b"\x00" + row.entry).digest(), proof) == note.checkpoint.root


def _signed(connection: Connection, row: Row) -> bool:
    entry = canonical.loads(row.entry)
    key = repository.public_keys(connection, [entry["envelope"]["key_id"]])
    public = key.get(entry["envelope"]["key_id"], _NO_HASH)
    signature = bytes.fromhex(entry["signature"])
    return bool(public) and verifies(public, canonical.encode(entry["envelope"]), signature)


def _of_row(connection: Connection, one: bulk.ProvedRow, note: Note) -> Facts:
    """The manifest as an event, and whether the row leads to the root that it names."""
    row = repository.row(connection, one.seq)
    assert row is not None  # rows stand beside an event
    manifest = canonical.loads(row.entry)["envelope"]["payload"]["root"]
    found = root_from(one.position, one.count, merkle.leaf_hash(one.content), one.proof)
    told = _of_event(connection, one.seq, note)
    leads = found is not None and found.hex() == manifest
    return {**told, "rows": one.count, "in_log": told["in_log"] if leads else False}


def _witnesses(connection: Connection, note: Note) -> list[str]:
    """Names of the outsiders whose cosignature under the checkpoint is good."""
    found: Collection[tuple[str, str]] = repository.cosignatures(connection, note.checkpoint.size).items()
    return sorted(_name(key) for key, line in found if _good(key, line, note))


def _good(key: str, line: str, note: Note) -> bool:
    try:
        return Note(note.checkpoint, (line,)).signed_by(read_note_key(key, WITNESS))
    except InputError:
        return False


def _name(key: str) -> str:
    return key.partition("+")[0]
