"""Verifying a whole log where it is stored: every byte hashed again, every checkpoint and cosignature
checked.

Each thing that is wrong is named by its event. A change that also changed the stored hashes is found where
the tree no longer leads to a signed root, and named by the events between two checkpoints.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.foundation.progress import NO_PROGRESS, Progress
from kitaran.registry.ledger import merkle, repository
from kitaran.registry.ledger.findings import Findings
from kitaran.registry.ledger.note import WITNESS, Note, NoteKey, read_note, read_note_key
from kitaran.registry.ledger.stored_tree import STEP
from kitaran.registry.ledger.verify_beside import derived, imported_rows, sealed_values
from kitaran.registry.ledger.verify_events import leaf_hashes, unreadable

_TILE: Final = 1 << STEP


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
        raise unreadable(str(engine.url.database), error) from error


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
    tree = _Tree(connection, findings, roots)
    for leaves in leaf_hashes(connection, findings, signatures):
        tree.extend(leaves)
        progress.advance(len(leaves))
    tree.end()


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

    def extend(self, leaves: Sequence[bytes]) -> None:
        start = 0
        while start < len(leaves):
            stop = start + _TILE - len(self._tile)
            self._fill(leaves[start:stop])
            start = stop

    def _fill(self, leaves: Sequence[bytes]) -> None:
        """Leaves that end no later than the tile does."""
        before = self.size
        for size in [size for size in self._roots if before < size <= before + len(leaves)]:
            self._compare(size, [*self._tile, *leaves[: size - before]])
        self._tile += leaves
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
        self._findings.size, self._findings.root = size, self._root(self._tile)
        for signed in sorted(self._roots):
            if signed > size:
                self._findings.add(f"events {size} to {signed - 1} are missing: a checkpoint holds them")

    def _root(self, tile: Sequence[bytes]) -> bytes:
        return merkle.fold([*self._upper, *merkle.extend([], 0, tile)])

    def _compare(self, size: int, tile: Sequence[bytes]) -> None:
        if self._root(tile) == self._roots[size]:
            self._agreed = size
        elif not self._broken:
            self._broken = True
            self._findings.add(
                f"one of the events {self._agreed} to {size - 1} was changed after it was signed"
            )
