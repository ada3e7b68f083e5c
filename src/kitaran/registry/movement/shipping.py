"""A movement: announced, started, cancelled. From the announcement on it draws on the consents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import offers
from kitaran.registry.custody import repository as custody
from kitaran.registry.custody.amounts import kg, spelt
from kitaran.registry.custody.holding import at_hand, mine
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.movement import (
    asking,
    consents,
    lawbook,
    lawcase,
    notifying,
    records,
    repository,
    restrictions,
    schemas,
    words,
)
from kitaran.registry.movement import tables as t
from kitaran.registry.movement.records import Movement, Notification

_BEFORE: Final = ("announced",)
_TOGETHER: Final = 900
"""Batteries of one movement; more travel as lots."""


def _announces(connection: Connection, event: Event, at: datetime) -> None:
    payload = event.payload
    number = asking.number_in(event, "movement/")
    items = _batteries(event, number)
    if payload["departs"] < event.envelope["occurred_at"]:
        raise NotAllowedError("It departs before it is announced.", "$.payload.departs", "Look at the time.")
    if "notification" in payload:
        found = _notification(connection, event, at)
        planned: Mapping[str, Any] = found.content
        consents.check_room(connection, found, kg(payload["mass_kg"]), payload["departs"], at)
        restrictions.check(connection, event.actor, dict(planned), "$.payload", at)
    else:
        planned = payload["alone"]
        notifying.check_planned(connection, event, payload["alone"], at)
        _check_uncontrolled(connection, payload["alone"], payload["departs"], at)
    lawbook.check(connection, event)
    _check_carriers(planned, payload)
    _check_batteries(connection, event, items)
    if repository.movement(connection, number) is not None:  # last: no probe for the numbers of others
        raise ConflictError("The number is taken.", "$.items", "Choose another.")


def _batteries(event: Event, number: str) -> list[str]:
    """The batteries that the event names behind movement and notification."""
    wanted = [records.movement_item(number)]
    if "notification" in event.payload:
        wanted.append(records.notification_item(event.payload["notification"]))
    items = event.items
    if items[: len(wanted)] != wanted or len(items) > _TOGETHER:
        raise NotAllowedError(
            "The event names other items, or too many.",
            "$.items",
            f"Send {', '.join(wanted)}, then up to {_TOGETHER} batteries; more travel as lots.",
        )
    return items[len(wanted) :]


def _notification(connection: Connection, event: Event, at: datetime) -> Notification:
    """The notification, of which the actor is the exporter."""
    found = asking.notification_of(connection, event, at, alone=False)
    asking.check_role(connection, event, found.item, ["exporter"])
    return found


def _check_carriers(planned: Mapping[str, Any], payload: dict[str, Any]) -> None:
    """Carriers are some of those that were planned: these were looked up, and held against the lists."""
    named = planned.get("carriers", [])
    for carrier in payload.get("carriers", []):
        if carrier not in named:
            raise NotAllowedError(
                f"{carrier} is not planned as carrier.",
                "$.payload.carriers",
                "Amend the notification first; without one, name the carrier in `alone`.",
            )


def _check_uncontrolled(connection: Connection, planned: dict[str, Any], departs: str, at: datetime) -> None:
    """What the law finds to be forbidden or to need consent does not move without a notification."""
    prior = lawcase.preconsented(connection, planned, at)
    case = lawcase.case_of(planned, departs[:10], prior)
    found = lawcase.decision_of(connection, case)
    if found.movement == "forbidden" or found.procedure in ("basel_pic", "oecd_amber"):
        raise NotAllowedError(
            f"By the law as known here it does not move so: {found.card}, procedure {found.procedure}.",
            "$.payload.alone.procedure",
            "See the reasons with `kitaran movement check`; submit a notification.",
        )


def _check_batteries(connection: Connection, event: Event, items: list[str]) -> None:
    """The exporter holds them, they are at hand, and none is in another movement."""
    for item in items:
        at_hand(mine(connection, event, item, "holder"))
    if elsewhere := repository.travelling(connection, items):
        item, number = min(elsewhere.items())
        raise ConflictError(
            f"{item} is in movement {number}.", "$.items", "Cancel that one first, or leave it out."
        )


def _keep(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    payload, number = event.payload, asking.number_in(event, "movement/")
    planned = dict(payload.get("alone", {}))
    serial = None
    if "notification" in payload:
        found = repository.notification(connection, payload["notification"])
        assert found is not None  # checked
        planned = {name: found.content[name] for name in _SHARED if name in found.content}
        serial = len(repository.movements_under(connection, found.notification)) + 1
        repository.change_notification(connection, recorded, found.notification)
    carriers = payload.get("carriers") or planned.get("carriers", [])
    connection.execute(sa.insert(t.movement), [_row(recorded, number, planned, serial)])
    sides = notifying.with_keeper(connection, {**planned, "carriers": carriers})
    repository.keep_sides(connection, event.items[0], event.actor, sides)
    first = 2 if "notification" in payload else 1
    rows = [{"movement": number, "item": item} for item in event.items[first:]]
    if rows:
        connection.execute(sa.insert(t.travelling), rows)


_SHARED: Final = ("importer", "facility", "activity", "carriers", "route", "goods", "corridor", "procedure")


def _row(recorded: Recorded, number: str, planned: dict[str, Any], serial: int | None) -> dict[str, Any]:
    payload, at = recorded.event.payload, recorded.event.envelope["occurred_at"]
    return {
        **dict.fromkeys(c.name for c in t.movement.c),
        "movement": number,
        "notification": payload.get("notification"),
        "serial": serial,
        "exporter": recorded.event.actor,
        **{name: planned.get(name) for name in ("importer", "facility", "corridor")},
        "content": repository.written(planned),
        "announced_at": recorded.recorded_at,  # notice counts from when the authorities could see it
        **{name: payload[name] for name in ("departs", "arrives_by", "mass_kg")},
        "certified_kg": "0",
        "recovered_kg": "0",
        "last_at": at,
    }


def in_state(found: Movement, states: tuple[str, ...], what: str) -> Movement:
    """Raises ConflictError unless the movement is in one of these states."""
    if found.state not in states:
        raise ConflictError(
            f"Movement {found.movement} is {found.state.replace('_', ' ')}, and cannot be {what}.",
            "$.items",
            "Look at its history.",
        )
    return found


def _starts(connection: Connection, event: Event, at: datetime) -> None:
    """The exporter or a carrier; consents must stand at that time, and leave room for the mass as weighed."""
    found = in_state(asking.movement_of(connection, event, at, True), _BEFORE, "started")
    asking.check_role(connection, event, found.item, ["exporter", "carrier"])
    lawbook.check(connection, event)
    mass, now = kg(event.payload["mass_kg"]), event.envelope["occurred_at"]
    if found.notification is not None:
        under = repository.notification(connection, found.notification)
        assert under is not None  # of a movement that is
        consents.check_room(connection, under, mass, now, at, found.movement, found.announced_at)
    else:
        _check_uncontrolled(connection, found.content, now, at)
    _check_still_of_a_side(connection, found)
    restrictions.check(connection, found.exporter, found.content, "$.payload", at)
    check_offer(connection, event, found)


def _check_still_of_a_side(connection: Connection, found: Movement) -> None:
    """What was announced is with the exporter, or was handed over to another side of the movement."""
    sides = repository.sides(connection, found.item)
    here = custody.standings(connection, repository.items_of(connection, found.movement))
    for item, standing in sorted(here.items()):
        if standing.holder not in sides or standing.status != "held":
            raise ConflictError(
                f"{item} is no longer at hand of a side of this movement.",
                "$.items",
                "Cancel the movement, and announce what is to travel.",
            )


def check_offer(connection: Connection, event: Event, found: Movement) -> None:
    """The hand-over that is named passes on batteries of this movement, between two who stand in it."""
    if "offer" not in event.payload:
        return
    made = offers.find(connection, event.payload["offer"])
    sides = repository.sides(connection, found.item)
    items = set(repository.items_of(connection, found.movement))
    if made is None or made.giver not in sides or made.receiver not in sides:
        raise NotAllowedError("There is no such hand-over.", "$.payload.offer", "Look at its id.")
    if not {one["item"] for one in offers.items_of(connection, made.id)} <= items:
        raise NotAllowedError(
            "The hand-over passes on other batteries.", "$.payload.offer", "Name that of this movement."
        )


def _start(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    number = asking.number_in(event, "movement/")
    told = {"started_at": event.envelope["occurred_at"], "mass_kg": kg(event.payload["mass_kg"])}
    repository.change_movement(connection, recorded, number, **told)
    _touch(connection, recorded, number)


def _corrects_mass(connection: Connection, event: Event, at: datetime) -> None:
    """While it is under way, and upwards: more needs more room, less would let a consent be spent twice."""
    found = in_state(asking.movement_of(connection, event, at, True), ("under_way",), "weighed anew")
    asking.check_role(connection, event, found.item, ["exporter"])
    mass = kg(event.payload["mass_kg"])
    if mass < found.mass_kg:
        raise ConflictError(
            f"{spelt(found.mass_kg)} kg departed by your word, and stay drawn from the consents.",
            "$.payload.mass_kg",
            "Let the receiver confirm what arrives; the difference is shown.",
        )
    if found.notification is not None:
        under = repository.notification(connection, found.notification)
        assert under is not None
        assert found.started_at is not None  # it is under way
        consents.check_room(connection, under, mass, found.started_at, at, found.movement)


def _correct_mass(connection: Connection, recorded: Recorded) -> None:
    number = asking.number_in(recorded.event, "movement/")
    repository.change_movement(connection, recorded, number, mass_kg=kg(recorded.event.payload["mass_kg"]))
    _touch(connection, recorded, number)


def _cancels(connection: Connection, event: Event, at: datetime) -> None:
    found = in_state(asking.movement_of(connection, event, at, True), _BEFORE, "cancelled")
    asking.check_role(connection, event, found.item, ["exporter"])


def _cancel(connection: Connection, recorded: Recorded) -> None:
    number = asking.number_in(recorded.event, "movement/")
    at = recorded.event.envelope["occurred_at"]
    repository.change_movement(connection, recorded, number, cancelled_at=at)
    _touch(connection, recorded, number)


def _touch(connection: Connection, recorded: Recorded, number: str) -> None:
    """The notification on which the movement draws has changed with it."""
    found = repository.movement(connection, number)
    if found is not None and found.notification is not None:
        repository.change_notification(connection, recorded, found.notification)


KINDS: Final = (
    EventKind("movement.announced", schemas.Announced, _announces, _keep, t.PROJECTED),
    words.kind("movement.started", schemas.Started, _starts, _start),
    words.kind("movement.mass_corrected", schemas.MassCorrected, _corrects_mass, _correct_mass),
    words.kind("movement.cancelled", schemas.Cancelled, _cancels, _cancel),
)
