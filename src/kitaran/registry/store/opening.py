"""The registry's database of a workspace, brought up to date, and the log's own key and memory beside it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from kitaran.foundation.database import connect, connect_postgres, migrate, reading
from kitaran.foundation.errors import InputError
from kitaran.foundation.settings import Settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.ledger import repository
from kitaran.registry.ledger.checkpoint import Outsider, Signer, ensure_origin
from kitaran.registry.ledger.last_signed import KEY, LastSigned
from kitaran.registry.ledger.note import LOG, NoteKey, check_name
from kitaran.registry.ledger.signature import make_key, public_bytes, read_private, write_private


def open_registry(workspace: Workspace, settings: Settings) -> Engine:
    """The database that `database_url` names, else the workspace's own file; migrated."""
    url = settings.database_url
    engine = connect_postgres(url) if url is not None else connect(workspace.database)
    migrate(engine)
    return engine


def last_signed(workspace: Workspace) -> LastSigned:
    """This node's memory of its last checkpoint."""
    return LastSigned(workspace.root / "ledger")


def log_key(engine: Engine, workspace: Workspace) -> NoteKey | None:
    """The verifier key of the log; None if it has never been signed here."""
    with reading(engine) as connection:
        origin = repository.origin(connection)
    if origin is None or not (workspace.root / KEY).exists():
        return None
    return NoteKey(origin, LOG, public_bytes(read_private(workspace.root / KEY)))


def open_signer(
    engine: Engine, workspace: Workspace, origin: str | None = None, witnesses: Sequence[Outsider] = ()
) -> Signer:
    """The hand that signs this workspace's checkpoints; key and name are made at the first time.

    origin : the log's name, for its first checkpoint only; by default one that no other log has
    Raises InputError if the log was signed before and its key is not here, or it has another name.
    """
    key = _key(engine, workspace)
    name = check_name(origin or f"kitaran.invalid/{secrets.token_hex(8)}", "--origin")
    known = ensure_origin(engine, name)
    if origin is not None and known != origin:
        raise InputError(
            f"This log is named {known}.", "--origin", "A log keeps its name: leave --origin out."
        )
    return Signer(engine, known, key, last_signed(workspace), witnesses)


def _key(engine: Engine, workspace: Workspace) -> Ed25519PrivateKey:
    path = workspace.root / KEY
    if not path.exists():
        if _is_signed(engine):
            raise _not_the_key(path, "is not here")
        write_private(make_key(), path)
    try:
        return read_private(path)
    except InputError as error:
        if _is_signed(engine):  # a new key, which is the remedy elsewhere, would sign for another log
            raise _not_the_key(path, "cannot be read") from error
        raise


def _is_signed(engine: Engine) -> bool:
    with reading(engine) as connection:
        return repository.last_checkpoint(connection) is not None


def _not_the_key(path: Path, how: str) -> InputError:
    return InputError(
        f"This log was signed with a key that {how}.",
        str(path),
        "Put the log's own key there: a backup does not hold it.",
    )
