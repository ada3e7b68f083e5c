"""Signing checkpoints: at most 60 seconds or 1,000 events apart, and never one that does not follow.

Each new root grows from the last one signed: the frontier of that size is read, shown to fold to the
signed root, and extended by entries that are read back and hashed again. What was not stored as it was
acknowledged is not signed. The note is remembered outside the database before anyone sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Event, Thread
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine

from kitaran.foundation import clock
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import EvidenceError, InputError, KitaranError
from kitaran.registry.ledger import merkle, repository
from kitaran.registry.ledger.errors import HaltedError
from kitaran.registry.ledger.last_signed import LastSigned
from kitaran.registry.ledger.note import LOG, Checkpoint, Note, NoteKey, sign_checkpoint
from kitaran.registry.ledger.signature import public_bytes
from kitaran.registry.ledger.stored_tree import StoredTree
from kitaran.registry.ledger.witness import Request

MOST_APART: Final = 1_000
"""Events between two checkpoints."""
EVERY_S: Final = 30.0
"""Seconds between two looks for unsigned events: half of the 60 s that we promise."""


_NO_LINES: Final[Mapping[str, str]] = {}


class Outsider(Protocol):
    """A witness as the log sees it: the consistency proof is asked for from the size that the witness knows.

    Returns its cosignature line, or None if it cannot be reached now.
    Raises HaltedError if it knows another history of this log.
    """

    key: NoteKey

    def cosign(self, note: Note, proof: Callable[[int], list[bytes]]) -> str | None: ...


class Signer:
    """The log's own hand. One process at a time signs; several may wait."""

    def __init__(
        self,
        engine: Engine,
        origin: str,
        key: Ed25519PrivateKey,
        last: LastSigned,
        witnesses: Sequence[Outsider] = (),
    ) -> None:
        self.engine = engine
        self.key = NoteKey(origin, LOG, public_bytes(key))
        self.last = last
        self._private = key
        self._witnesses = tuple(witnesses)

    def sign(self) -> Note | None:
        """Sign everything that is recorded, in steps of at most MOST_APART; the last note, None on an
        empty log.

        Raises HaltedError if what is stored does not follow from what was signed, EvidenceError naming the
        event whose stored bytes are not those that were recorded.
        """
        with self.last.alone():
            note = self._last()
            with reading(self.engine) as connection:
                size = repository.size(connection)
            while note is None or note.checkpoint.size < size:
                if size == 0:
                    return None
                if note is not None:
                    self._keep(note)
                before = 0 if note is None else note.checkpoint.size
                note = self._sign_to(note, min(size, before + MOST_APART))
            self._publish(note)
            return note

    def request(self, old: int) -> str:
        """What a witness that knows `old` events is asked about the last checkpoint: a text to carry by hand.

        Raises InputError if nothing is signed yet, or the witness would know more than is signed.
        """
        note = self.last.read()
        if note is None or old > note.checkpoint.size:
            raise InputError(
                f"There is no checkpoint of {old} or more events.",
                "--old",
                "Sign first, or give a smaller number.",
            )
        proof = tuple(self._proof(old, note.checkpoint.size)) if old else ()
        return str(Request(old, proof, note))

    def keep_cosignature(self, line: str, witness: NoteKey) -> None:
        """Keep a line that was carried here by hand. Raises InputError if it is not by this witness over the
        last checkpoint."""
        note = self.last.read()
        if note is None or not Note(note.checkpoint, (line,)).signed_by(witness):
            raise InputError(
                f"This is not a cosignature of {witness.name} under the last checkpoint.",
                "--cosignature",
                "Ask the witness again with a new --request.",
            )
        self._keep(note, {str(witness): line})

    def _last(self) -> Note | None:
        """The last signed note, proved to be by this key and found again in the database."""
        size = self.last.size()
        note = self.last.read()
        with reading(self.engine) as connection:
            stored = repository.last_checkpoint(connection)
            held = repository.size(connection)
        if note is None and stored is not None:
            raise HaltedError(
                "The database holds checkpoints, but the memory of the last one is missing.",
                "ledger/last-checkpoint",
                "Put that file back; after a loss, restore the newest backup with `kitaran db restore`.",
            )
        if note is not None and not note.signed_by(self.key):
            raise HaltedError(
                "The last checkpoint was signed by another key.",
                "keys/log.pem",
                "Put the log's own key back, or begin a log of its own from this database.",
            )
        if held < size:
            raise HaltedError(
                f"The database holds {held} events, the last signed checkpoint {size}.",
                str(self.engine.url.database),
                "This is an old copy. Restore the newest backup, or begin a log of its own from this one.",
            )
        return note

    def _sign_to(self, last: Note | None, size: int) -> Note:
        before = 0 if last is None else last.checkpoint.size
        with reading(self.engine) as connection:
            frontier = StoredTree(connection).frontier(before)
            if last is not None and merkle.fold(frontier) != last.checkpoint.root:
                raise HaltedError(
                    f"The first {before} events are not those that were signed.",
                    str(self.engine.url.database),
                    "Run `kitaran ledger verify`, which names the event; restore the newest backup.",
                )
            root = merkle.fold(merkle.extend(frontier, before, reread(connection, before, size)))
        note = sign_checkpoint(Checkpoint(self.key.name, size, root), self._private)
        self.last.write(note)
        return note

    def _publish(self, note: Note) -> None:
        """Show the note to the witnesses, then keep it, and what they signed, where everyone reads."""
        lines: dict[str, str] = {}
        known = self._cosigned(note) if self._witnesses else {}
        for witness in self._witnesses:
            if str(witness.key) in known:
                continue
            try:
                line = witness.cosign(note, lambda old: self._proof(old, note.checkpoint.size))
            except HaltedError as refusal:
                raise self.last.halt(f"Witness {witness.key.name}: {refusal.cause}") from refusal
            if line is not None:
                lines[str(witness.key)] = line
        self._keep(note, lines)

    def _cosigned(self, note: Note) -> dict[str, str]:
        with reading(self.engine) as connection:
            return repository.cosignatures(connection, note.checkpoint.size)

    def _keep(self, note: Note, lines: Mapping[str, str] = _NO_LINES) -> None:
        """Keep the note, unless it is kept, and cosignature lines under it, by the key of their witness."""
        size = note.checkpoint.size
        with reading(self.engine) as connection:
            kept = _is_kept(connection, size)
        if kept and not lines:
            return
        with writing(self.engine) as connection:
            repository.lock(connection)
            if not _is_kept(connection, size):
                repository.add_checkpoint(connection, size, str(note), clock.stamp())
            for name, line in lines.items():
                repository.add_cosignature(connection, size, name, line)

    def _proof(self, old: int, size: int) -> list[bytes]:
        with reading(self.engine) as connection:
            return StoredTree(connection).consistency_proof(old, size)


