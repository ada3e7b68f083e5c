"""Ed25519 keys and signatures (RFC 8032), by the cryptography library.

A key's id is the SHA-256 of its 32 bytes in hexadecimal: an event that names the id names the key itself,
and no table of keys can be bent to another.
"""

from __future__ import annotations

import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from kitaran.foundation.disk import explain
from kitaran.foundation.errors import InputError

PUBLIC_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_OWNER_ONLY = 0o600
_SMALL_ORDER: Final = frozenset(
    bytes.fromhex(y)
    for y in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
"""The y of every point whose order divides 8, without the sign of x; p and p + 1 also spell 0 and 1."""


def key_id(public_key: bytes) -> str:
    """SHA-256 of the key's 32 bytes, 64 hexadecimal digits."""
    return sha256(public_key).hexdigest()


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public half."""
    return key.public_key().public_bytes_raw()


def verifies(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` is by this key. False for bytes that are no key or no signature."""
    if len(public_key) != PUBLIC_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        _opened(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=256)
def _opened(public_key: bytes) -> Ed25519PublicKey:
    """The key made ready; a batch is mostly signed by one. ValueError for bytes that are no key."""
    return Ed25519PublicKey.from_public_bytes(public_key)


def is_weak(public_key: bytes) -> bool:
    """Whether these 32 bytes, with either sign, are a point of order 1, 2, 4 or 8."""
    return public_key[:-1] + bytes([public_key[-1] & 0x7F]) in _SMALL_ORDER


def check_public(public_key: bytes, place: str) -> bytes:
    """The key, if it binds its owner.

    Raises InputError for bytes that are no key, and for points of small order: with such a key one signature
    fits every message, and its owner could disown them all.
    """
    if len(public_key) == PUBLIC_BYTES and not is_weak(public_key):
        try:
            Ed25519PublicKey.from_public_bytes(public_key)
        except ValueError:
            pass
        else:
            return public_key
    raise InputError(
        "This is not a sound Ed25519 public key.", place, "Make one: openssl genpkey -algorithm ed25519"
    )


def make_key() -> Ed25519PrivateKey:
    """A new key from the system's randomness."""
    return Ed25519PrivateKey.generate()


def write_private(key: Ed25519PrivateKey, path: Path) -> None:
    """Write the key as PEM that only this user may read. An existing file is never overwritten.

    Raises InputError if there is a file already, WorkspaceError if the system refuses.
    """
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise InputError(
            "There is a file already.", str(path), "Name another file for the new key."
        ) from error
    except OSError as error:
        raise explain(error, path) from error


def read_private(path: Path) -> Ed25519PrivateKey:
    """The Ed25519 private key in a PEM file. Raises InputError if there is none."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unreadable(path, error) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _unreadable(path, "it is of another kind")
    return key


def read_public(path: Path) -> bytes:
    """The 32 bytes of the Ed25519 public key in a PEM file. Raises InputError if there is none."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise _unreadable(path, error) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _unreadable(path, "it is of another kind")
    return check_public(key.public_bytes_raw(), str(path))


def _unreadable(path: Path, why: object) -> InputError:
    return InputError(
        f"No Ed25519 key can be read: {why}.", str(path), "Make one: openssl genpkey -algorithm ed25519"
    )
