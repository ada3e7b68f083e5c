"""Signed notes, checkpoints and cosignatures, in the formats of C2SP.

A checkpoint is a text of three lines (origin, tree size, root in base64), an empty line, and signature lines:
the log's own, then those of witnesses. A line is `— NAME BASE64`, where the bytes are a key id of 4 bytes
and the signature. The log signs the text; a witness signs `cosignature/v1`, the time of its signing, and
the text. Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature (version 1).
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger.merkle import HASH_BYTES
from kitaran.registry.ledger.signature import PUBLIC_BYTES, public_bytes, verifies

LOG: Final = 1
"""Algorithm byte of a log's key: Ed25519 over the text."""
WITNESS: Final = 4
"""Algorithm byte of a witness's key: Ed25519 over a timestamped cosignature, version 1."""

_DASH = "\u2014"
_NAME = re.compile(r"[^\s+]{1,200}")
_BODY = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n", re.ASCII)


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A verifier key: `NAME+KEYID+BASE64` as text. algorithm : LOG or WITNESS"""

    name: str
    algorithm: int
    public_key: bytes

    @property
    def id(self) -> bytes:
        """The first 4 bytes of SHA-256 of name, line feed, algorithm byte and key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public_key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(bytes([self.algorithm]) + self.public_key)}"


def read_note_key(text: str, algorithm: Literal[1, 4]) -> NoteKey:
    """The key that a text names. Raises InputError if it is none, or of another algorithm."""
    parts = text.strip().split("+", 2)
    raw = base64_bytes(parts[2]) if len(parts) == 3 else None
    if raw is not None and len(raw) == 1 + PUBLIC_BYTES and raw[0] == algorithm and _NAME.fullmatch(parts[0]):
        key = NoteKey(parts[0], algorithm, raw[1:])
        if parts[1] == key.id.hex():
            return key
    raise InputError(
        f"{text[:80]!r} is not the verifier key of a {'log' if algorithm == LOG else 'witness'}.",
        "",
        "Copy it whole: NAME+KEYID+BASE64, as its owner's program prints it.",
    )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself at one size."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The signed text, with the line feed at its end."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint with its signature lines."""

    checkpoint: Checkpoint
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return self.checkpoint.text() + "\n" + "".join(f"{line}\n" for line in self.lines)

    def signed_by(self, key: NoteKey) -> bool:
        """Whether one of the lines is this key's good signature."""
        return any(_line_verifies(line, key, self.checkpoint) for line in self.lines)

    def witnessed(self, lines: Iterable[str]) -> Note:
        """The note with these cosignature lines below its own."""
        return replace(self, lines=(*self.lines, *lines))


def check_name(name: str, place: str) -> str:
    """Raises InputError if this cannot name a log or a witness."""
    if _NAME.fullmatch(name):
        return name
    raise InputError(
        f"{name!r} cannot name a log or a witness.",
        place,
        "Use an address without spaces and +: example.org/log",
    )


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> Note:
    """The checkpoint signed by its log, whose key bears the origin as its name."""
    name = NoteKey(checkpoint.origin, LOG, public_bytes(key))
    signature = key.sign(checkpoint.text().encode())
    return Note(checkpoint, (f"{_DASH} {name.name} {_base64(name.id + signature)}",))


def cosign(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey, seconds: int) -> str:
    """A witness's line: that it saw this checkpoint follow from all that it saw before. seconds : Unix
    time
    """
    witness = NoteKey(name, WITNESS, public_bytes(key))
    signature = key.sign(_cosigned(checkpoint, seconds))
    return f"{_DASH} {name} {_base64(witness.id + seconds.to_bytes(8, 'big') + signature)}"


def read_note(text: str) -> Note:
    """The checkpoint and the lines in a text; no signature is checked. Raises InputError if it is no such
    note.
    """
    body, gap, tail = text.partition("\n\n")
    found = _BODY.fullmatch(body + "\n")
    lines = tail.split("\n")
    if found is None or not gap or lines.pop() != "" or not lines:
        raise _no_note(text)
    if not all(line.startswith(f"{_DASH} ") and len(line.split(" ")) == 3 for line in lines):
        raise _no_note(text)
    root = base64_bytes(found[3])
    if root is None or len(root) != HASH_BYTES:
        raise _no_note(text)
    return Note(Checkpoint(found[1], int(found[2]), root), tuple(lines))


def _no_note(text: str) -> InputError:
    return InputError(
        f"This is not a signed checkpoint: {text[:60]!r}.", "", "Give the note whole, with its empty line."
    )


def _line_verifies(line: str, key: NoteKey, checkpoint: Checkpoint) -> bool:
    name, _, coded = line.removeprefix(f"{_DASH} ").partition(" ")
    raw = base64_bytes(coded)
    if raw is None or name != key.name or raw[:4] != key.id:
        return False
    if key.algorithm == LOG:
        return verifies(key.public_key, checkpoint.text().encode(), raw[4:])
    return verifies(key.public_key, _cosigned(checkpoint, int.from_bytes(raw[4:12], "big")), raw[12:])


def _cosigned(checkpoint: Checkpoint, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{checkpoint.text()}".encode()


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


def base64_bytes(text: str) -> bytes | None:
    """The bytes that this base64 spells, if it is their one spelling."""
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        return None
    return content if _base64(content) == text else None
