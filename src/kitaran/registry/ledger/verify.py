"""Verifying a whole log where it is stored: every byte hashed again, every checkpoint and cosignature
checked.

Each thing that is wrong is named by its event. A change that also changed the stored hashes is found where
the tree no longer leads to a signed root, and named by the events between two checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from kitaran.foundation.database import reading
from kitaran.foundation.errors import EvidenceError, InputError
from kitaran.foundation.progress import NO_PROGRESS, Progress
from kitaran.registry.ledger import canonical, merkle, repository
from kitaran.registry.ledger.findings import Findings
from kitaran.registry.ledger.note import WITNESS, Note, NoteKey, read_note, read_note_key
from kitaran.registry.ledger.signature import key_id, verifies
from kitaran.registry.ledger.stored_tree import STEP
from kitaran.registry.ledger.verify_beside import derived, imported_rows, sealed_values

_TILE: Final = 1 << STEP
_HEAD: Final = b'{"envelope":'
_TAIL_BYTES: Final = len(',"recorded_at":"2026-01-31T08:00:00.000Z","seq":,"signature":""}') + 128
_ITEMS: Final = b'","items":['
_SIGNED_BYTES: Final = 128 + len('"}')
_WIDEST_GAP: Final = 10_000

RawRow = tuple[Any, Any, bytes, bytes, bytes]
"""seq, event id as bytes, entry, leaf hash, digest."""


def verify_log(
    engine: Engine,
    log_key: NoteKey | None = None,
    last: Note | None = None,
    signatures: bool = True,
    progress: Progress = NO_PROGRESS,
) -> Findings:
    """Everything that is wrong with the log.

    log_key    : whose checkpoints these should be; without it their signatures are not checked
    last       : the last checkpoint as it is remembered outside the database
    signatures : also check each event's signature and sealed values, and what follows from the log

    Raises EvidenceError if the store is too damaged to be read to its end.
    """
    try:
        with reading(engine) as connection:
            return verify_moment(connection, log_key, last, signatures, progress)
    except (DBAPIError, TypeError, ValueError, AttributeError, LookupError) as error:
        raise _unreadable(str(engine.url.database), error) from error


def verify_moment(
    connection: Connection,
    log_key: NoteKey | None = None,
    last: Note | None = None,
    signatures: bool = True,
    progress: Progress = NO_PROGRESS,
) -> Findings:
    """`verify_log` of the one state that this connection sees."""
    findings = Findings()
    roots = _checkpoints(connection, findings, log_key, last)
    _events(connection, findings, roots, signatures, progress)
    if signatures:
        sealed_values(connection, findings)
        imported_rows(connection, findings)
        derived(connection, findings)
    return findings


# -- checkpoints


def _checkpoints(
    connection: Connection, findings: Findings, log_key: NoteKey | None, last: Note | None
) -> dict[int, bytes]:
    """The signed root of each size."""
    roots = {}
    for row in repository.checkpoints(connection):
        note = _note(row.note, findings)
        if note is None:
            continue
        roots[note.checkpoint.size] = note.checkpoint.root
        findings.checkpoints += 1
        if note.checkpoint.size != row.size or (log_key is not None and not note.signed_by(log_key)):
            findings.add(f"the checkpoint of {row.size} events is not signed by the log's key")
        findings.cosigned += _cosignatures(connection, note, findings)
    if (
        last is not None
        and roots.setdefault(last.checkpoint.size, last.checkpoint.root) != last.checkpoint.root
    ):
        findings.add(f"the checkpoint of {last.checkpoint.size} events is not the one remembered outside")
    return roots


def _note(text: str, findings: Findings) -> Note | None:
    try:
        return read_note(text)
    except InputError as error:
        findings.add(f"a stored checkpoint cannot be read: {error.cause}")
        return None


def _cosignatures(connection: Connection, note: Note, findings: Findings) -> bool:
    lines = repository.cosignatures(connection, note.checkpoint.size)
    for key, line in lines.items():
        try:
            good = Note(note.checkpoint, (line,)).signed_by(read_note_key(key, WITNESS))
        except InputError:
            good = False
        if not good:
            findings.add(f"a cosignature under the checkpoint of {note.checkpoint.size} events is not good")
    return bool(lines)


# -- events and tree


def _events(
    connection: Connection, findings: Findings, roots: dict[int, bytes], signatures: bool, progress: Progress
) -> None:
    progress.stage("events", repository.count(connection))
    keys = _Keys(connection) if signatures else None
    tree = _Tree(connection, findings, roots)
    following = 0
    for raw in raw_rows(connection):
        if raw[0] > following:
            _missing(following, raw[0], findings)
        tree.add(_row(raw, findings, keys))
        following = max(following, raw[0] + 1)
        if tree.size % _TILE == 0:
            progress.advance(_TILE)
    progress.advance(tree.size % _TILE)
    tree.end()


def _missing(start: int, stop: int, findings: Findings) -> None:
    """Name each event of a gap; a gap as wide as no log is one changed number."""
    for seq in range(start, min(stop, start + _WIDEST_GAP)):
        findings.add("it is missing", seq)
    if stop - start > _WIDEST_GAP:
        findings.add(f"events {start + _WIDEST_GAP} to {stop - 1} are missing")


def _row(raw: RawRow, findings: Findings, keys: _Keys | None) -> bytes:
    """The event's leaf hash, hashed again from the stored entry."""
    seq, event_id, entry, leaf_hash, digest = raw
    if not all(type(value) is bytes for value in raw[1:]):
        findings.add("its row holds values of another type", seq)
        return merkle.EMPTY_ROOT
    leaf = sha256(b"\x00" + entry).digest()
    signed = entry[len(_HEAD) : len(entry) - _TAIL_BYTES - len(str(seq))]
    problems: list[str] = []
    if leaf != leaf_hash:
        problems = ["its stored bytes and its stored leaf hash differ"]
    elif not entry.endswith(b'","seq":%d,"signature":"' % seq + entry[-_SIGNED_BYTES:]):
        problems = [f"it is stored under number {seq}, not the one that it was recorded with"]
        seq = _recorded_number(entry, seq)
    elif not signed[: signed.find(_ITEMS)].endswith(b'"id":"' + event_id):
        problems = ["its id is not the one that it was recorded with"]
    elif sha256(signed).digest() != digest:
        problems = ["its stored digest is not that of its envelope"]
    elif keys is not None:
        problems = list(_content_problems(entry, signed, keys))
    for problem in problems:
        findings.add(problem, seq, bytes(event_id).decode(errors="replace"))
    return leaf


