"""Events of alerts. Each names the item `alert/ID`, so that its history is that of the alert."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties import standing
from kitaran.registry.parties.alerts import repository, schemas
from kitaran.registry.parties.alerts import tables as t


def item_of(alert: str) -> str:
    """The item under which the history of an alert stands."""
    return f"alert/{alert}"


def may_issue(connection: Connection, actor: str, at: datetime) -> bool:
    """Whether the actor makes batteries or manages parties."""
    return standing.manages(connection, actor, at) or "producer" in parties.roles(connection, actor, at)


def _issues(connection: Connection, event: Event, at: datetime) -> None:
    if not may_issue(connection, event.actor, at):
        raise NotAllowedError(
            f"{event.actor} is neither producer nor authority.", "$.actor", "Report an incident instead."
        )
    standing.check_item(event, item_of(event.payload["alert"]))
    standing.check_new(connection, t.alert.c.alert, event.payload["alert"], "alert")


def _standing(connection: Connection, event: Event, at: datetime) -> None:
    """Its issuer, or whoever manages parties, about an alert that holds."""
    found = repository.alert(connection, event.payload["alert"])
    if found is None:
        raise standing.nobody("alert", "$.payload.alert")
    standing.check_item(event, item_of(found.id))
    standing.check_speaks_for(connection, event, at, found.issued_by)
    if found.withdrawn_at is not None:
        raise ConflictError("The alert was withdrawn.", "$.payload.alert", "Issue a new one.")


def _withdraws(connection: Connection, event: Event, at: datetime) -> None:
    _standing(connection, event, at)
    successor = event.payload.get("superseded_by")
    if successor is None:
        return
    other = repository.alert(connection, successor)
    if other is None or other.id == event.payload["alert"] or other.withdrawn_at is not None:
        raise NotAllowedError(
            "The alert that should take its place does not hold.",
            "$.payload.superseded_by",
            "Issue the new alert first.",
        )


def _notifies(connection: Connection, event: Event, at: datetime) -> None:
    _standing(connection, event, at)
    for number, one in enumerate(event.payload["holders"]):
        standing.check_operator(connection, one["operator"], f"$.payload.holders[{number}].operator")


# -- read models


def _keep(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    row = {
        "alert": event.payload["alert"],
        "issued_by": event.actor,
        "issued_at": event.envelope["occurred_at"],
        "withdrawn_at": None,
        "withdrawal": None,
        "content": canonical.encode(event.payload).decode(),
    }
    connection.execute(sa.insert(t.alert), [row])


def _withdraw(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    told = canonical.encode(event.payload).decode()
    this = t.alert.c.alert == event.payload["alert"]
    values = {"withdrawn_at": event.envelope["occurred_at"], "withdrawal": told}
    connection.execute(sa.update(t.alert).where(this).values(**values))


def _keep_notices(connection: Connection, recorded: Recorded) -> None:
    """The latest notice to an operator stands."""
    alert, c = recorded.event.payload["alert"], t.notice.c
    for one in recorded.event.payload["holders"]:
        same = (c.alert == alert, c.operator == one["operator"])
        connection.execute(sa.delete(t.notice).where(*same))
        connection.execute(sa.insert(t.notice), [{"alert": alert, **one}])


KINDS: Final = (
    EventKind("parties.alert_issued", schemas.AlertIssued, _issues, _keep, t.PROJECTED),
    EventKind("parties.alert_withdrawn", schemas.AlertWithdrawn, _withdraws, _withdraw, t.PROJECTED),
    EventKind("parties.holders_notified", schemas.HoldersNotified, _notifies, _keep_notices, t.PROJECTED),
)
