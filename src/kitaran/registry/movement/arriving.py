"""Border, receipt, certificate of completion; failure and take-back. No certificate exceeds the receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody.amounts import kg, less, spelt, total
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.movement import asking, jurisdiction, repository, schemas, words
from kitaran.registry.movement import tables as t
from kitaran.registry.movement.records import Movement
from kitaran.registry.movement.shipping import check_offer, in_state
from kitaran.registry.parties.licensed_acts import require_facility

_OPEN: Final = ("under_way", "failed")
_RECEIVERS: Final = ("importer", "facility")
_CANNOT: Final = "cannot_complete"


def _checks(connection: Connection, event: Event, at: datetime) -> None:
    """An officer of an economy on the route, of a movement that has departed."""
    found = in_state(asking.movement_of(connection, event, at, False), _OPEN, "checked at a border")
    economy = event.payload["economy"]
    if economy not in repository.economies(connection, found.item):
        raise NotAllowedError(f"{economy} is not on the route.", "$.payload.economy", "Look at the route.")
    jurisdiction.check(connection, event, jurisdiction.OFFICER, economy, at)


def _keep_check(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    number = asking.number_in(event, "movement/")
    row = {
        "seq": recorded.seq,
        "movement": number,
        "economy": event.payload["economy"],
        "officer": event.actor,
        "finding": event.payload["finding"],
        "at": event.envelope["occurred_at"],
        "content": repository.written(event.payload),
    }
    connection.execute(sa.insert(t.check), [row])
    if event.payload["finding"] == "refused":
        _fail(connection, recorded, number, _CANNOT)
    else:
        repository.change_movement(connection, recorded, number)


def _receives(connection: Connection, event: Event, at: datetime) -> None:
    """Importer or facility, at a facility that may store it; never more than departed."""
    found = in_state(asking.movement_of(connection, event, at, False), ("under_way",), "received")
    asking.check_role(connection, event, found.item, _RECEIVERS)
    keeper = next(one for one, role in _keepers(connection, found))
    require_facility(
        connection, keeper, found.facility, "store", at, found.content["goods"].get("waste_code")
    )
    _check_released(connection, found)
    payload = event.payload
    if not (found.started_at or "") <= payload["arrived"] <= event.envelope["occurred_at"]:
        raise NotAllowedError(
            f"It departed at {found.started_at}, and arrives before it is confirmed.",
            "$.payload.arrived",
            "Look at the time.",
        )
    if kg(payload["mass_kg"]) > found.mass_kg:
        raise ConflictError(
            f"{spelt(found.mass_kg)} kg departed, not {payload['mass_kg']} kg.",
            "$.payload.mass_kg",
            "Weigh again; if more departed, the exporter corrects the mass first.",
        )
    check_offer(connection, event, found)


def _check_released(connection: Connection, found: Movement) -> None:
    """No border holds it: the last finding of each economy let it pass."""
    last = {one["economy"]: one["finding"] for one in repository.checks(connection, found.movement)}
    for economy in sorted(economy for economy, finding in last.items() if finding == "held"):
        raise ConflictError(
            f"An officer of {economy} holds it at the border.",
            "$.payload",
            "It is received after that economy's officer has let it pass.",
        )


def _keepers(connection: Connection, found: Movement) -> list[tuple[str, str]]:
    """Who keeps the facility, else the importer."""
    sides = repository.roles(connection, found.item)
    return [one for wanted in _RECEIVERS[::-1] for one in sides if one[1] == wanted]


def _receive(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    told = {
        "received_at": event.envelope["occurred_at"],
        "arrived_at": event.payload["arrived"],
        "received_kg": kg(event.payload["mass_kg"]),
    }
    repository.change_movement(connection, recorded, asking.number_in(event, "movement/"), **told)


def _refuses(connection: Connection, event: Event, at: datetime) -> None:
    found = in_state(asking.movement_of(connection, event, at, False), ("under_way",), "refused")
    asking.check_role(connection, event, found.item, _RECEIVERS)


def _refuse(connection: Connection, recorded: Recorded) -> None:
    _fail(connection, recorded, asking.number_in(recorded.event, "movement/"), _CANNOT)


def _completes(connection: Connection, event: Event, at: datetime) -> None:
    """Who keeps the facility, under a permit for the activity; of what was received and is not certified."""
    states = ("received", "completed", "failed")
    found = in_state(asking.movement_of(connection, event, at, False), states, "certified")
    keeper = next(one for one, role in _keepers(connection, found))
    if event.actor != keeper:
        raise NotAllowedError(
            f"The certificate is given by {keeper}, who keeps the facility.", "$.actor", "Let it say it."
        )
    code = found.content["goods"].get("waste_code")
    require_facility(connection, keeper, found.facility, found.content["activity"], at, code)
    left = less(found.received_kg or kg("0"), found.certified_kg)
    if kg(event.payload["mass_kg"]) > left:
        raise ConflictError(
            f"{spelt(left)} kg that were received are not certified yet, not {event.payload['mass_kg']} kg.",
            "$.payload.mass_kg",
            "Certify what was received, once.",
        )
    day = event.payload["completed"]
    if not (found.received_at or "")[:10] <= day <= event.envelope["occurred_at"][:10]:
        raise NotAllowedError(
            "It was completed before it was received, or is not yet.",
            "$.payload.completed",
            "Look at the day.",
        )


def _complete(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    number = asking.number_in(event, "movement/")
    found = repository.movement(connection, number)
    assert found is not None
    assert found.received_kg is not None  # checked
    certified = total([found.certified_kg, kg(event.payload["mass_kg"])])
    recovered = total([found.recovered_kg, kg(event.payload.get("recovered_kg", "0"))])
    done = event.envelope["occurred_at"] if certified == found.received_kg else None
    told = {"certified_kg": certified, "recovered_kg": recovered, "completed_at": done}
    repository.change_movement(connection, recorded, number, **told)


def _fails(connection: Connection, event: Event, at: datetime) -> None:
    """A receiver or an exporter says that it cannot be completed; an authority says that it was illegal."""
    found = in_state(asking.movement_of(connection, event, at, False), ("under_way", "received"), "failed")
    economy = event.payload.get("economy")
    if economy is not None:
        if economy not in repository.economies(connection, found.item):
            raise NotAllowedError(
                f"{economy} is not on the route.", "$.payload.economy", "Look at the route."
            )
        jurisdiction.check(connection, event, jurisdiction.AUTHORITY, economy, at)
    elif event.payload["ground"] != _CANNOT:
        raise NotAllowedError(
            "That it was illegal, an authority says.", "$.payload.ground", "Let it name its economy."
        )
    else:
        asking.check_role(connection, event, found.item, [*_RECEIVERS, "exporter"])


def _keep_failure(connection: Connection, recorded: Recorded) -> None:
    number = asking.number_in(recorded.event, "movement/")
    _fail(connection, recorded, number, recorded.event.payload["ground"])


def _fail(connection: Connection, recorded: Recorded, number: str, ground: str) -> None:
    at = recorded.event.envelope["occurred_at"]
    repository.change_movement(connection, recorded, number, failed_at=at, ground=ground)


def _takes_back(connection: Connection, event: Event, at: datetime) -> None:
    """The exporter, or the importer whose fault it was, of what departed and is not certified."""
    found = in_state(asking.movement_of(connection, event, at, False), ("failed",), "taken back")
    who = "importer" if found.ground == "illegal_importer" else "exporter"
    asking.check_role(connection, event, found.item, [who])
    left = less(found.mass_kg, found.certified_kg)
    if kg(event.payload["mass_kg"]) > left:
        raise ConflictError(
            f"{spelt(left)} kg are to be taken back, not {event.payload['mass_kg']} kg.",
            "$.payload.mass_kg",
            "Weigh again.",
        )
    if event.payload["arrived"] > event.envelope["occurred_at"]:
        raise NotAllowedError("It is not back yet.", "$.payload.arrived", "Look at the time.")


def _take_back(connection: Connection, recorded: Recorded) -> None:
    number = asking.number_in(recorded.event, "movement/")
    at = recorded.event.envelope["occurred_at"]
    repository.change_movement(connection, recorded, number, taken_back_at=at)


KINDS: Final = (
    words.kind("movement.border_checked", schemas.BorderChecked, _checks, _keep_check),
    words.kind("movement.received", schemas.Received, _receives, _receive),
    words.kind("movement.receipt_refused", schemas.ReceiptRefused, _refuses, _refuse),
    words.kind("movement.completed", schemas.Completed, _completes, _complete),
    words.kind("movement.failed", schemas.Failed, _fails, _keep_failure),
    words.kind("movement.taken_back", schemas.TakenBack, _takes_back, _take_back),
)
