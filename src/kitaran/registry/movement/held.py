"""What the registry itself holds of a dossier: documents that its own events are, and facts for the others.

Nothing is made up. A notification and an announcement on the log are the documents of that name; receipt and
completion are the certificate. Of what only people can give (a contract, a guarantee) the registry tells what
it knows, and the document stays wanted. Health of a battery is told by its passport, not here: a dossier has
more readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.registry.custody import repository as custody
from kitaran.registry.custody.amounts import spelt
from kitaran.registry.ledger import repository as log
from kitaran.registry.movement import repository, words
from kitaran.registry.movement.records import Movement, Notification
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.technicians import repository as technicians
from kitaran.registry.passport import repository as passports
from kitaran.registry.triage import repository as triage
from kitaran.registry.triage.repository import DISPUTED, STANDS, Result

HELD, IN_PART, LATER = "held", "held in part", "later"
"""All of it is in the registry; some of it is, and somebody completes it; its time has not come."""


@dataclass(frozen=True, slots=True)
class Held:
    """A document as far as the registry has it. facts : by word; lacking : batteries without it"""

    state: str
    facts: Mapping[str, str]
    lacking: tuple[str, ...] = ()


def of_notification(found: Notification, spoken: Mapping[str, Any]) -> dict[str, Held]:
    """By the document's name. spoken : the words of the notification"""
    told = {"number": found.notification, "submitted_at": found.submitted_at}
    come = {name: Held(LATER, {}) for name in ("movement_document", "receipt_certificate")}
    return {"notification_document": Held(HELD, told), **come, **_agreed(spoken)}


def of_movement(
    connection: Connection, found: Movement, under: Notification | None, items: Sequence[str], un: str | None
) -> dict[str, Held]:
    """By the document's name. un : the UN number by which it is carried, if the law's tables know it"""
    held = {} if under is None else of_notification(under, _spoken(connection, under.item))
    told = {"number": found.movement, "announced_at": found.announced_at}
    held |= {"movement_document": Held(HELD, told), "receipt_certificate": _receipt(found)}
    held |= _carried(connection, found)
    if un:
        held["dangerous_goods_note"] = Held(IN_PART, {"un_number": un})
    if items:
        held |= {"packing_list": _packed(connection, items), "test_records": _tested(connection, items)}
    return held


def _spoken(connection: Connection, item: str) -> Mapping[str, Any]:
    first = log.seqs_of_items(connection, [item])[:1]
    return next(iter(words.told(connection, first).values()), {})


_NUMBERS: Final = {
    "contract": ("esm_contract", "valid_contract", "invoice_contract"),
    "guarantee": ("financial_guarantee",),
}
"""Documents of which the notification names the number."""


def _agreed(spoken: Mapping[str, Any]) -> dict[str, Held]:
    named = {name: spoken[name] for name in _NUMBERS if spoken.get(name)}
    return {
        document: Held(IN_PART, {"number": str(number)})
        for name, number in named.items()
        for document in _NUMBERS[name]
    }


def _receipt(found: Movement) -> Held:
    """The certificate of receipt and completion, from the events of the receiver."""
    if found.received_at is None:
        return Held(LATER, {})
    assert found.received_kg is not None  # of one that was received
    told = {"received_at": found.received_at, "received_kg": spelt(found.received_kg)}
    told |= {"certified_kg": spelt(found.certified_kg), "recovered_kg": spelt(found.recovered_kg)}
    if found.completed_at is None:
        return Held(IN_PART, told)
    return Held(HELD, {**told, "completed_at": found.completed_at})


def _carried(connection: Connection, found: Movement) -> dict[str, Held]:
    """Carriers and conveyance, of which the transport document says more."""
    carriers = sorted(one for one, role in repository.roles(connection, found.item) if role == "carrier")
    told = {"carrier": ", ".join(carriers)} if carriers else {}
    return {"transport_doc": Held(IN_PART, told)} if told else {}


def _packed(connection: Connection, items: Sequence[str]) -> Held:
    """The packing list, which is whole when the mass of each battery is known."""
    here = custody.standings(connection, items)
    weighed = {item for item, one in here.items() if one.mass_kg is not None}
    lacking = tuple(sorted(set(items) - weighed))
    return Held(IN_PART if lacking else HELD, {"items": str(len(items))}, lacking)


def _tested(connection: Connection, items: Sequence[str]) -> Held:
    """Test records: results of triage that count."""
    tested = {item for item in items if _test_of(connection, item) is not None}
    lacking = tuple(sorted(set(items) - tested))
    return Held(IN_PART if lacking else HELD, {"tested": str(len(tested)), "of": str(len(items))}, lacking)


def _test_of(connection: Connection, item: str) -> Result | None:
    """The newest result of triage that nobody superseded or set aside."""
    live = [one for one in triage.results(connection, _id(item)) if one.state in (STANDS, DISPUTED)]
    return live[-1] if live else None


def _id(item: str) -> str:
    return item.removeprefix("battery/")


def of_battery(connection: Connection, item: str) -> dict[str, str]:
    """What the registry knows of one battery, in words of the papers."""
    found: dict[str, str] = {}
    battery = passports.battery(connection, _id(item))
    if battery is not None:
        found |= {"identification_number": battery.serial_number or battery.id, "passport": battery.id}
        found |= {"model": battery.model} if battery.model else {}
        for reading in passports.readings(connection, battery.id):
            found |= {"test_date": reading["at"][:10]}
    told = _test_of(connection, item)
    if told is not None:
        found |= {"test_date": told.at[:10], "test_result": told.result, "tested_by": told.by}
        found |= {name: told.content[name] for name in ("instrument", "facility") if told.content.get(name)}
    return found


def standing(
    connection: Connection, subject: str, planned: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """Licences of the sides and permits of the facility that hold now, and certificates of its technicians.

    Numbers and days; names of people stand in the register of technicians, for who may read it.
    """
    names = ("valid_from", "valid_until")
    licensed = [
        {"operator": side, "number": one.number, "authority": one.authority}
        | {"activities": list(one.activities)}
        | {name: getattr(one, name) for name in names}
        for side in sorted(repository.sides(connection, subject))
        for one in parties.licences(connection, side)
        if one.valid_at(at)
    ]
    permitted = [
        {"number": one.content["number"], "authority": one.content["authority"]}
        | {"activities": list(one.content["activities"])}
        | {name: getattr(one, name) for name in names}
        for one in facilities.permits(connection, planned["facility"])
        if one.valid_at(at)
    ]
    keeper = facilities.owner(connection, planned["facility"])
    certified = [
        {"technician": one.technician, "issuer": one.issuer, "scopes": list(one.scopes)}
        | {name: getattr(one, name) for name in names}
        for one in (technicians.certificates(connection, keeper) if keeper else ())
        if one.valid_at(at)
    ]
    return {"licences": licensed, "permits": permitted, "technicians": certified}
