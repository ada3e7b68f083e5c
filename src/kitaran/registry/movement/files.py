"""The files of documents, beside the log: each under the SHA-256 that the log names; only its bytes fit.

A file is kept for whoever gave it. To name the digest of another's file in a dossier of one's own opens
nothing: who may see that dossier reads what its own givers have sent.
"""

from __future__ import annotations

import re
from collections.abc import Collection
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


def keep(workspace: Workspace, digest: str, content: bytes, giver: str) -> Path:
    """Keep a file for who gave it. Raises InputError if its bytes are not those of the digest."""
    if not _DIGEST.fullmatch(digest) or sha256(content).hexdigest() != digest:
        raise InputError(
            "The file is another than the one that was given.", "body", "Send the bytes of this digest."
        )
    path = _path(workspace, digest, giver)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        write_whole(path, content)
    return path


def check_giver(connection: Connection, digest: str, caller: Operator) -> None:
    """Raises NotFoundError unless the caller has given a document of this digest."""
    c = t.document.c
    query = sa.select(c.given).where(c.digest == digest, c.given_by == caller.id)
    if not digest.isprintable() or connection.execute(query).first() is None:
        raise unseen(digest)


def givers_for(connection: Connection, digest: str, caller: Operator) -> list[str]:
    """Operators that gave a document of this digest to a dossier that the caller may see, the first first.

    Raises NotFoundError if there is none, in the words of a file that is not here.
    """
    if not digest.isprintable():
        raise unseen(digest)
    c = t.document.c
    rows = connection.execute(sa.select(c.subject, c.given_by).where(c.digest == digest).order_by(c.seq))
    found = [one.given_by for one in rows.all() if disclosure.may_see(connection, one.subject, caller)]
    if not found:
        raise unseen(digest)
    return list(dict.fromkeys(found))


def read(workspace: Workspace, digest: str, givers: Collection[str]) -> bytes:
    """The bytes of a file that one of these operators has sent.

    Raises NotFoundError if none has, or it is no longer what it was.
    """
    for giver in givers if _DIGEST.fullmatch(digest) else ():
        path = _path(workspace, digest, giver)
        content = path.read_bytes() if path.is_file() else b""
        if sha256(content).hexdigest() == digest:
            return content
    raise unseen(digest)


def unseen(digest: str) -> NotFoundError:
    """The one answer about a file that is not here, or not for the caller."""
    return NotFoundError("There is no such document for you.", digest, "Look at the dossier.")


def _path(workspace: Workspace, digest: str, giver: str) -> Path:
    return workspace.root / FOLDER / digest[:2] / f"{digest}.{sha256(giver.encode()).hexdigest()[:16]}"
