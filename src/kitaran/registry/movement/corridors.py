"""Corridors: a pilot agreement between named authorities and facilities, its observers, and barriers met.

Governments and firms agree on one stream, meet its barriers openly, and others may watch. It runs when every
authority has joined; what goes to a facility is in it once its keeper has joined too. An agreement changes no
law: each movement needs its consents as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.movement import asking, records, repository, schemas
from kitaran.registry.movement import tables as t
from kitaran.registry.movement.jurisdiction import AUTHORITY
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.facilities import repository as facilities

_CORRIDOR: Final = "corridor/"


def _agrees(connection: Connection, event: Event, at: datetime) -> None:
    """An authority that is one of those named proposes the agreement."""
    number = asking.number_in(event, _CORRIDOR)
    payload = event.payload
    if event.items != [records.corridor_item(number)]:
        raise NotAllowedError("The event names other items too.", "$.items", "Name only the corridor.")
    if repository.corridor_content(connection, number) is not None:
        raise ConflictError("The number is taken.", "$.items", "Choose another.")
    if event.actor not in payload["authorities"]:
        raise NotAllowedError(
            f"{event.actor} is none of its authorities.",
            "$.payload.authorities",
            "Let one of them propose it.",
        )
    for operator in payload["authorities"]:
        found = parties.operator(connection, operator, at)
        if found is None or AUTHORITY not in found.roles:
            raise NotAllowedError(f"{operator} is no authority.", "$.payload.authorities", "Look at the id.")
    for operator in payload.get("observers", []):
        if parties.operator(connection, operator, at) is None:
            raise NotAllowedError("There is no such operator.", "$.payload.observers", "Look at the id.")
    for facility in payload["facilities"]:
        if facilities.owner(connection, facility) is None:
            raise NotAllowedError("There is no such facility.", "$.payload.facilities", "Look at the id.")


def _keep(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    number, at = asking.number_in(event, _CORRIDOR), event.envelope["occurred_at"]
    row = {
        "corridor": number,
        "content": repository.written(event.payload),
        "agreed_at": at,
        "agreed_by": event.actor,
    }
    connection.execute(sa.insert(t.corridor), [row])
    rows = [
        {
            "corridor": number,
            "operator": one,
            "joined_at": at if one == event.actor else None,
            "left_at": None,
        }
        for one in dict.fromkeys([*event.payload["authorities"], *keepers(connection, event.payload)])
    ]
    connection.execute(sa.insert(t.corridor_authority), rows)


def keepers(connection: Connection, content: Mapping[str, Any]) -> list[str]:
    """Who keeps the facilities of an agreement, in its order."""
    owners = (facilities.owner(connection, one) for one in content["facilities"])
    return list(dict.fromkeys(one for one in owners if one is not None))


def members(connection: Connection, number: str) -> dict[str, dict[str, Any]]:
    """Authorities of a corridor and keepers of its facilities, each with when it joined and left."""
    c = t.corridor_authority.c
    rows = connection.execute(
        sa.select(t.corridor_authority).where(c.corridor == number).order_by(c.operator)
    )
    return {one.operator: {"joined_at": one.joined_at, "left_at": one.left_at} for one in rows}


def _named(connection: Connection, event: Event) -> tuple[str, dict[str, Any]]:
    """The corridor, of which the actor is an authority or keeps a facility."""
    number = asking.number_in(event, _CORRIDOR)
    mine = members(connection, number).get(event.actor)
    if event.items != [records.corridor_item(number)] or mine is None:
        raise NotAllowedError("There is no such corridor for you.", "$.items", "Look at its number.")
    return number, mine


def _joins(connection: Connection, event: Event, at: datetime) -> None:
    _, mine = _named(connection, event)
    if mine["joined_at"] is not None:
        raise ConflictError(f"{event.actor} joined at {mine['joined_at']}.", "$.items", "Once is enough.")


def _leaves(connection: Connection, event: Event, at: datetime) -> None:
    _, mine = _named(connection, event)
    if mine["joined_at"] is None or mine["left_at"] is not None:
        raise ConflictError(f"{event.actor} takes no part.", "$.items", "There is nothing to leave.")


def _dates(column: str) -> Any:
    def project(connection: Connection, recorded: Recorded) -> None:
        event, c = recorded.event, t.corridor_authority.c
        this = (c.corridor == asking.number_in(event, _CORRIDOR), c.operator == event.actor)
        told = {column: event.envelope["occurred_at"]}
        connection.execute(sa.update(t.corridor_authority).where(*this).values(**told))

    return project


def _meets(connection: Connection, event: Event, at: datetime) -> None:
    """Who takes part says what stood in the way: an authority, or who keeps one of the facilities."""
    number = _taking_part(connection, event)
    movement = event.payload.get("movement")
    if movement is not None:
        found = repository.movement(connection, movement)
        if found is None or found.corridor != number:
            raise NotAllowedError(
                "There is no such movement in it.", "$.payload.movement", "Look at its number."
            )


def _taking_part(connection: Connection, event: Event) -> str:
    number = asking.number_in(event, _CORRIDOR)
    content = repository.corridor_content(connection, number)
    here = content is not None and event.items == [records.corridor_item(number)]
    if here and event.actor in {*keepers(connection, content or {}), *(content or {})["authorities"]}:
        return number
    raise NotAllowedError("There is no such corridor for you.", "$.items", "Look at its number.")


def _keep_barrier(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    row = {
        "barrier": event.id,
        "corridor": asking.number_in(event, _CORRIDOR),
        "words": event.payload["barrier"],
        "movement": event.payload.get("movement"),
        "met_by": event.actor,
        "met_at": event.envelope["occurred_at"],
        "lifted_at": None,
        "how": None,
    }
    connection.execute(sa.insert(t.barrier), [row])


def _lifts(connection: Connection, event: Event, at: datetime) -> None:
    number = _taking_part(connection, event)
    found = {one["barrier"]: one for one in barriers(connection, number)}.get(event.payload["barrier"])
    if found is None:
        raise NotAllowedError("There is no such barrier.", "$.payload.barrier", "Look at its id.")
    if found["lifted_at"] is not None:
        raise ConflictError(f"It was lifted at {found['lifted_at']}.", "$.payload.barrier", "Note another.")


def _lift(connection: Connection, recorded: Recorded) -> None:
    payload = recorded.event.payload
    told = {"lifted_at": recorded.event.envelope["occurred_at"], "how": payload["how"]}
    connection.execute(sa.update(t.barrier).where(t.barrier.c.barrier == payload["barrier"]).values(**told))


def barriers(connection: Connection, number: str) -> list[dict[str, Any]]:
    """Barriers of a corridor, in order."""
    c = t.barrier.c
    query = sa.select(t.barrier).where(c.corridor == number).order_by(c.met_at, c.barrier)
    return [dict(one._mapping) for one in connection.execute(query)]


def all_of(connection: Connection) -> list[str]:
    """Every corridor, by its number."""
    return list(
        connection.execute(sa.select(t.corridor.c.corridor).order_by(t.corridor.c.corridor)).scalars()
    )


KINDS: Final = (
    EventKind("movement.corridor_agreed", schemas.CorridorAgreed, _agrees, _keep, t.PROJECTED),
    EventKind("movement.corridor_joined", schemas.CorridorJoined, _joins, _dates("joined_at"), t.PROJECTED),
    EventKind("movement.corridor_left", schemas.CorridorLeft, _leaves, _dates("left_at"), t.PROJECTED),
    EventKind("movement.barrier_met", schemas.BarrierMet, _meets, _keep_barrier, t.PROJECTED),
    EventKind("movement.barrier_lifted", schemas.BarrierLifted, _lifts, _lift, t.PROJECTED),
)