def _recorded_number(entry: bytes, stored: int) -> int:
    """The number that the entry itself holds, if it can be read."""
    try:
        number = canonical.loads(entry)["seq"]
    except (InputError, TypeError, KeyError):
        return stored
    return number if type(number) is int else stored


def _content_problems(entry: bytes, signed: bytes, keys: _Keys) -> Iterator[str]:
    try:
        content = canonical.decode(entry)
    except InputError:
        yield "its entry is not canonical JSON"
        return
    public = keys.find(content["envelope"]["key_id"])
    if public is None:
        yield "the key that signed it is not kept"
    elif not verifies(public, signed, bytes.fromhex(content["signature"])):
        yield "its signature is not by its key over its envelope"


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


class _Tree:
    """Grows leaf by leaf, and is compared with kept nodes and signed roots on its way."""

    def __init__(self, connection: Connection, findings: Findings, roots: dict[int, bytes]) -> None:
        self._connection = connection
        self._findings = findings
        self._roots = roots
        self._upper: list[bytes] = []
        self._tile: list[bytes] = []
        self._tiles = 0
        self._agreed = 0
        self._broken = False

    @property
    def size(self) -> int:
        return self._tiles * _TILE + len(self._tile)

    def add(self, leaf: bytes) -> None:
        self._tile.append(leaf)
        if self.size in self._roots:
            self._compare(self.size)
        if len(self._tile) == _TILE:
            node = merkle.root(self._tile)
            if repository.nodes(self._connection, STEP, self._tiles, self._tiles + 1) != [node]:
                first, last = self._tiles * _TILE, self._tiles * _TILE + _TILE - 1
                self._findings.add(f"the kept node over events {first} to {last} is not their root")
            self._upper = merkle.extend(self._upper, self._tiles, [node])
            self._tiles += 1
            self._tile = []

    def end(self) -> None:
        size = self.size
        self._findings.size, self._findings.root = size, self._root()
        for signed in sorted(self._roots):
            if signed > size:
                self._findings.add(f"events {size} to {signed - 1} are missing: a checkpoint holds them")

    def _root(self) -> bytes:
        return merkle.fold([*self._upper, *merkle.extend([], 0, self._tile)])

    def _compare(self, size: int) -> None:
        if self._root() == self._roots[size]:
            self._agreed = size
        elif not self._broken:
            self._broken = True
            self._findings.add(
                f"one of the events {self._agreed} to {size - 1} was changed after it was signed"
            )


def raw_rows(connection: Connection) -> Iterator[RawRow]:
    """Every row of the log in order, read by the driver itself: this is the time of a verification."""
    if connection.dialect.name == "sqlite":
        cursor, name = connection.connection.cursor(), "CAST(event_id AS BLOB)"
    else:
        cursor = connection.connection.cursor(name="verify", binary=True)
        name = "convert_to(event_id, 'UTF8')"
    try:
        cursor.execute(f"SELECT seq, {name}, entry, leaf_hash, digest FROM ledger_event ORDER BY seq")
        while rows := cursor.fetchmany(2_000):
            yield from rows
    except connection.dialect.loaded_dbapi.DatabaseError as error:
        raise _unreadable(str(connection.engine.url.database), error) from error
    cursor.close()


def _unreadable(database: str, error: Exception) -> EvidenceError:
    """What the store gives back has not even the form that it was stored in."""
    return EvidenceError(
        f"The database cannot be read to its end ({type(error).__name__}: {error}).",
        database,
        "It is damaged: restore the newest backup.",
    )
