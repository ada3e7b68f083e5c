"""Every query on the passports. Each function works on a connection that its caller opened."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.passport import tables as t
from kitaran.registry.passport.names import code_alias
from kitaran.registry.passport.schemas import READING, SHORTEST_CODE

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Model:
    """One version of a model. content : attributes that everyone may read"""

    id: str
    version: int
    operator: str
    at: str
    content: dict[str, Any]
    seq: int


@dataclass(frozen=True, slots=True)
class Battery:
    """A battery or lot as the log has it.

    origin : issued, or taken_in without a passport
    state  : in_force, repurposed, ceased or revoked: of the passport
    status : original, reused, repurposed, remanufactured or waste: of the battery
    """

    id: str
    operator: str
    model: str | None
    serial_number: str | None
    origin: str
    state: str
    status: str
    content: dict[str, Any]
    predecessor: str | None
    successor: str | None
    at: str
    seq: int


def model(connection: Connection, model_id: str, version: int | None = None) -> Model | None:
    """A version of a model, by default the newest; None if there is none."""
    query = sa.select(t.model).where(t.model.c.model == model_id).order_by(t.model.c.version.desc()).limit(1)
    if version is not None:
        query = query.where(t.model.c.version == version)
    found = connection.execute(query).first()
    return None if found is None else _model(found)


def models(connection: Connection, operator: str | None = None) -> list[Model]:
    """The newest version of every model, or of those of one operator."""
    c = t.model.c
    newest = sa.select(c.model, sa.func.max(c.version).label("version")).group_by(c.model).subquery()
    query = sa.select(t.model).join(newest, sa.and_(c.model == newest.c.model, c.version == newest.c.version))
    if operator is not None:
        query = query.where(c.operator == operator)
    return [_model(one) for one in connection.execute(query.order_by(c.model))]


def versions(connection: Connection, model_id: str) -> list[Model]:
    """Every version of a model, oldest first."""
    query = sa.select(t.model).where(t.model.c.model == model_id).order_by(t.model.c.version)
    return [_model(one) for one in connection.execute(query)]


def owners(connection: Connection, model_ids: Collection[str]) -> dict[str, str]:
    """The operator of each of these models that there is."""
    query = sa.select(t.model.c.model, t.model.c.operator).where(t.model.c.model.in_(sorted(model_ids)))
    return {one.model: one.operator for one in connection.execute(query.distinct())}


def battery(connection: Connection, battery_id: str) -> Battery | None:
    """The battery; None if nothing has this id."""
    found = connection.execute(
        sa.select(t.battery).where(t.battery.c.battery == _askable(battery_id))
    ).first()
    return None if found is None else _battery(found)


def named(connection: Connection, text: str) -> Battery | None:
    """The battery that has this id, or else this code on its label; None if there is none."""
    found = battery(connection, text)
    if found is not None or len(text) < SHORTEST_CODE:
        return found
    try:
        by_code = batteries(connection, None, limit=1, code=code_alias(text))
    except InputError:
        return None
    return by_code[0] if by_code else None


def batteries(
    connection: Connection,
    operator: str | None,
    after: str = "",
    limit: int = 100,
    serial_number: str | None = None,
    code: tuple[str, str] | None = None,
    besides: sa.Select[tuple[str]] | None = None,
) -> list[Battery]:
    """Batteries in the order of their ids, of one operator or of all; narrowed to a serial number or code.

    besides : a query of ids that count as the operator's too
    """
    c = t.battery.c
    query = sa.select(t.battery).where(c.battery > _askable(after)).order_by(c.battery).limit(limit)
    if operator is not None:
        others = [] if besides is None else [c.battery.in_(besides)]
        query = query.where(sa.or_(c.operator == operator, *others))
    if serial_number is not None:
        query = query.where(c.serial_number == _askable(serial_number))
    if code is not None:
        value = _askable(code[1])
        named = sa.select(t.alias.c.battery).where(t.alias.c.scheme == code[0], t.alias.c.value == value)
        query = query.where(c.battery.in_(named))
    return [_battery(one) for one in connection.execute(query)]


def aliases(connection: Connection, battery_id: str) -> list[tuple[str, str]]:
    """Schemes and values under which the battery is known, its serial number included."""
    c = t.alias.c
    query = sa.select(c.scheme, c.value).where(c.battery == battery_id).order_by(c.scheme, c.value)
    return [(one.scheme, one.value) for one in connection.execute(query)]


def taken(connection: Connection, names: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these aliases (scheme, value) belong to a battery already."""
    c, found = t.alias.c, set()
    for scheme in sorted({scheme for scheme, _ in names}):
        wanted = sorted({value for kind, value in names if kind == scheme})
        for start in range(0, len(wanted), _AT_ONCE):
            query = sa.select(c.value).where(
                c.scheme == scheme, c.value.in_(wanted[start : start + _AT_ONCE])
            )
            found |= {(scheme, str(value)) for value in connection.execute(query).scalars()}
    return found


def steps(connection: Connection, battery_id: str) -> Iterator[dict[str, Any]]:
    """What happened to the battery, in the order of the log: kind, at, by, seq and what the event says."""
    c = t.step.c
    for one in connection.execute(sa.select(t.step).where(c.battery == battery_id).order_by(c.seq)):
        yield {
            "kind": one.kind,
            "at": one.at,
            "by": one.by,
            "seq": one.seq,
            "says": canonical.loads(one.content),
        }


def readings(connection: Connection, battery_id: str) -> list[dict[str, Any]]:
    """Every reading of the battery that is still kept, in the order of the log."""
    taken_at = {one["seq"]: one for one in steps(connection, battery_id) if one["kind"] == "reading_taken"}
    return [
        {
            **canonical.loads(one.content),
            "at": taken_at[one.seq]["at"],
            "by": taken_at[one.seq]["by"],
            "seq": one.seq,
        }
        for one in log.sealed(connection, taken_at)
        if one.name == READING
    ]


def sealed_values(connection: Connection, seq: int, names: Collection[str]) -> dict[str, Any]:
    """Values beside an event under these names."""
    return {
        one.name: canonical.loads(one.content) for one in log.sealed(connection, [seq]) if one.name in names
    }


def _askable(text: str) -> str:
    """A text from outside as both stores take it: PostgreSQL refuses NUL, and nothing is named so."""
    return text.replace("\0", "\ufffd")


def _model(one: sa.Row[Any]) -> Model:
    return Model(one.model, one.version, one.operator, one.at, canonical.loads(one.content), one.seq)


def _battery(one: sa.Row[Any]) -> Battery:
    return Battery(
        one.battery,
        one.operator,
        one.model,
        one.serial_number,
        one.origin,
        one.state,
        one.status,
        canonical.loads(one.content),
        one.predecessor,
        one.successor,
        one.at,
        one.seq,
    )
