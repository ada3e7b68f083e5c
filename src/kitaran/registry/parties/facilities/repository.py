"""Every query on the facilities. Each function works on a connection that its caller opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.ledger import canonical
from kitaran.registry.parties import tables as parties
from kitaran.registry.parties.facilities import tables as t


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility as it stood at a time. description : the fields of `schemas.Description`"""

    id: str
    operator: str
    operator_name: str
    opened_at: str
    closed_at: str | None
    description: dict[str, Any]

    def open_at(self, at: datetime) -> bool:
        return self.opened_at <= stamp(at) and (self.closed_at is None or stamp(at) < self.closed_at)


@dataclass(frozen=True, slots=True)
class Dated:
    """A permit or a pre-consent: its fields, and from when until when (UTC, text) it holds."""

    id: str
    facility: str
    content: dict[str, Any]
    valid_from: str
    valid_until: str | None

    def valid_at(self, at: datetime) -> bool:
        moment = stamp(at)
        return self.valid_from <= moment and (self.valid_until is None or moment < self.valid_until)


def facility(connection: Connection, facility_id: str, at: datetime) -> Facility | None:
    """The facility as it stood at a time, or as it began if that was later; None if nothing has this id."""
    c = t.facility.c
    found = connection.execute(_with_names().where(c.facility == facility_id)).first()
    return None if found is None else _facility(connection, found, at)


def facilities(connection: Connection, at: datetime, operator: str | None = None) -> list[Facility]:
    """Every facility as it stands at a time, or those of one operator, by id."""
    query = _with_names().order_by(t.facility.c.facility)
    if operator is not None:
        query = query.where(t.facility.c.operator == operator)
    return [_facility(connection, one, at) for one in connection.execute(query).all()]


def names_of(connection: Connection, ids: Iterable[str], at: datetime) -> dict[str, str]:
    """Names at a time of those of these facilities that there are, by id; empty ids are passed over."""
    found = (facility(connection, one, at) for one in sorted(set(ids) - {""}))
    return {one.id: str(one.description["name"]) for one in found if one is not None}


def owner(connection: Connection, facility_id: str) -> str | None:
    """The operator of a facility; None if nothing has this id."""
    found = connection.execute(
        sa.select(t.facility.c.operator).where(t.facility.c.facility == facility_id)
    ).scalar()
    return None if found is None else str(found)


def permits(connection: Connection, facility_id: str) -> list[Dated]:
    """Every permit of a facility, past ones too, by the day from which it holds."""
    return _dated(connection, t.permit, t.permit.c.permit, facility_id)


def preconsents(connection: Connection, facility_id: str) -> list[Dated]:
    """Every pre-consent of a facility, past ones too, by the day from which it holds."""
    return _dated(connection, t.preconsent, t.preconsent.c.preconsent, facility_id)


def facility_of(connection: Connection, column: sa.Column[str], value: str) -> str | None:
    """The facility of the permit or pre-consent that has this id."""
    found = connection.execute(sa.select(column.table.c.facility).where(column == value)).scalar()
    return None if found is None else str(found)


def releases(connection: Connection, facility_id: str) -> list[dict[str, Any]]:
    """What was reported to the environment from a facility, newest first, each with who reported it."""
    query = sa.select(t.release).where(t.release.c.facility == facility_id).order_by(t.release.c.seq.desc())
    return [
        {**canonical.loads(one.content), "reported_by": one.reported_by, "seq": one.seq}
        for one in connection.execute(query)
    ]


def _with_names() -> sa.Select[Any]:
    o = parties.operator.c
    return sa.select(*t.facility.c, o.name.label("operator_name")).join_from(
        t.facility, parties.operator, o.operator == t.facility.c.operator
    )


def _facility(connection: Connection, one: sa.Row[Any], at: datetime) -> Facility:
    c = t.form.c
    forms = sa.select(c.content).where(c.facility == one.facility)
    then = forms.where(c.valid_from <= stamp(at)).order_by(c.valid_from.desc()).limit(1)
    content = (
        connection.execute(then).scalar()
        or connection.execute(forms.order_by(c.valid_from).limit(1)).scalar()
    )
    return Facility(
        one.facility,
        one.operator,
        one.operator_name,
        one.opened_at,
        one.closed_at,
        canonical.loads(content or "{}"),
    )


def _dated(connection: Connection, table: sa.Table, name: sa.Column[str], facility_id: str) -> list[Dated]:
    query = sa.select(table).where(table.c.facility == facility_id).order_by(table.c.valid_from, name)
    return [
        Dated(one[0], one.facility, canonical.loads(one.content), one.valid_from, one.valid_until)
        for one in connection.execute(query)
    ]
