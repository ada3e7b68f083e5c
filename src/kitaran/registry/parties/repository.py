"""Every query on the parties. Each function works on a connection that its caller opened."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.parties import tables as t


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator with the roles that it holds at a time."""

    id: str
    name: str
    economy: str | None
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its id here, the authority's number, and from when until when (UTC, text) it holds."""

    id: str
    number: str
    authority: str
    activities: tuple[str, ...]
    valid_from: str
    valid_until: str | None

    def valid_at(self, moment: datetime) -> bool:
        at = stamp(moment)
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


# Every request and every event asks these three: they are built once.
_OPERATOR: Final = sa.select(t.operator).where(t.operator.c.operator == sa.bindparam("operator"))
_ROLES: Final = sa.select(t.role.c.role, t.role.c.valid_from, t.role.c.valid_until).where(
    t.role.c.operator == sa.bindparam("operator")
)
_KEY: Final = sa.select(t.key).where(t.key.c.key_id == sa.bindparam("key"))


def operator(connection: Connection, operator_id: str, at: datetime) -> Operator | None:
    """The operator as it stood at a time; None if nobody has this id."""
    found = connection.execute(_OPERATOR, {"operator": operator_id}).first()
    if found is None:
        return None
    return Operator(found.operator, found.name, found.economy, roles(connection, operator_id, at))


def operators(connection: Connection, at: datetime) -> list[Operator]:
    """Every operator as it stood at a time, by name."""
    rows = connection.execute(sa.select(t.operator).order_by(t.operator.c.name, t.operator.c.operator))
    return [Operator(r.operator, r.name, r.economy, roles(connection, r.operator, at)) for r in rows.all()]


def names_of(connection: Connection, ids: Iterable[str] | None = None) -> dict[str, str]:
    """Names by id: of those of these operators that there are, or of all."""
    c = t.operator.c
    query = sa.select(c.operator, c.name)
    if ids is None:
        return {one.operator: one.name for one in connection.execute(query)}
    wanted, found = sorted(set(ids)), dict[str, str]()
    for start in range(0, len(wanted), 500):
        some = query.where(c.operator.in_(wanted[start : start + 500]))
        found |= {one.operator: one.name for one in connection.execute(some)}
    return found


def names(connection: Connection) -> list[str]:
    """The name of every operator."""
    return list(connection.execute(sa.select(t.operator.c.name)).scalars())


def same_name(name: str) -> str:
    """Equal for two names that a reader would take for one: case, width and blanks do not tell them apart."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def roles(connection: Connection, operator_id: str, at: datetime) -> frozenset[str]:
    """Roles that an operator held at a time."""
    known = _READ.get(connection)
    if known is None:
        known = _READ[connection] = _RolesRead()
    found = known.held.get((operator_id, at))
    if found is None:
        moment = stamp(at)
        found = known.held[operator_id, at] = frozenset(
            role
            for role, since, until in _role_spans(connection, operator_id, known)
            if since <= moment and (until is None or moment < until)
        )
    return found


@dataclass
class _RolesRead:
    """What one connection (here one transaction) has read of roles: every event of a batch asks twice, and
    all of them for the one time of recording.

    spans : of an operator: role, from when, until when
    held  : roles of an operator at a time
    """

    spans: dict[str, list[tuple[str, str, str | None]]] = field(default_factory=dict)
    held: dict[tuple[str, datetime], frozenset[str]] = field(default_factory=dict)


_READ: Final[WeakKeyDictionary[Connection, _RolesRead]] = WeakKeyDictionary()


def _role_spans(
    connection: Connection, operator_id: str, known: _RolesRead
) -> list[tuple[str, str, str | None]]:
    if operator_id not in known.spans:
        rows = connection.execute(_ROLES, {"operator": operator_id})
        known.spans[operator_id] = [(one[0], one[1], one[2]) for one in rows]
    return known.spans[operator_id]


def forget_roles(connection: Connection) -> None:
    """Read roles anew: whoever has written some in this transaction says so."""
    _READ.pop(connection, None)


def licences(connection: Connection, operator_id: str) -> list[Licence]:
    """Every licence of an operator, past ones too, by the day from which it holds."""
    c = t.licence.c
    rows = connection.execute(sa.select(t.licence).where(c.operator == operator_id).order_by(c.valid_from))
    return [
        Licence(r.licence, r.number, r.authority, tuple(r.activities), r.valid_from, r.valid_until)
        for r in rows
    ]


def key(connection: Connection, key_id: str) -> sa.Row[Any] | None:
    """The row of a key: key_id, operator, public_key, custody, valid_from, valid_until."""
    return connection.execute(_KEY, {"key": key_id}).first()


def keys(connection: Connection, operator_id: str) -> list[sa.Row[Any]]:
    """Every key of an operator, past ones too."""
    c = t.key.c
    query = sa.select(t.key).where(c.operator == operator_id).order_by(c.valid_from, c.key_id)
    return list(connection.execute(query))


def licence_holder(connection: Connection, licence_id: str) -> str | None:
    found = connection.execute(
        sa.select(t.licence.c.operator).where(t.licence.c.licence == licence_id)
    ).scalar()
    return None if found is None else str(found)
