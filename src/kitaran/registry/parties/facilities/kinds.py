"""Events of facilities. Each names the item `facility/ID`, so that its history is that of the facility."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.parties import standing
from kitaran.registry.parties.facilities import repository, schemas
from kitaran.registry.parties.facilities import tables as t


def item_of(facility_id: str) -> str:
    """The item under which the history of a facility stands."""
    return f"facility/{facility_id}"


def _registers(connection: Connection, event: Event, at: datetime) -> None:
    standing.check_manages(connection, event, at)
    standing.check_item(event, item_of(event.payload["facility"]))
    standing.check_operator(connection, event.payload["operator"])
    standing.check_new(connection, t.facility.c.facility, event.payload["facility"], "facility")


def _manages(connection: Connection, event: Event, at: datetime) -> None:
    """Only the node, an administrator or an authority, about a facility that is here."""
    standing.check_manages(connection, event, at)
    _is_here(connection, event)


def _is_here(connection: Connection, event: Event) -> str:
    """The operator of the facility that the event names."""
    found = repository.owner(connection, event.payload["facility"])
    if found is None:
        raise standing.nobody("facility", "$.payload.facility")
    standing.check_item(event, item_of(event.payload["facility"]))
    return found


def _permits(connection: Connection, event: Event, at: datetime) -> None:
    _manages(connection, event, at)
    standing.check_span(event)
    standing.check_new(connection, t.permit.c.permit, event.payload["permit"], "permit")


def _preconsents(connection: Connection, event: Event, at: datetime) -> None:
    _manages(connection, event, at)
    standing.check_span(event)
    standing.check_new(connection, t.preconsent.c.preconsent, event.payload["preconsent"], "pre-consent")


def _ends(column: sa.Column[str], what: str) -> Any:
    def authorise(connection: Connection, event: Event, at: datetime) -> None:
        standing.check_manages(connection, event, at)
        found = repository.facility_of(connection, column, event.payload[column.name])
        if found is None:
            raise standing.nobody(what, f"$.payload.{column.name}")
        standing.check_item(event, item_of(found))

    return authorise


def _reports(connection: Connection, event: Event, at: datetime) -> None:
    """The facility's operator, or whoever manages parties, about a period that is over."""
    standing.check_speaks_for(connection, event, at, _is_here(connection, event))
    payload = event.payload
    if not payload["period_from"] < payload["period_until"] <= event.envelope["occurred_at"]:
        raise NotAllowedError(
            "The period ends before it begins, or is not over yet.",
            "$.payload.period_until",
            "Report a period that is over.",
        )


# -- read models


def _keep_facility(connection: Connection, recorded: Recorded) -> None:
    payload, at = recorded.event.payload, recorded.event.envelope["occurred_at"]
    row = {"facility": payload["facility"], "operator": payload["operator"], "opened_at": at}
    connection.execute(sa.insert(t.facility), [{**row, "closed_at": None}])
    _keep_form(connection, recorded)


def _keep_form(connection: Connection, recorded: Recorded) -> None:
    payload, at = recorded.event.payload, recorded.event.envelope["occurred_at"]
    c = t.form.c
    same = (c.facility == payload["facility"], c.valid_from == at)
    connection.execute(sa.delete(t.form).where(*same))
    content = _text({name: value for name, value in payload.items() if name != "operator"})
    row = {"facility": payload["facility"], "valid_from": at, "content": content}
    connection.execute(sa.insert(t.form), [row])


def _close(connection: Connection, recorded: Recorded) -> None:
    at, c = recorded.event.envelope["occurred_at"], t.facility.c
    earlier = sa.or_(c.closed_at.is_(None), c.closed_at > at)
    this = c.facility == recorded.event.payload["facility"]
    connection.execute(sa.update(t.facility).where(this, earlier).values(closed_at=at))


def _keep(table: sa.Table, name: str) -> Any:
    def project(connection: Connection, recorded: Recorded) -> None:
        payload = recorded.event.payload
        row = {column: payload.get(column) for column in (name, "facility", "valid_from", "valid_until")}
        connection.execute(sa.insert(table), [{**row, "content": _text(payload)}])

    return project


def _end(table: sa.Table, name: str) -> Any:
    def project(connection: Connection, recorded: Recorded) -> None:
        at, until = recorded.event.envelope["occurred_at"], table.c.valid_until
        earlier = sa.or_(until.is_(None), until > at)
        this = table.c[name] == recorded.event.payload[name]
        connection.execute(sa.update(table).where(this, earlier).values(valid_until=at))

    return project


def _keep_release(connection: Connection, recorded: Recorded) -> None:
    row = {
        "seq": recorded.seq,
        "facility": recorded.event.payload["facility"],
        "reported_by": recorded.event.actor,
        "content": _text(recorded.event.payload),
    }
    connection.execute(sa.insert(t.release), [row])


def _text(value: dict[str, Any]) -> str:
    return canonical.encode(value).decode()


def _kind(name: str, schema: type, authorise: Any, project: Any) -> EventKind:
    return EventKind(f"parties.{name}", schema, authorise, project, t.PROJECTED)


KINDS: Final = (
    _kind("facility_registered", schemas.FacilityRegistered, _registers, _keep_facility),
    _kind("facility_changed", schemas.FacilityChanged, _manages, _keep_form),
    _kind("facility_closed", schemas.FacilityClosed, _manages, _close),
    _kind("permit_granted", schemas.PermitGranted, _permits, _keep(t.permit, "permit")),
    _kind("permit_ended", schemas.PermitEnded, _ends(t.permit.c.permit, "permit"), _end(t.permit, "permit")),
    _kind("preconsent_given", schemas.PreconsentGiven, _preconsents, _keep(t.preconsent, "preconsent")),
    _kind(
        "preconsent_ended",
        schemas.PreconsentEnded,
        _ends(t.preconsent.c.preconsent, "pre-consent"),
        _end(t.preconsent, "preconsent"),
    ),
    _kind("environment_reported", schemas.EnvironmentReported, _reports, _keep_release),
)
