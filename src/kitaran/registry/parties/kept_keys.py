"""Private keys that the node keeps for people who sign with a click: encrypted, and never a client's own.

The secret that opens them lies beside the database, not in it: a backup of the database alone opens nothing.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from kitaran.foundation.disk import explain
from kitaran.foundation.errors import NotFoundError, WorkspaceError
from kitaran.foundation.file_lock import held
from kitaran.registry.ledger.signature import key_id, public_bytes
from kitaran.registry.parties import tables as t

_NONCE_BYTES: Final = 12
_SECRET_BYTES: Final = 32
_OWNER_ONLY: Final = 0o600


class KeptKeys:
    """Keys under the secret in a file, which is made at the first use."""

    def __init__(self, secret_file: Path) -> None:
        self._file = secret_file

    def keep(self, connection: Connection, key: Ed25519PrivateKey) -> str:
        """Keep a private key; its id. Raises WorkspaceError as `open` does."""
        name, nonce = key_id(public_bytes(key)), secrets.token_bytes(_NONCE_BYTES)
        locked = AESGCM(self._secret(connection)).encrypt(nonce, key.private_bytes_raw(), name.encode())
        connection.execute(sa.insert(t.kept_key), [{"key_id": name, "nonce": nonce, "locked": locked}])
        return name

    def open(self, connection: Connection, name: str) -> Ed25519PrivateKey:
        """The private key of this id.

        Raises NotFoundError if it is not kept here, WorkspaceError if its secret is not here.
        """
        row = connection.execute(sa.select(t.kept_key).where(t.kept_key.c.key_id == name)).first()
        if row is None:
            raise NotFoundError("This key is not kept here.", name, "Its owner signs with it elsewhere.")
        try:
            opened = AESGCM(self._secret(connection)).decrypt(row.nonce, row.locked, name.encode())
        except InvalidTag:
            raise WorkspaceError(
                "The secret beside the database does not open this key.",
                str(self._file),
                "Put the secret back that was there when the key was made.",
            ) from None
        return Ed25519PrivateKey.from_private_bytes(opened)

    def forget(self, connection: Connection, name: str) -> None:
        """Keep it no more, if it was kept."""
        connection.execute(sa.delete(t.kept_key).where(t.kept_key.c.key_id == name))

    def _secret(self, connection: Connection) -> bytes:
        """The secret; made if nothing is locked yet, for a second one would part the keys in two."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.with_suffix(".secret.lock").open("wb") as door, held(door):
                if not self._file.exists():
                    self._refuse_a_second(connection)
                    self._make()
                found = self._file.read_bytes()
        except OSError as error:
            raise explain(error, self._file) from error
        if len(found) != _SECRET_BYTES:
            cause = f"The secret has {len(found)} bytes, not {_SECRET_BYTES}."
            raise WorkspaceError(cause, str(self._file), "Put the whole file back.")
        return found

    def _refuse_a_second(self, connection: Connection) -> None:
        if connection.execute(sa.select(t.kept_key.c.key_id).limit(1)).first() is not None:
            raise WorkspaceError(
                "The secret that opens the kept keys is gone.",
                str(self._file),
                "Put the secret back that was there when the keys were made: a backup does not hold it.",
            )

    def _make(self) -> None:
        """Whole or not at all: under another name first."""
        new = self._file.with_suffix(".secret.new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY), "wb") as file:
            file.write(secrets.token_bytes(_SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._file)
