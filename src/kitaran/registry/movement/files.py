"""The files of documents, beside the log: each under the SHA-256 that the log names; only its bytes fit."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.disk import write_whole
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.movement import disclosure
from kitaran.registry.movement import tables as t
from kitaran.registry.parties.repository import Operator

FOLDER: Final = "documents"
MOST_BYTES: Final = 50_000_000
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def keep(workspace: Workspace, digest: str, content: bytes) -> Path:
    """Keep a file. Raises InputError if its bytes are not those of the digest."""
    if not _DIGEST.fullmatch(digest) or sha256(content).hexdigest() != digest:
        raise InputError(
            "The file is another than the one that was given.", "body", "Send the bytes of this digest."
        )
    path = _path(workspace, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        write_whole(path, content)
    return path


def read(workspace: Workspace, digest: str) -> bytes:
    """The bytes of a file. Raises NotFoundError if it is not here, or is no longer what it was."""
    path = _path(workspace, digest)
    content = path.read_bytes() if _DIGEST.fullmatch(digest) and path.is_file() else b""
    if sha256(content).hexdigest() != digest:
        raise unseen(digest)
    return content


def here(workspace: Workspace, digest: str) -> bool:
    """Whether the file of a digest is kept here."""
    return bool(_DIGEST.fullmatch(digest)) and _path(workspace, digest).is_file()


def check_giver(connection: Connection, digest: str, caller: Operator) -> None:
    """Raises NotFoundError unless the caller has given a document of this digest."""
    c = t.document.c
    query = sa.select(c.given).where(c.digest == digest, c.given_by == caller.id)
    if not digest.isprintable() or connection.execute(query).first() is None:
        raise unseen(digest)


def check_reader(connection: Connection, digest: str, caller: Operator) -> None:
    """Raises NotFoundError unless the caller may see a dossier in which a document of this digest stands."""
    if digest.isprintable():
        c = t.document.c
        subjects = connection.execute(sa.select(c.subject).where(c.digest == digest).distinct()).scalars()
        if any(disclosure.may_see(connection, subject, caller) for subject in subjects.all()):
            return
    raise unseen(digest)


def unseen(digest: str) -> NotFoundError:
    """The one answer about a file that is not here, or not for the caller."""
    return NotFoundError("There is no such document for you.", digest, "Look at the dossier.")


def _path(workspace: Workspace, digest: str) -> Path:
    return workspace.root / FOLDER / digest[:2] / digest
