"""API tokens: shown once, kept as a hash. A token says who asks; what is signed says who acts."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import now, stamp
from kitaran.registry.parties import tables as t

PREFIX: Final = "kitaran_"


def make(connection: Connection, operator_id: str, valid_until: datetime | None = None) -> str:
    """A new token of an operator. It is not kept: who loses it asks for another."""
    token = PREFIX + secrets.token_urlsafe(32)
    row = {
        "digest": _digest(token),
        "operator": operator_id,
        "made_at": stamp(),
        "valid_until": None if valid_until is None else stamp(valid_until),
    }
    connection.execute(sa.insert(t.token), [row])
    return token


def owner(connection: Connection, token: str, at: datetime | None = None) -> str | None:
    """The operator whose token it is, None if it is nobody's or has ended."""
    row = connection.execute(sa.select(t.token).where(t.token.c.digest == _digest(token))).first()
    if row is None or (row.valid_until is not None and row.valid_until <= stamp(at or now())):
        return None
    return str(row.operator)


def end_all(connection: Connection, operator_id: str) -> int:
    """End every token of an operator; how many there were."""
    return connection.execute(sa.delete(t.token).where(t.token.c.operator == operator_id)).rowcount


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
