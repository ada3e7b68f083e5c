"""What a facility with a pre-consent reports of a period, beside what this registry has seen arrive there."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody.amounts import kg, spelt, total
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.movement import repository, schemas
from kitaran.registry.movement import tables as t
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.facilities import tables as f


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
