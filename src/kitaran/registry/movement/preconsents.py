"""What a facility with a pre-consent reports of a period, beside what this registry has seen arrive there."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.errors import NotFoundError
from kitaran.registry.custody.amounts import kg, spelt, total
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.movement import repository, schemas
from kitaran.registry.movement import tables as t
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.facilities import tables as f
from kitaran.registry.parties.facilities.repository import Dated, Facility
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.roles import READS_ALL


def _reports(connection: Connection, event: Event, at: datetime) -> None:
    """Who keeps the facility, about a period that is over and not yet reported."""
    payload = event.payload
    facility = facilities.facility_of(connection, f.preconsent.c.preconsent, payload["preconsent"])
    if facility is None or facilities.owner(connection, facility) != event.actor:
        raise NotAllowedError(
            "There is no such pre-consent of yours.", "$.payload.preconsent", "Look at its id."
        )
    if event.items != [f"facility/{facility}"]:
        raise NotAllowedError("The event names another item.", "$.items", f'Send ["facility/{facility}"].')
    if payload["period_until"] >= event.envelope["occurred_at"][:10]:
        raise NotAllowedError("The period is not over.", "$.payload.period_until", "Report one that is over.")
    for one in reports(connection, payload["preconsent"]):
        if payload["period_from"] <= one["period_until"] and one["period_from"] <= payload["period_until"]:
            raise ConflictError(
                f"There is a report from {one['period_from']} until {one['period_until']}.",
                "$.payload.period_from",
                "Report another period.",
            )


def _keep(connection: Connection, recorded: Recorded) -> None:
    payload = recorded.event.payload
    row = {
        "seq": recorded.seq,
        **{name: payload[name] for name in ("preconsent", "period_from", "period_until")},
        "facility": recorded.event.items[0].removeprefix("facility/"),
        "reported_at": recorded.event.envelope["occurred_at"],
        "content": repository.written(payload),
    }
    connection.execute(sa.insert(t.preconsent_report), [row])


def facilities_of(connection: Connection, caller: Operator, at: datetime) -> list[dict[str, Any]]:
    """Pre-consents of which the caller may read the reports, by facility, each with its last period."""
    found = []
    for one in facilities.facilities(connection, at):
        if may_read(one.operator, caller):
            found += [
                preconsent_facts(connection, one, each, at)
                for each in facilities.preconsents(connection, one.id)
            ]
    return found


def of_preconsent(connection: Connection, preconsent: str, caller: Operator, at: datetime) -> dict[str, Any]:
    """A pre-consent with every report under it.

    Raises NotFoundError in the words of one that does not exist, unless the caller may read them.
    """
    facility = facilities.facility_of(connection, f.preconsent.c.preconsent, preconsent)
    one = None if facility is None else facilities.facility(connection, facility, at)
    if one is None or not may_read(one.operator, caller):
        raise NotFoundError(
            "There is no such pre-consent for you.", preconsent, "Look at the page of the facility."
        )
    [each] = [row for row in facilities.preconsents(connection, one.id) if row.id == preconsent]
    told = preconsent_facts(connection, one, each, at)
    return {**told, "reports": reports(connection, preconsent), "own": one.operator == caller.id}


def may_read(keeper: str, caller: Operator) -> bool:
    """Whoever keeps the facility, and who reads everything."""
    return keeper == caller.id or bool(caller.roles & READS_ALL)


def preconsent_facts(connection: Connection, one: Facility, each: Dated, at: datetime) -> dict[str, Any]:
    """A pre-consent: of which facility, by whom, for what, and until when its reports reach."""
    told = reports(connection, each.id)
    names = ("reference", "authority", "economy", "waste_codes")
    return {
        "preconsent": each.id,
        "facility": one.id,
        "facility_name": one.description["name"],
        "keeper": one.operator_name,
        **{name: each.content[name] for name in names},
        "valid_from": each.valid_from,
        "valid_until": each.valid_until,
        "valid": each.valid_at(at),
        "reported_until": told[-1]["period_until"] if told else None,
    }


def reports(connection: Connection, preconsent: str) -> list[dict[str, Any]]:
    """Reports under a pre-consent, by their period, each with the mass that this registry saw arrive."""
    c = t.preconsent_report.c
    query = sa.select(t.preconsent_report).where(c.preconsent == preconsent).order_by(c.period_from)
    return [
        {
            **canonical.loads(one.content),
            "reported_at": one.reported_at,
            "seen_kg": _seen(connection, one.facility, one.period_from, one.period_until),
        }
        for one in connection.execute(query).all()
    ]


def _seen(connection: Connection, facility: str, since: str, until: str) -> str:
    """Mass [kg] received at a facility in a period, by the receipts recorded here."""
    c = t.movement.c
    arrived = sa.func.substr(c.arrived_at, 1, 10)
    query = sa.select(c.received_kg).where(c.facility == facility, arrived >= since, arrived <= until)
    return spelt(total(kg(one) for one in connection.execute(query).scalars() if one is not None))


KINDS: Final = (
    EventKind("movement.preconsent_reported", schemas.PreconsentReported, _reports, _keep, t.PROJECTED),
)