def _is_kept(connection: Connection, size: int) -> bool:
    last = repository.last_checkpoint(connection, at_most=size)
    return last is not None and last.size == size


def reread(connection: Connection, start: int, stop: int) -> list[bytes]:
    """Leaf hashes of stored entries, hashed again. Raises EvidenceError naming the first that differs."""
    hashes = []
    for seq, row in enumerate(repository.rows(connection, start, stop), start):
        leaf = merkle.leaf_hash(row.entry)
        if row.seq != seq or leaf != row.leaf_hash:
            raise EvidenceError(
                f"Event {seq} is not stored as it was recorded.",
                f"ledger_event, seq {seq}",
                "Restore the newest backup; nothing is signed until then.",
            )
        hashes.append(leaf)
    if len(hashes) != stop - start:
        raise EvidenceError(
            f"Event {start + len(hashes)} is missing.", "ledger_event", "Restore the newest backup."
        )
    return hashes


def ensure_origin(engine: Engine, name: str) -> str:
    """The log's name; `name` if it has none yet. It never changes: it stands in every checkpoint."""
    with writing(engine) as connection:
        repository.lock(connection)
        known = repository.origin(connection)
        if known is None:
            repository.add_origin(connection, name, clock.stamp())
    return known or name


class Checkpointer:
    """Signs while a server runs, in a thread of its own: a witness that answers slowly hinders no append.

    `committed` is what a Ledger calls after each commit; told : hears why something could not be signed
    """

    def __init__(self, signer: Signer, told: Callable[[KitaranError], None]) -> None:
        self._signer = signer
        self._told = told
        self._signed = 0
        self._wake = Event()
        self._stopping = False
        self._thread = Thread(target=self._watch, name="checkpointer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop, and sign what is left."""
        self._stopping = True
        self._wake.set()
        self._thread.join()
        self.sign()

    def committed(self, size: int) -> None:
        if size - self._signed >= MOST_APART:
            self._wake.set()

    def sign(self) -> None:
        """Sign now. A failure never harms an append: the event is recorded, and the failure is told."""
        try:
            note = self._signer.sign()
        except KitaranError as error:
            self._told(error)
            return
        if note is not None:
            self._signed = note.checkpoint.size

    def _watch(self) -> None:
        while not self._stopping:
            self._wake.wait(EVERY_S)
            self._wake.clear()
            if not self._stopping:
                self.sign()
