"""A notification or a movement as who may see it reads it: what stands, whose turn it is, what is left."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.law import Decision
from kitaran.law.decision import NOT_A_DETERMINATION
from kitaran.registry.custody.amounts import less, spelt
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.receipt import custody_of
from kitaran.registry.movement import (
    clocks,
    consents,
    disclosure,
    dossier,
    held,
    lawcase,
    repository,
    turns,
    words,
)
from kitaran.registry.movement.clocks import Clock
from kitaran.registry.movement.consents import Room, Standing
from kitaran.registry.movement.jurisdiction import authorities_of
from kitaran.registry.movement.records import Movement, Notification
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.repository import Operator

_GOODS: Final = ("importer", "facility", "activity", "route", "goods", "corridor", "procedure")
_PLANNED: Final = ("first_departure",)
_SPOKEN: Final = ("contract", "guarantee", "reason")
_CARD: Final = ("card", "status", "movement", "procedure", "missing", "reasons", "authorities", "deadlines")


def of_notification(connection: Connection, number: str, caller: Operator, at: datetime) -> dict[str, Any]:
    """Everything about a notification. Raises NotFoundError in the words of one that does not exist."""
    found = repository.notification(connection, number)
    if found is None or not disclosure.may_see(connection, found.item, caller):
        raise disclosure.unseen(number)
    return notification_facts(connection, found, at)


def of_movement(connection: Connection, number: str, caller: Operator, at: datetime) -> dict[str, Any]:
    """Everything about a movement. Raises NotFoundError in the words of one that does not exist."""
    found = repository.movement(connection, number)
    if found is None or not disclosure.may_see(connection, found.item, caller):
        raise disclosure.unseen(number)
    return movement_facts(connection, found, at)


def notification_facts(connection: Connection, found: Notification, at: datetime) -> dict[str, Any]:
    """Everything about a notification, for who may see it."""
    limits = consents.standings(connection, found, at)
    moved = repository.movements_under(connection, found.notification)
    left = consents.room(found, limits, moved)
    asked = repository.questions(connection, found.notification)
    decision = decision_on_notification(connection, found, at)
    wanted = [one for one in decision.documents if not one["id"].startswith("consent_")]
    events = _events(connection, found.item)
    has = held.of_notification(found, events[0]["payload"])
    return {
        "notification": found.notification,
        "item": found.item,
        "head": _head(connection, found.item),
        "state": turns.state_of(found, limits),
        **_parties(connection, found.item, found.exporter, found.content, at),
        **{name: found.content.get(name) for name in (*_GOODS, *_PLANNED)},
        **{name: events[0]["payload"].get(name) for name in _SPOKEN},
        "last_departure": found.last_departure,
        "submitted_at": found.submitted_at,
        "withdrawn_at": found.withdrawn_at,
        "preconsented": lawcase.preconsented(connection, found.content, at),
        "quantity": quantity(found, left),
        "authorities": [_authority(connection, one, at) for one in limits],
        "questions": words.asked(asked, events),
        "movements": [movement_line(one, at) for one in moved],
        "next": turns.timed(turns.of_notification(found, limits, asked, left), at),
        "dossier": dossier.of(connection, [found.item], [], wanted, has),
        "standing": held.standing(connection, found.item, found.content, at),
        "law": _law(decision),
        "events": events,
        "note": NOT_A_DETERMINATION,
    }


def decision_on_notification(connection: Connection, found: Notification, at: datetime) -> Decision:
    """What the law says of a notification on what is recorded."""
    limits = consents.standings(connection, found, at)
    day = max(stamp(at)[:10], found.content["first_departure"])
    prior = lawcase.preconsented(connection, found.content, at)
    have = {one["document"] for one in dossier.given(connection, [found.item])}
    stands = [one.economy for one in limits if one.stands]
    case = lawcase.case_of(found.content, day, prior, found.quantity_kg, stands, sorted(have))
    return lawcase.decision_of(connection, case)


def movement_facts(connection: Connection, found: Movement, at: datetime) -> dict[str, Any]:
    """Everything about a movement, for who may see it."""
    items = repository.items_of(connection, found.movement)
    subjects = [found.item]
    limits: list[Standing] = []
    under = None
    if found.notification is not None:
        under = repository.notification(connection, found.notification)
        assert under is not None  # of a movement that is
        subjects.append(under.item)
        limits = consents.standings(connection, under, at)
    decision = decision_on_movement(connection, found, at)
    running = running_clocks(found, decision, at)
    has = held.of_movement(connection, found, under, items, decision.as_dict()["transport"]["un"])
    checks = _checks(connection, found.movement)
    wanted = [one for one in decision.documents if not one["id"].startswith("consent_")]
    return {
        **movement_line(found, at),
        "item": found.item,
        "head": _head(connection, found.item),
        **_parties(connection, found.item, found.exporter, found.content, at),
        **{name: found.content.get(name) for name in _GOODS},
        "items": items,
        "items_kg": dossier.mass_of(connection, items),
        "consents": [_authority(connection, one, at) for one in limits],
        "checks": checks,
        "held_by": turns.held_by(checks),
        "clocks": [one.as_dict() for one in running],
        "next": turns.timed(turns.of_movement(found, running, checks, stamp(at)), at),
        "dossier": dossier.of(connection, subjects, items, wanted, has),
        "standing": held.standing(connection, found.item, found.content, at),
        "law": _law(decision),
        "events": _events(connection, found.item),
        "note": NOT_A_DETERMINATION,
    }


def _checks(connection: Connection, number: str) -> list[dict[str, Any]]:
    """What officers found, with their remarks."""
    found = repository.checks(connection, number)
    spoken = words.told(connection, [one["seq"] for one in found])
    return [
        {**spoken.get(one["seq"], {}), **{name: value for name, value in one.items() if name != "seq"}}
        for one in found
    ]


def decision_on_movement(connection: Connection, found: Movement, at: datetime) -> Decision:
    """What the law says of a movement on what is recorded.

    Consents are judged as of the start, once it has started: they had to stand then.
    """
    subjects, stands = [found.item], []
    if found.notification is not None:
        under = repository.notification(connection, found.notification)
        assert under is not None  # of a movement that is
        subjects.append(under.item)
        limits = consents.standings(connection, under, at)
        stands = [one.economy for one in limits if one.stands or found.started_at is not None]
    prior = lawcase.preconsented(connection, found.content, at)
    have = {one["document"] for one in dossier.given(connection, subjects)}
    day = (found.started_at or found.departs)[:10]
    case = lawcase.case_of(found.content, day, prior, found.mass_kg, stands, sorted(have))
    return lawcase.decision_of(connection, case)


def running_clocks(found: Movement, decision: Decision, at: datetime) -> list[Clock]:
    """Clocks of a movement that run or have run: receipt, completion, take-back."""
    here = lawcase.holding(decision.case)
    wanted = (
        ("receive", "", found.arrived_at),
        ("complete", "", found.received_at),
        ("take_back", found.ground or "", found.failed_at),
    )
    made = (
        clocks.find(step, found.procedure, role, here, since, stamp(at))
        for step, role, since in wanted
        if since is not None
    )
    return [one for one in made if one is not None]


def movement_line(found: Movement, at: datetime) -> dict[str, Any]:
    """A movement in a list: its number, state, times and masses."""
    times = ("announced_at", "departs", "arrives_by", "started_at", "arrived_at", "received_at")
    ends = ("completed_at", "failed_at", "ground", "taken_back_at", "cancelled_at")
    lost = None if found.received_kg is None else spelt(less(found.mass_kg, found.received_kg))
    return {
        "movement": found.movement,
        "notification": found.notification,
        "serial": found.serial,
        "state": found.state,
        "overdue": found.state == "under_way" and stamp(at) > found.arrives_by,
        **{name: getattr(found, name) for name in (*times, *ends)},
        "mass_kg": spelt(found.mass_kg),
        "received_kg": None if found.received_kg is None else spelt(found.received_kg),
        "difference_kg": lost,
        "certified_kg": spelt(found.certified_kg),
        "recovered_kg": spelt(found.recovered_kg),
    }


def quantity(found: Notification, left: Room) -> dict[str, Any]:
    """Masses [kg] and shipments of a notification: notified, drawn by movements, left."""
    return {
        "notified_kg": spelt(found.quantity_kg),
        "drawn_kg": spelt(left.drawn_kg),
        "left_kg": spelt(left.left_kg),
        "shipments": found.shipments,
        "shipments_drawn": left.shipments_drawn,
        "shipments_left": left.shipments_left,
    }


def _authority(connection: Connection, one: Standing, at: datetime) -> dict[str, Any]:
    row = one.concerned
    seq = row.answer_seq
    spoken = {} if seq is None else words.told(connection, [seq]).get(seq, {})
    return {
        "economy": one.economy,
        "role": row.role,
        "operators": [{"id": o.id, "name": o.name} for o in authorities_of(connection, one.economy, at)],
        "state": one.state,
        "stands": one.stands,
        "acknowledged_at": row.acknowledged_at,
        "answered_at": row.answered_at,
        "acknowledge": None if one.acknowledge is None else one.acknowledge.as_dict(),
        "decide": None if one.decide is None else one.decide.as_dict(),
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "quantity_kg": None if one.quantity_kg is None else spelt(one.quantity_kg),
        "shipments": one.shipments,
        "notice_days": one.notice_days,
        **{name: spoken.get(name) for name in ("conditions", "reference", "reason", "paper")},
    }


def _parties(
    connection: Connection, subject: str, exporter: str, planned: dict[str, Any], at: datetime
) -> dict[str, Any]:
    acted = {one["by"] for one in _events(connection, subject)}
    known = sorted({*repository.sides(connection, subject), *acted})
    names = {one: name_of(connection, one, at) for one in known}
    place = facilities.facility(connection, planned["facility"], at)
    return {
        "exporter": exporter,
        "carriers": sorted(one for one, role in repository.roles(connection, subject) if role == "carrier"),
        "names": names,
        "facility_name": None if place is None else place.description["name"],
    }


def name_of(connection: Connection, operator: str, at: datetime) -> str:
    """The name of an operator; its id if it is not here."""
    found = parties.operator(connection, operator, at)
    return operator if found is None else found.name


def _law(decision: Decision) -> dict[str, Any]:
    """What the law says on these facts, with the versions of rules and facts."""
    told = decision.as_dict()
    names = (*_CARD, "transport", "dangerous_goods", "as_of", "rules_version", "facts_version", "note")
    return {**{name: told[name] for name in names}, "questions": told["questions_in_full"]}


def _head(connection: Connection, item: str) -> str | None:
    head = log.heads(connection, [item]).get(item)
    return None if head is None or head.digest is None else head.digest.hex()


def _events(connection: Connection, item: str) -> list[dict[str, Any]]:
    """Its history, in the order of the log, each with who kept the key that signed it."""
    seqs = log.seqs_of_items(connection, [item])
    spoken, found = words.told(connection, seqs), []
    for seq in seqs:
        row = log.row(connection, seq)
        entry = {} if row is None else canonical.loads(row.entry)
        if entry and entry["envelope"]["kind"].startswith("movement."):
            found.append(_event_line(entry, spoken[seq]))
    return found


def _event_line(entry: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """One event of a history: what, when, by whom, and who kept the key that signed it."""
    envelope = entry["envelope"]
    return {
        "seq": entry["seq"],
        "id": envelope["id"],
        "kind": envelope["kind"].removeprefix("movement."),
        "at": envelope["occurred_at"],
        "recorded_at": entry["recorded_at"],
        "by": envelope["actor"],
        "signed": custody_of(envelope),
        "place": envelope["place"],
        "payload": told,
    }
