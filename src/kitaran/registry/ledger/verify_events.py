"""Verifying every event where it is stored: its bytes hashed again, its number, id, digest and signature.

A row in which all agrees is passed in one quick look; only another is looked at again, to name what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.errors import EvidenceError, InputError
from kitaran.registry.ledger import canonical, merkle, repository
from kitaran.registry.ledger.findings import Findings
from kitaran.registry.ledger.signature import key_id, verifies

_HEAD_BYTES: Final = len(b'{"envelope":')
_NUMBER: Final = b'","seq":%d,"signature":"'
_TIME_BYTES: Final = len(b',"recorded_at":"2026-01-31T08:00:00.000Z')
_SIGNED_BYTES: Final = 128 + len('"}')
_ITEMS: Final = b'","items":['
_WIDEST_GAP: Final = 10_000
_AT_ONCE: Final = 2_048

RawRow = tuple[Any, Any, bytes, bytes, bytes]
"""seq, event id as bytes, entry, leaf hash, digest."""


def leaf_hashes(connection: Connection, findings: Findings, signatures: bool) -> Iterator[list[bytes]]:
    """Leaf hashes of all events in order, some at a time, hashed again from the stored entries.

    findings : takes what is wrong with an event, by its number; signatures : check these too
    """
    keys = _Keys(connection) if signatures else None
    following = 0
    for rows in raw_rows(connection):
        leaves = []
        for raw in rows:
            seq = raw[0]
            if seq > following:
                _missing(following, seq, findings)
            following = seq + 1
            leaf = _sound_leaf(raw)
            if leaf is None:
                leaf = _unsound_leaf(raw, findings)
            elif keys is not None:
                _check_content(raw, keys, findings)
            leaves.append(leaf)
        yield leaves


def raw_rows(connection: Connection) -> Iterator[Sequence[RawRow]]:
    """Every row of the log in order, some at a time, read by the driver itself: this is the time of a
    verification.
    """
    if connection.dialect.name == "sqlite":
        cursor, name = connection.connection.cursor(), "CAST(event_id AS BLOB)"
    else:
        cursor = connection.connection.cursor(name="verify", binary=True)
        name = "convert_to(event_id, 'UTF8')"
    try:
        cursor.execute(f"SELECT seq, {name}, entry, leaf_hash, digest FROM ledger_event ORDER BY seq")
        while rows := cursor.fetchmany(_AT_ONCE):
            yield rows
    except connection.dialect.loaded_dbapi.DatabaseError as error:
        raise unreadable(str(connection.engine.url.database), error) from error
    cursor.close()


def unreadable(database: str, error: Exception) -> EvidenceError:
    """What the store gives back has not even the form that it was stored in."""
    return EvidenceError(
        f"The database cannot be read to its end ({type(error).__name__}: {error}).",
        database,
        "It is damaged: restore the newest backup.",
    )


def _missing(start: int, stop: int, findings: Findings) -> None:
    """Name each event of a gap; a gap as wide as no log is one changed number."""
    for seq in range(start, min(stop, start + _WIDEST_GAP)):
        findings.add("it is missing", seq)
    if stop - start > _WIDEST_GAP:
        findings.add(f"events {start + _WIDEST_GAP} to {stop - 1} are missing")


def _sound_leaf(raw: RawRow) -> bytes | None:
    """The leaf hash of a row in which entry, number, id and both hashes agree; None for any other row."""
    seq, event_id, entry, leaf_hash, digest = raw
    if not (type(event_id) is type(entry) is type(leaf_hash) is type(digest) is bytes):
        return None
    number = _NUMBER % seq
    leaf = sha256(b"\x00" + entry).digest()
    signed = entry[_HEAD_BYTES : -(_TIME_BYTES + len(number) + _SIGNED_BYTES)]
    if (
        leaf == leaf_hash
        and entry.endswith(number, 0, -_SIGNED_BYTES)
        and signed.endswith(b'"id":"' + event_id, 0, signed.find(_ITEMS))
        and sha256(signed).digest() == digest
    ):
        return leaf
    return None


def _unsound_leaf(raw: RawRow, findings: Findings) -> bytes:
    """The leaf hash of any other row, and a finding that names what is wrong with it."""
    seq, event_id, entry, leaf_hash, _ = raw
    if not all(type(value) is bytes for value in raw[1:]):
        findings.add("its row holds values of another type", seq)
        return merkle.EMPTY_ROOT
    leaf = merkle.leaf_hash(entry)
    number = _NUMBER % seq
    signed = entry[_HEAD_BYTES : -(_TIME_BYTES + len(number) + _SIGNED_BYTES)]
    if leaf != leaf_hash:
        problem = "its stored bytes and its stored leaf hash differ"
    elif not entry.endswith(number, 0, -_SIGNED_BYTES):
        problem = f"it is stored under number {seq}, not the one that it was recorded with"
        seq = _recorded_number(entry, seq)
    elif not signed.endswith(b'"id":"' + event_id, 0, signed.find(_ITEMS)):
        problem = "its id is not the one that it was recorded with"
    else:
        problem = "its stored digest is not that of its envelope"
    findings.add(problem, seq, bytes(event_id).decode(errors="replace"))
    return leaf


def _recorded_number(entry: bytes, stored: int) -> int:
    """The number that the entry itself holds, if it can be read."""
    try:
        number = canonical.loads(entry)["seq"]
    except (InputError, TypeError, KeyError):
        return stored
    return number if type(number) is int else stored


def _check_content(raw: RawRow, keys: _Keys, findings: Findings) -> None:
    """The entry is canonical, and signed by the key that it names."""
    seq, event_id, entry, _, _ = raw
    try:
        content = canonical.decode(entry)
    except InputError:
        problem = "its entry is not canonical JSON"
    else:
        public = keys.find(content["envelope"]["key_id"])
        signed = entry[_HEAD_BYTES : -(_TIME_BYTES + len(_NUMBER % seq) + _SIGNED_BYTES)]
        if public is None:
            problem = "the key that signed it is not kept"
        elif not verifies(public, signed, bytes.fromhex(content["signature"])):
            problem = "its signature is not by its key over its envelope"
        else:
            return
    findings.add(problem, seq, bytes(event_id).decode(errors="replace"))


class _Keys:
    """Kept public keys; one that does not hash to its id is as none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, bytes | None] = {}

    def find(self, name: str) -> bytes | None:
        if name not in self._known:
            kept = repository.public_keys(self._connection, [name]).get(name)
            self._known[name] = kept if kept is not None and key_id(kept) == name else None
        return self._known[name]
