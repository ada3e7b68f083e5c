"""How an event finds the notification or movement that it is about, and who may act in it.

Whoever stands in it in no way gets the words of one that does not exist.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.movement import records, repository
from kitaran.registry.movement.records import Movement, Notification
from kitaran.registry.parties import repository as parties

_NOTIFICATION, _MOVEMENT = "notification/", "movement/"


def nobody(place: str = "$.items") -> NotAllowedError:
    """The answer about a notification or movement that is not here, or not the actor's."""
    return NotAllowedError(
        "There is no such notification or movement for you.",
        place,
        "Look at its number, or ask its exporter.",
    )


def number_in(event: Event, prefix: str) -> str:
    """The number that the event's only item of this kind names. Raises NotAllowedError otherwise."""
    named = [item.removeprefix(prefix) for item in event.items if item.startswith(prefix)]
    if len(named) != 1:
        raise NotAllowedError(
            f"The event names {len(named) or 'no'} items {prefix}NUMBER.", "$.items", "Name exactly one."
        )
    return named[0]


def notification_of(connection: Connection, event: Event, at: datetime, alone: bool = True) -> Notification:
    """The notification that the event is about, in which the actor stands.

    alone : whether the event may name no other item
    Raises NotAllowedError, or ConflictError if something happened to it later than the event.
    """
    number = number_in(event, _NOTIFICATION)
    found = repository.notification(connection, number)
    if found is None or not stands_in(connection, found.item, event.actor, at):
        raise nobody()
    if alone and event.items != [found.item]:
        raise NotAllowedError("The event names other items too.", "$.items", f'Send ["{found.item}"].')
    _in_order(event, found.item, found.last_at)
    return found


def movement_of(connection: Connection, event: Event, at: datetime, with_notification: bool) -> Movement:
    """The movement that the event is about, in which the actor stands.

    with_notification : whether the event draws on the notification, and so names it too
    Raises NotAllowedError, or ConflictError if something happened to it later than the event.
    """
    found = repository.movement(connection, number_in(event, _MOVEMENT))
    if found is None or not stands_in(connection, found.item, event.actor, at):
        raise nobody()
    wanted = [found.item]
    if with_notification and found.notification is not None:
        wanted.append(records.notification_item(found.notification))
    if event.items != wanted:
        raise NotAllowedError(
            "The event names other items.", "$.items", f"Send {', '.join(wanted)}, in this order."
        )
    _in_order(event, found.item, found.last_at)
    return found


def stands_in(connection: Connection, subject: str, operator: str, at: datetime) -> bool:
    """Whether an operator is a side, or authority or officer of an economy on the route."""
    if operator in repository.sides(connection, subject):
        return True
    found = parties.operator(connection, operator, at)
    official = found is not None and bool(found.roles & {"authority", "officer"})
    return official and found is not None and found.economy in repository.economies(connection, subject)


def check_role(connection: Connection, event: Event, subject: str, roles: Collection[str]) -> None:
    """Raises NotAllowedError unless the actor stands in it in one of these roles."""
    held = repository.roles_in(connection, subject, event.actor)
    if not held & set(roles):
        raise NotAllowedError(
            f"This is for the {' or the '.join(sorted(roles))} of {subject}.", "$.actor", "Let them say it."
        )


def _in_order(event: Event, item: str, last_at: str) -> None:
    if event.envelope["occurred_at"] < last_at:
        raise ConflictError(
            f"Something happened to {item} at {last_at}, after this.",
            "$.occurred_at",
            "Set the clock of the device, or look at its history.",
        )
