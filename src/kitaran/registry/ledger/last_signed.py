"""The last checkpoint that this node signed, kept outside the database.

A database can be put back to an older state, by a restored backup or a copied file; this memory is not put
back with it. Whoever signs compares both first. In a workspace:

keys/log.pem              the log's private key; no backup holds it
ledger/last-checkpoint    the last signed note
ledger/halted             why the log has stopped, if it has
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kitaran.foundation.disk import explain, write_whole
from kitaran.foundation.errors import EvidenceError, InputError
from kitaran.foundation.file_lock import held
from kitaran.registry.ledger.errors import HaltedError
from kitaran.registry.ledger.note import Note, read_note

KEY: Final = Path("keys") / "log.pem"


class LastSigned:
    """The memory of one node, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._note = folder / "last-checkpoint"
        self._halted = folder / "halted"

    def read(self) -> Note | None:
        """The last signed note; None if nothing was signed yet. Raises EvidenceError if the file is
        damaged.
        """
        try:
            text = self._note.read_text("utf-8")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise explain(error, self._note) from error
        try:
            return read_note(text)
        except InputError as error:
            raise EvidenceError(
                "The memory of the last checkpoint is damaged.",
                str(self._note),
                "Put back the newest note that you or a witness hold of this log.",
            ) from error

    def write(self, note: Note) -> None:
        """Remember a note, durably, before anyone sees it."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise explain(error, self._folder) from error
        write_whole(self._note, str(note).encode())

    def size(self) -> int:
        """How many events the last signed checkpoint holds. Raises HaltedError if the log has stopped."""
        if self._halted.exists():
            raise HaltedError(
                self._halted.read_text("utf-8").strip(),
                str(self._halted),
                "Find out which copy of the log others hold; delete this file only when this is that copy.",
            )
        note = self.read()
        return 0 if note is None else note.checkpoint.size

    def halt(self, why: str) -> HaltedError:
        """Stop the log until a person has looked; returns the error to raise."""
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._halted, f"{why}\n".encode())
        return HaltedError(why, str(self._halted), "Find out which copy of the log others hold.")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only process that signs with this memory."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = os.fdopen(os.open(self._folder / "signing", os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        except OSError as error:
            raise explain(error, self._folder) from error
        with file, held(file):
            yield
