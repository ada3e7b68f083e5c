"""A witness: remembers the last checkpoint of a log, and cosigns only what follows from it.

It runs as a process of its own, with a key of its own, best in another house. What it is asked, over HTTP
or in a file carried by hand, is the request of C2SP's tlog-witness: `old SIZE`, the consistency proof from
that size in base64, an empty line, and the signed checkpoint.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kitaran.foundation import clock
from kitaran.foundation.errors import InputError, KitaranError, NotFoundError
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.last_signed import LastSigned
from kitaran.registry.ledger.merkle import verify_consistency
from kitaran.registry.ledger.note import WITNESS, Note, NoteKey, base64_bytes, check_name, cosign, read_note
from kitaran.registry.ledger.signature import public_bytes

MOST_PROOF: Final = 63
"""Hashes of a consistency proof: C2SP allows no more."""
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Request:
    """What a log asks. old : the size from which the proof leads"""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        proof = "".join(f"{b64encode(node).decode()}\n" for node in self.proof)
        return f"old {self.old}\n{proof}\n{self.note}"


class BehindError(ConflictError):
    """The proof does not lead from the size that the witness knows. size : that size"""

    title = "The witness knows another size"

    def __init__(self, size: int) -> None:
        super().__init__(f"I know this log with {size} events.", "old", "Prove consistency from that size.")
        self.size = size


class InconsistentError(KitaranError):
    """The checkpoint does not follow from the one that the witness knows: a fork."""

    exit_code = 3
    title = "This is another history"


def read_request(text: str) -> Request:
    """Raises InputError if it has another form."""
    head, gap, note = text.partition("\n\n")
    first, *coded = head.split("\n")
    found = _OLD.fullmatch(first)
    proof = [base64_bytes(line) for line in coded]
    hashes = tuple(node for node in proof if node is not None)
    if found is None or not gap or len(hashes) != len(proof) or len(proof) > MOST_PROOF:
        raise InputError(
            "This is not a request to a witness.",
            "",
            "Send `old SIZE`, the proof, an empty line and the checkpoint.",
        )
    return Request(int(found[1]), hashes, read_note(note))


class Witness:
    """One witness of one or several logs."""

    def __init__(self, name: str, key: Ed25519PrivateKey, logs: Sequence[NoteKey], memory: Path) -> None:
        self.key = NoteKey(check_name(name, "--name"), WITNESS, public_bytes(key))
        self._private = key
        self._logs = {log.name: log for log in logs}
        self._memory = memory
        self._busy = Lock()

    def answer(self, request: Request) -> str:
        """The cosignature line, once the checkpoint is remembered.

        Raises NotFoundError (a log that I do not watch), NotAllowedError (not signed by that log),
        BehindError (the proof leads from another size than I know) or InconsistentError (it does not follow).
        """
        checkpoint = request.note.checkpoint
        log = self._logs.get(checkpoint.origin)
        if log is None:
            raise NotFoundError(f"I do not watch {checkpoint.origin}.", "origin", "Ask its witness.")
        if not request.note.signed_by(log):
            raise NotAllowedError("The checkpoint is not signed by this log.", "signature", "Sign it first.")
        memory = LastSigned(self._memory / log.id.hex())
        with self._busy, memory.alone():
            _check(request, memory.read())
            memory.write(request.note)
            return cosign(checkpoint, self.key.name, self._private, clock.now_ms() // 1000)


def _check(request: Request, known: Note | None) -> None:
    checkpoint = request.note.checkpoint
    size = 0 if known is None else known.checkpoint.size
    if request.old != size:
        raise BehindError(size)
    if known is None:
        if request.proof:
            raise InconsistentError("From nothing there is no proof.", "proof", "Send none.")
        return
    if not verify_consistency(
        size, checkpoint.size, list(request.proof), known.checkpoint.root, checkpoint.root
    ):
        raise InconsistentError(
            f"The checkpoint of {checkpoint.size} events does not follow from the one of {size} that I know.",
            checkpoint.origin,
            "One of the two is a fork: find out which copy of the log others hold.",
        )
