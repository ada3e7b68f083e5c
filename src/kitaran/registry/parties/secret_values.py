"""Random values that let someone in, and the digest under which such a value is kept."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Final

_BYTES: Final = 32


def make() -> str:
    """256 random bits, in letters that stand in a cookie, an address and a header."""
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> bytes:
    """What is kept of it. No salt and no slow hash: nobody guesses 256 random bits."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
