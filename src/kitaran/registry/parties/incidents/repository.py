"""Every query on the incidents. Each function works on a connection that its caller opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import canonical
from kitaran.registry.parties.facilities import tables as facilities
from kitaran.registry.parties.incidents import tables as t


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident. content : as reported; steps : what was done, in the order of the log"""

    id: str
    what: str
    reported_by: str
    facility: str | None
    happened_at: str
    reported_at: str
    closed_at: str | None
    content: dict[str, Any]
    seq: int
    steps: tuple[dict[str, Any], ...] = ()


def incident(connection: Connection, incident_id: str) -> Incident | None:
    """The incident with its steps; None if nothing has this id."""
    found = connection.execute(sa.select(t.incident).where(t.incident.c.incident == incident_id)).first()
    if found is None:
        return None
    c = t.step.c
    rows = connection.execute(sa.select(t.step).where(c.incident == incident_id).order_by(c.seq))
    steps = tuple({"at": r.at, "by": r.by, **canonical.loads(r.content)} for r in rows)
    return _incident(found, steps)


def incidents(connection: Connection, operator: str | None = None) -> list[Incident]:
    """Every incident, newest first; or those that an operator reported or that happened at its facilities."""
    c = t.incident.c
    query = sa.select(t.incident).order_by(c.happened_at.desc(), c.incident)
    if operator is not None:
        own = sa.select(facilities.facility.c.facility).where(facilities.facility.c.operator == operator)
        query = query.where(sa.or_(c.reported_by == operator, c.facility.in_(own)))
    return [_incident(one) for one in connection.execute(query)]


def of_subject(connection: Connection, subject: str) -> list[str]:
    """Ids of the incidents of an item, lot or model."""
    query = sa.select(t.subject.c.incident).where(t.subject.c.subject == subject).distinct()
    return sorted(connection.execute(query).scalars())


def _incident(one: sa.Row[Any], steps: tuple[dict[str, Any], ...] = ()) -> Incident:
    return Incident(
        one.incident,
        one.what,
        one.reported_by,
        one.facility,
        one.happened_at,
        one.reported_at,
        one.closed_at,
        canonical.loads(one.content),
        one.seq,
        steps,
    )
