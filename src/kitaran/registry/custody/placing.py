"""At a facility; into a vehicle, a storage system or a swap pool and out again; lost, stolen, found."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import repository, schemas
from kitaran.registry.custody import tables as t
from kitaran.registry.custody.acts import Act
from kitaran.registry.custody.holding import at_hand, check_own_facility, mine, nothing_to_ask, take_up
from kitaran.registry.identity import vehicle
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import Recorded


def _installs(connection: Connection, event: Event, at: datetime) -> None:
    """The holder, what is in no host; the host is named so that no person is."""
    nothing_to_ask(connection, event, at)
    if vehicle.parse(event.payload["host"].upper())[0]:
        raise NotAllowedError(
            "A vehicle identification number tells of a person.",
            "$.payload.host",
            "Name the vehicle by a number of your own.",
        )
    for item in event.items:
        at_hand(mine(connection, event, item, repository.HOLDER))
        if repository.installed(connection, item):
            raise ConflictError(f"{item} is installed.", "$.items", "Remove it first.")


def _install(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    take_up(connection, recorded, event.items)
    for item in event.items:
        row = {
            "item": item,
            "seq": recorded.seq,
            "what": event.payload["what"],
            "host": event.payload["host"],
            "since": event.envelope["occurred_at"],
            "until": None,
        }
        connection.execute(sa.insert(t.stay), [row])
        repository.change(connection, recorded, item)


def _removes(connection: Connection, event: Event, at: datetime) -> None:
    nothing_to_ask(connection, event, at)
    for item in event.items:
        at_hand(mine(connection, event, item, repository.HOLDER))
        if not repository.installed(connection, item):
            raise ConflictError(f"{item} is in no host.", "$.items", "Look at the item's history.")


def _remove(connection: Connection, recorded: Recorded) -> None:
    at = recorded.event.envelope["occurred_at"]
    for item in recorded.event.items:
        running = (t.stay.c.item == item, t.stay.c.until.is_(None))
        connection.execute(sa.update(t.stay).where(*running).values(until=at))
        repository.change(connection, recorded, item)


def _turns(*before: str) -> Any:
    """Holder or owner, about an item of which one of these was said last."""

    def check(connection: Connection, event: Event, at: datetime) -> None:
        nothing_to_ask(connection, event, at)
        for item in event.items:
            found = mine(connection, event, item)
            if found.status not in before:
                raise ConflictError(f"{item} is {found.status}.", "$.items", "Look at its history.")

    return check


def _set(status: str) -> Any:
    def apply(connection: Connection, recorded: Recorded) -> None:
        take_up(connection, recorded, recorded.event.items)
        for item in recorded.event.items:
            repository.change(connection, recorded, item, status=status)

    return apply


def _stores(connection: Connection, event: Event, at: datetime) -> None:
    """The holder, at a facility of its own that is open then."""
    nothing_to_ask(connection, event, at)
    check_own_facility(connection, event.actor, event.payload["facility"], at)
    for item in event.items:
        at_hand(mine(connection, event, item, repository.HOLDER))


def _store(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    take_up(connection, recorded, event.items)
    for item in event.items:
        repository.store(connection, item, event.payload["facility"])
        repository.change(connection, recorded, item)


ACTS: Final = (
    Act("custody.stored", schemas.Stored, _stores, _store),
    Act("custody.installed", schemas.Installed, _installs, _install),
    Act("custody.removed", schemas.Removed, _removes, _remove),
    Act("custody.lost", schemas.Missing, _turns("held"), _set("lost")),
    Act("custody.stolen", schemas.Missing, _turns("held", "lost"), _set("stolen")),
    Act("custody.found", schemas.Found, _turns("lost", "stolen"), _set("held")),
)
