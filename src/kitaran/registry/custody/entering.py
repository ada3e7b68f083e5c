"""An item's first day, and what an authority or its holder puts right afterwards by a new event."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import offers, repository, schemas
from kitaran.registry.custody import tables as t
from kitaran.registry.custody.acts import Act
from kitaran.registry.custody.amounts import kg
from kitaran.registry.custody.holding import (
    check_items,
    check_new,
    check_own_facility,
    check_unclaimed,
    mine,
    no_such_item,
    nothing_to_ask,
    take_up,
)
from kitaran.registry.custody.offering import answer
from kitaran.registry.custody.weighing import changes, may_hold
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties import standing


def _new(event: Event) -> frozenset[str]:
    return frozenset(event.items)


def _begins(connection: Connection, event: Event, at: datetime) -> None:
    nothing_to_ask(connection, event, at)
    check_items(event, event.items[:1])
    check_new(connection, event.items)
    holder = event.payload.get("holder", event.actor)
    if holder != event.actor:
        standing.check_manages(connection, event, at)
        _check_operator(connection, holder, "holder", at)
    if event.payload.get("facility") is not None:
        check_own_facility(connection, holder, event.payload["facility"], at)


def _nobody_elses(connection: Connection, event: Event, at: datetime) -> None:
    """What another operator brought in by a passport begins in its hand; an authority may say otherwise."""
    if not standing.manages(connection, event.actor, at):
        check_unclaimed(connection, event, event.items)


def _keep(connection: Connection, recorded: Recorded) -> None:
    payload, holder = recorded.event.payload, recorded.event.payload.get("holder", recorded.event.actor)
    mass = payload.get("mass_kg")
    repository.add(
        connection,
        recorded,
        recorded.event.items[0],
        form=payload.get("form", "pack"),
        count=payload.get("count", 1),
        mass_kg=None if mass is None else kg(mass),
        holder=holder,
        owner=holder,
    )


def _corrects(connection: Connection, event: Event, at: datetime) -> None:
    """The holder, the owner or who manages parties; a figure only while the item is whole."""
    nothing_to_ask(connection, event, at)
    check_items(event, event.items[:1])
    item = event.items[0]
    found = repository.standing(connection, item)
    if found is None or not standing.manages(connection, event.actor, at):
        found = mine(connection, event, item)
    mass = event.payload.get("mass_kg")
    wanted = changes(None if mass is None else kg(mass), event.payload.get("count"))
    if wanted and not may_hold(connection, found, **wanted):
        raise ConflictError(
            f"{item} was divided, or was made of others that had less.",
            "$.payload",
            "Say it in words, or correct what it was made of before it is divided.",
        )


def _names_its_event(connection: Connection, event: Event, at: datetime) -> None:
    """The event that is corrected is one of custody about this item."""
    row = log.rows_by_id(connection, {event.payload["corrects"]}).get(event.payload["corrects"])
    envelope = {} if row is None else canonical.loads(row.entry)["envelope"]
    about = envelope.get("kind", "").startswith("custody.") and event.items[0] in envelope["items"]
    if not about:
        raise NotAllowedError(
            "There is no such event of this item.", "$.payload.corrects", "Look at the item's history."
        )


def _put_right(connection: Connection, recorded: Recorded) -> None:
    take_up(connection, recorded, recorded.event.items)
    mass = recorded.event.payload.get("mass_kg")
    wanted = changes(None if mass is None else kg(mass), recorded.event.payload.get("count"))
    repository.change(connection, recorded, recorded.event.items[0], **wanted)


def _assigns(connection: Connection, event: Event, at: datetime) -> None:
    nothing_to_ask(connection, event, at)
    standing.check_manages(connection, event, at)
    if set(repository.standings(connection, event.items)) != set(event.items):
        raise no_such_item()
    for role in ("holder", "owner"):
        if role in event.payload:
            _check_operator(connection, event.payload[role], role, at)


def _assign(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    told = {role: event.payload[role] for role in ("holder", "owner") if event.payload.get(role)}
    for offer in offers.running(connection, event.items, event.envelope["occurred_at"]):
        answer(connection, recorded, offer, "withdrawn")
    for item in event.items:
        basis = {"basis": None} if "holder" in told else {}
        repository.change(connection, recorded, item, **told, **basis)
        for role, operator in told.items():
            if _runs(connection, item, role):
                repository.hand(connection, recorded, item, role, operator)


def _runs(connection: Connection, item: str, role: str) -> bool:
    """Whether anybody holds or owns it still: not inside another item, not closed."""
    c = t.interval.c
    query = sa.select(c.seq).where(c.item == item, c.role == role, c.until_seq.is_(None))
    return connection.execute(query).first() is not None


def _check_operator(connection: Connection, operator: str, role: str, at: datetime) -> None:
    if parties.operator(connection, operator, at) is None:
        raise NotAllowedError("There is no such operator.", f"$.payload.{role}", "Look at the id.")


ACTS: Final = (
    Act("custody.begun", schemas.Begun, _begins, _keep, _new, _nobody_elses),
    Act("custody.corrected", schemas.Corrected, _corrects, _put_right, door=_names_its_event),
    Act("custody.assigned", schemas.Assigned, _assigns, _assign),
)
