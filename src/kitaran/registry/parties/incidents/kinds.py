"""Events of incidents. Each names the item `incident/ID` alone.

What it happened to stands in the payload: who reports about an item must not come to see its history by it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.parties import standing
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.incidents import repository, schemas
from kitaran.registry.parties.incidents import tables as t
from kitaran.registry.parties.kinds import NODE


def item_of(incident: str) -> str:
    """The item under which the history of an incident stands."""
    return f"incident/{incident}"


def concerns(connection: Connection, found: repository.Incident, actor: str, at: datetime) -> bool:
    """Whether the actor reported it, runs the facility where it happened, or manages parties."""
    own = {found.reported_by}
    if found.facility is not None:
        own.add(facilities.owner(connection, found.facility) or NODE)
    return actor in own or standing.manages(connection, actor, at)


def _reports(connection: Connection, event: Event, at: datetime) -> None:
    """Whoever may write: an incident is never refused for a missing licence."""
    payload = event.payload
    standing.check_item(event, item_of(payload["incident"]))
    standing.check_new(connection, t.incident.c.incident, payload["incident"], "incident")
    facility = payload.get("facility")
    if facility is not None and facilities.owner(connection, facility) is None:
        raise standing.nobody("facility", "$.payload.facility")
    if payload["happened_at"] > event.envelope["occurred_at"]:
        raise NotAllowedError(
            "It is reported before it happened.", "$.payload.happened_at", "Look at day and time."
        )


def _goes_on(closed: bool) -> Any:
    """Who is concerned, about an incident that is open, or closed."""

    def authorise(connection: Connection, event: Event, at: datetime) -> None:
        found = repository.incident(connection, event.payload["incident"])
        if found is None or not concerns(connection, found, event.actor, at):
            raise standing.nobody("incident for you", "$.payload.incident")
        standing.check_item(event, item_of(found.id))
        if (found.closed_at is not None) != closed:
            raise ConflictError(
                f"The incident is {'not ' if closed else ''}closed.",
                "$.payload.incident",
                "Look at its history.",
            )

    return authorise


# -- read models


def _keep(connection: Connection, recorded: Recorded) -> None:
    payload, event = recorded.event.payload, recorded.event
    row = {
        "incident": payload["incident"],
        "what": payload["what"],
        "reported_by": event.actor,
        "facility": payload.get("facility"),
        "happened_at": payload["happened_at"],
        "reported_at": event.envelope["occurred_at"],
        "closed_at": None,
        "content": canonical.encode(payload).decode(),
        "seq": recorded.seq,
    }
    connection.execute(sa.insert(t.incident), [row])
    named = {(one["what"], one["id"]) for one in payload.get("subjects", [])}
    rows = [{"incident": payload["incident"], "what": w, "subject": s} for w, s in sorted(named)]
    if rows:
        connection.execute(sa.insert(t.subject), rows)


def _keep_step(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    told = {name: value for name, value in event.payload.items() if name != "incident"}
    row = {
        "seq": recorded.seq,
        "incident": event.payload["incident"],
        "at": event.envelope["occurred_at"],
        "by": event.actor,
        "content": canonical.encode({"kind": event.kind, **told}).decode(),
    }
    connection.execute(sa.insert(t.step), [row])


def _close(connection: Connection, recorded: Recorded) -> None:
    _keep_step(connection, recorded)
    _set_closed(connection, recorded, recorded.event.envelope["occurred_at"])


def _reopen(connection: Connection, recorded: Recorded) -> None:
    _keep_step(connection, recorded)
    _set_closed(connection, recorded, None)


def _set_closed(connection: Connection, recorded: Recorded, at: str | None) -> None:
    this = t.incident.c.incident == recorded.event.payload["incident"]
    connection.execute(sa.update(t.incident).where(this).values(closed_at=at))


KINDS: Final = (
    EventKind(
        "parties.incident_reported",
        schemas.IncidentReported,
        _reports,
        _keep,
        t.PROJECTED,
        sealed=schemas.SEALED,
    ),
    EventKind(
        "parties.incident_followed_up",
        schemas.IncidentFollowedUp,
        _goes_on(closed=False),
        _keep_step,
        t.PROJECTED,
    ),
    EventKind("parties.incident_closed", schemas.IncidentClosed, _goes_on(closed=False), _close, t.PROJECTED),
    EventKind(
        "parties.incident_reopened", schemas.IncidentReopened, _goes_on(closed=True), _reopen, t.PROJECTED
    ),
)
