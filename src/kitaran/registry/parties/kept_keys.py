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
        """Keep a private key; its id."""
        name, nonce = key_id(public_bytes(key)), secrets.token_bytes(_NONCE_BYTES)
        locked = AESGCM(self._secret()).encrypt(nonce, key.private_bytes_raw(), name.encode())
        connection.execute(sa.insert(t.kept_key), [{"key_id": name, "nonce": nonce, "locked": locked}])
        return name

    def open(self, connection: Connection, name: str) -> Ed25519PrivateKey:
        """The private key of this id.

        Raises NotFoundError if it is not kept here, WorkspaceError if another secret locked it.
        """
        row = connection.execute(sa.select(t.kept_key).where(t.kept_key.c.key_id == name)).first()
        if row is None:
            raise NotFoundError("This key is not kept here.", name, "Its owner signs with it elsewhere.")
        try:
            opened = AESGCM(self._secret()).decrypt(row.nonce, row.locked, name.encode())
        except InvalidTag:
            raise WorkspaceError(
                "The secret beside the database does not open this key.",
                str(self._file),
                "Put the secret back that was there when the key was made.",
            ) from None
        return Ed25519PrivateKey.from_private_bytes(opened)

    def _secret(self) -> bytes:
        try:
            if not self._file.exists():
                self._file.parent.mkdir(parents=True, exist_ok=True)
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
                with os.fdopen(os.open(self._file, flags, _OWNER_ONLY), "wb") as file:
                    file.write(secrets.token_bytes(_SECRET_BYTES))
                    file.flush()
                    os.fsync(file.fileno())
            return self._file.read_bytes()
        except OSError as error:
            raise explain(error, self._file) from error
