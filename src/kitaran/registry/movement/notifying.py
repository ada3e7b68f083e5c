"""A notification: submitted, amended, withdrawn by the exporter."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody.amounts import kg
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.movement import (
    asking,
    consents,
    lawbook,
    records,
    repository,
    restrictions,
    schemas,
    words,
)
from kitaran.registry.movement import tables as t
from kitaran.registry.movement.records import Notification
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.facilities import repository as facilities


def check_planned(connection: Connection, event: Event, planned: dict[str, Any], at: datetime) -> None:
    """The parties are here, the facility stands in the economy of destination, nothing is on a list."""
    place = "$.payload.alone" if "alone" in event.payload else "$.payload"
    if planned["importer"] == event.actor:
        raise NotAllowedError("The importer is the exporter.", f"{place}.importer", "Name who receives it.")
    for name, operators in (("importer", [planned["importer"]]), ("carriers", planned.get("carriers", []))):
        for operator in operators:
            if parties.operator(connection, operator, at) is None:
                raise NotAllowedError("There is no such operator.", f"{place}.{name}", "Look at the id.")
    _check_facility(connection, planned, place, at)
    _check_corridor(connection, event, planned, place)
    restrictions.check(connection, event.actor, planned, place, at)


def _check_facility(connection: Connection, planned: dict[str, Any], place: str, at: datetime) -> None:
    found = facilities.facility(connection, planned["facility"], at)
    if found is None or not found.open_at(at):
        raise NotAllowedError("There is no such facility.", f"{place}.facility", "Look at its id.")
    destination = planned["route"]["destination"]
    if found.description["economy"] != destination:
        raise NotAllowedError(
            f"Facility {found.id} stands in {found.description['economy']}, not in {destination}.",
            f"{place}.route.destination",
            "Name the economy of the facility.",
        )
    if planned["activity"] not in found.description["activities"]:
        raise NotAllowedError(
            f"Facility {found.id} is not registered to {planned['activity']}.",
            f"{place}.activity",
            "Have the activity entered first, or name another facility.",
        )


def _check_corridor(connection: Connection, event: Event, planned: dict[str, Any], place: str) -> None:
    number = planned.get("corridor")
    if number is None:
        return
    content = repository.corridor_content(connection, number)
    if content is None or planned["facility"] not in content["facilities"]:
        raise NotAllowedError(
            "There is no such corridor for this facility.", f"{place}.corridor", "Leave it out, or ask."
        )
    day = event.envelope["occurred_at"][:10]
    if not content["valid_from"] <= day <= content["valid_until"] or not repository.runs(connection, number):
        raise NotAllowedError(f"Corridor {number} does not run.", f"{place}.corridor", "Leave it out.")
    keeper = facilities.owner(connection, planned["facility"])
    if keeper is None or not repository.takes_part(connection, number, keeper):
        raise NotAllowedError(
            "Who keeps the facility has not joined the corridor.",
            f"{place}.corridor",
            "Leave it out, or let its keeper join first.",
        )


def with_keeper(connection: Connection, planned: dict[str, Any]) -> dict[str, Any]:
    """What is planned, with who keeps the facility."""
    return {**planned, "keeper": facilities.owner(connection, planned["facility"])}


def _submits(connection: Connection, event: Event, at: datetime) -> None:
    number = asking.number_in(event, "notification/")
    if event.items != [records.notification_item(number)]:
        raise NotAllowedError("The event names other items too.", "$.items", "Name only the notification.")
    lawbook.check(connection, event)
    check_planned(connection, event, event.payload, at)
    if repository.notification(connection, number) is not None:  # last: no probe for the numbers of others
        raise ConflictError("The number is taken.", "$.items", "Choose another.")


def _keep(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    payload, at = event.payload, event.envelope["occurred_at"]
    number = asking.number_in(event, "notification/")
    row = {
        "notification": number,
        "exporter": event.actor,
        **{name: payload.get(name) for name in ("importer", "facility", "corridor", "quantity_kg")},
        **{name: payload[name] for name in ("shipments", "last_departure")},
        "content": repository.written(payload),
        "submitted_at": recorded.recorded_at,  # clocks of others run from when they could see it
        "withdrawn_at": None,
        "last_at": at,
    }
    connection.execute(sa.insert(t.notification), [row])
    planned = with_keeper(connection, payload)
    repository.keep_sides(connection, event.items[0], event.actor, planned)
    empty = dict.fromkeys(c.name for c in t.concerned.c)
    rows = [
        {**empty, "notification": number, "economy": economy, "role": role, "place": place}
        for place, (economy, role) in enumerate(repository.on_route(payload["route"]))
    ]
    connection.execute(sa.insert(t.concerned), rows)


def own(connection: Connection, event: Event, at: datetime) -> Notification:
    """The notification, of which the actor is the exporter, and which stands."""
    found = asking.notification_of(connection, event, at)
    asking.check_role(connection, event, found.item, ["exporter"])
    if found.withdrawn_at is not None:
        raise ConflictError(
            f"It was withdrawn at {found.withdrawn_at}.", "$.items", "Submit a new notification."
        )
    return found


def _amends(connection: Connection, event: Event, at: datetime) -> None:
    found = own(connection, event, at)
    changed = {name: event.payload[name] for name in ("carriers",) if name in event.payload}
    check_planned(connection, event, {**found.content, **changed}, at)
    _check_carriers_consented(connection, found, changed.get("carriers", []), at)
    last = event.payload.get("last_departure")
    if last is not None and last < found.content["first_departure"]:
        raise NotAllowedError(
            "The last departure is before the first.", "$.payload.last_departure", "Choose a later day."
        )


def _check_carriers_consented(
    connection: Connection, found: Notification, carriers: list[str], at: datetime
) -> None:
    """A consent is for the carriers that were notified: none comes in behind it."""
    new = sorted(set(carriers) - set(found.content.get("carriers", [])))
    stands = [one.economy for one in consents.standings(connection, found, at) if one.stands] if new else []
    if stands:
        raise ConflictError(
            f"{', '.join(stands)} consented to other carriers; {', '.join(new)} was not notified to them.",
            "$.payload.carriers",
            "Submit a new notification, or amend it after the consents are withdrawn, to be given anew.",
        )


def _amend(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    number = asking.number_in(event, "notification/")
    found = repository.notification(connection, number)
    assert found is not None  # checked
    names = ("quantity_kg", "shipments", "last_departure")
    told = {name: event.payload[name] for name in names if name in event.payload}
    if "carriers" in event.payload:
        content = {**found.content, "carriers": event.payload["carriers"]}
        told["content"] = repository.written(content)
        repository.keep_sides(connection, found.item, found.exporter, with_keeper(connection, content))
    if "quantity_kg" in told:
        told["quantity_kg"] = kg(told["quantity_kg"])
    repository.change_notification(connection, recorded, number, **told)


def _withdraws(connection: Connection, event: Event, at: datetime) -> None:
    own(connection, event, at)


def _withdraw(connection: Connection, recorded: Recorded) -> None:
    number = asking.number_in(recorded.event, "notification/")
    at = recorded.event.envelope["occurred_at"]
    repository.change_notification(connection, recorded, number, withdrawn_at=at)


KINDS: Final = (
    words.kind("movement.notified", schemas.Notified, _submits, _keep),
    words.kind("movement.amended", schemas.Amended, _amends, _amend),
    words.kind("movement.notification_withdrawn", schemas.Withdrawn, _withdraws, _withdraw),
)
