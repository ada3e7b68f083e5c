"""API tokens: shown once, kept as a hash. A token says who asks; what is signed says who acts.

A token may do less than its operator: its scopes say whether it reads or records, its roles with which of
the operator's roles it asks. Its id is the beginning of its hash, which lets nobody in.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, get_args

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.registry.parties import secret_values
from kitaran.registry.parties import tables as t
from kitaran.registry.parties.access_acts import record

PREFIX: Final = "kitaran_"
Scope = Literal["read", "record"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
LASTS: Final = timedelta(days=365)
"""How long a token lasts when nobody says otherwise."""
_ID_LETTERS: Final = 16


@dataclass(frozen=True)
class Token:
    """A token as it may be looked at; the token itself is nowhere.

    scopes : what it may do; roles : with which roles of its operator, None for all of them
    """

    id: str
    operator: str
    label: str
    scopes: frozenset[str]
    roles: frozenset[str] | None
    made_at: str
    made_by: str | None
    valid_until: str | None
    ended_at: str | None
    used_on: str | None

    def valid_at(self, moment: datetime) -> bool:
        at = stamp(moment)
        return self.ended_at is None and (self.valid_until is None or at < self.valid_until)


def make(
    connection: Connection,
    operator_id: str,
    valid_until: datetime | None = None,
    label: str = "",
    scopes: Iterable[str] = SCOPES,
    roles: Iterable[str] | None = None,
    by: str | None = None,
) -> str:
    """A new token of an operator. It is not kept: who loses it renews it or asks for another.

    Raises InputError if a scope is unknown or none is given.
    """
    given = sorted(set(scopes))
    if not given or not set(given) <= set(SCOPES):
        raise InputError("There is no such scope.", "scopes", f"Give some of {', '.join(SCOPES)}.")
    token = PREFIX + secrets.token_urlsafe(32)
    row = {
        "digest": secret_values.digest(token),
        "operator": operator_id,
        "made_at": stamp(),
        "valid_until": None if valid_until is None else stamp(valid_until),
        "label": label.strip()[:200],
        "scopes": given,
        "roles": None if roles is None else sorted(set(roles)),
        "made_by": by,
    }
    connection.execute(sa.insert(t.token), [row])
    return token


_FIND: Final = sa.select(t.token).where(t.token.c.digest == sa.bindparam("digest"))
"""Every request asks this: it is built once."""


def find(connection: Connection, token: str, at: datetime | None = None) -> Token | None:
    """The valid token; None if it is nobody's, has ended or is too old."""
    row = connection.execute(_FIND, {"digest": secret_values.digest(token)}).first()
    found = None if row is None else _token(row)
    return found if found is not None and found.valid_at(at or now()) else None


def owner(connection: Connection, token: str, at: datetime | None = None) -> str | None:
    """The operator whose token it is, None if it is nobody's or has ended."""
    found = find(connection, token, at)
    return None if found is None else found.operator


def every(connection: Connection, operator_id: str | None = None) -> list[Token]:
    """All tokens, or those of one operator, ended ones too, newest first."""
    query = sa.select(t.token).order_by(t.token.c.made_at.desc(), t.token.c.digest)
    if operator_id is not None:
        query = query.where(t.token.c.operator == operator_id)
    return [_token(row) for row in connection.execute(query).all()]


def get(connection: Connection, token_id: str, operator_id: str | None = None) -> Token:
    """The token of an id, only of this operator if one is named. Raises NotFoundError if there is none."""
    for token in every(connection, operator_id):
        if token.id == token_id:
            return token
    raise NotFoundError("There is no such token.", token_id, "Look at the list of tokens.")


def end(connection: Connection, token: Token, by: str | None = None) -> None:
    """Let a token do nothing more."""
    _end(connection, token)
    record(connection, "token_ended", operator=token.operator, by=by)


def renew(connection: Connection, token: Token, valid_until: datetime | None, by: str | None = None) -> str:
    """A new token that may do what this one may; this one ends. Raises InputError if it has ended before."""
    if not token.valid_at(now()):
        raise InputError("This token has ended.", token.id, "Make a new one.")
    _end(connection, token)
    renewed = make(
        connection, token.operator, valid_until, token.label, token.scopes, token.roles, by or token.made_by
    )
    record(connection, "token_renewed", operator=token.operator, by=by)
    return renewed


def end_all(connection: Connection, operator_id: str) -> int:
    """End every token of an operator; how many there were."""
    return connection.execute(sa.delete(t.token).where(t.token.c.operator == operator_id)).rowcount


def note_use(connection: Connection, token: Token) -> None:
    """Write down the day on which a token was used last."""
    _update(connection, token, used_on=stamp()[:10])


def _end(connection: Connection, token: Token) -> None:
    _update(connection, token, ended_at=stamp())


def _update(connection: Connection, token: Token, **values: Any) -> None:
    these = sa.select(t.token.c.digest).where(t.token.c.operator == token.operator)
    digest = next(d for d in connection.execute(these).scalars() if d.hex()[:_ID_LETTERS] == token.id)
    connection.execute(sa.update(t.token).where(t.token.c.digest == digest).values(**values))


def _token(row: sa.Row[Any]) -> Token:
    return Token(
        row.digest.hex()[:_ID_LETTERS],
        row.operator,
        row.label or "",
        frozenset(SCOPES if row.scopes is None else row.scopes),
        None if row.roles is None else frozenset(row.roles),
        row.made_at,
        row.made_by,
        row.valid_until,
        row.ended_at,
        row.used_on,
    )
