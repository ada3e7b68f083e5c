"""What authorities answer to a notification: acknowledgement, questions, consent, objection.

Each speaks for its own economy. For one that does not act here, the authority of export enters the letter.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody.amounts import spelt
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.movement import asking, jurisdiction, notifying, repository, schemas, words
from kitaran.registry.movement import tables as t
from kitaran.registry.movement.consents import CONSENTED, OBJECTED, TAKEN_BACK
from kitaran.registry.movement.records import Concerned, Notification


def _answers(connection: Connection, event: Event, at: datetime) -> tuple[Notification, Concerned]:
    """The notification and the economy for which the actor may speak. Raises NotAllowedError otherwise."""
    found = asking.notification_of(connection, event, at)
    economy = event.payload["economy"]
    rows = {one.economy: one for one in repository.concerned(connection, found.notification)}
    if economy not in rows:
        raise NotAllowedError(
            f"{economy} is not on the route.", "$.payload.economy", f"Concerned are {', '.join(rows)}."
        )
    if "paper" in event.payload:
        _check_paper(connection, event, found, economy, at)
    else:
        jurisdiction.check(connection, event, jurisdiction.AUTHORITY, economy, at)
    if found.withdrawn_at is not None:
        raise ConflictError(
            f"It was withdrawn at {found.withdrawn_at}.", "$.items", "There is nothing to say."
        )
    return found, rows[economy]


def _check_paper(
    connection: Connection, event: Event, found: Notification, economy: str, at: datetime
) -> None:
    """A letter is entered by the authority of export, and only of an authority that does not act here."""
    jurisdiction.check(connection, event, jurisdiction.AUTHORITY, found.content["route"]["export"], at)
    if here := jurisdiction.authorities_of(connection, economy, at):
        raise NotAllowedError(
            f"The authority of {economy} acts here itself: {here[0].name}.",
            "$.payload.paper",
            "Let it answer with its own key.",
        )


def _acknowledges(connection: Connection, event: Event, at: datetime) -> None:
    _, one = _answers(connection, event, at)
    if one.acknowledged_at is not None:
        raise ConflictError(
            f"It was acknowledged at {one.acknowledged_at}.", "$.payload.economy", "Once is enough."
        )


def _acknowledge(connection: Connection, recorded: Recorded) -> None:
    _change(connection, recorded, acknowledged_at=recorded.recorded_at)


def _asks(connection: Connection, event: Event, at: datetime) -> None:
    _answers(connection, event, at)


def _ask(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    row = {
        "question": event.id,
        "notification": asking.number_in(event, "notification/"),
        "economy": event.payload["economy"],
        "asked_by": event.actor,
        "asked_at": event.envelope["occurred_at"],
        "words": event.payload.get("question", ""),  # of an old event; else beside the log
        "answered_at": None,
        "answer": None,
    }
    connection.execute(sa.insert(t.question), [row])
    repository.change_notification(connection, recorded, row["notification"])


def _replies(connection: Connection, event: Event, at: datetime) -> None:
    found = notifying.own(connection, event, at)
    asked = {one["question"]: one for one in repository.questions(connection, found.notification)}
    one = asked.get(event.payload["question"])
    if one is None:
        raise NotAllowedError("There is no such question.", "$.payload.question", "Look at its id.")
    if one["answered_at"] is not None:
        raise ConflictError(
            f"It was answered at {one['answered_at']}.", "$.payload.question", "Amend the notification."
        )


def _reply(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    told = {"answered_at": event.envelope["occurred_at"], "answer": event.payload.get("answer")}
    this = t.question.c.question == event.payload["question"]
    connection.execute(sa.update(t.question).where(this).values(**told))
    repository.change_notification(connection, recorded, asking.number_in(event, "notification/"))


def _consents(connection: Connection, event: Event, at: datetime) -> None:
    _answers(connection, event, at)


def _consent(connection: Connection, recorded: Recorded) -> None:
    payload = recorded.event.payload
    found = repository.notification(connection, asking.number_in(recorded.event, "notification/"))
    assert found is not None  # checked
    limits = {
        "valid_from": payload["valid_from"],
        "valid_until": payload["valid_until"],
        "quantity_kg": payload.get("quantity_kg") or spelt(found.quantity_kg),
        "shipments": payload.get("shipments") or found.shipments,
        "notice_days": payload.get("notice_days"),
    }
    _answer(connection, recorded, CONSENTED, **limits)


def _objects(connection: Connection, event: Event, at: datetime) -> None:
    _, one = _answers(connection, event, at)
    if one.answer == CONSENTED:
        raise ConflictError(
            "There is a consent of this authority.", "$.payload.economy", "Withdraw the consent instead."
        )


def _object(connection: Connection, recorded: Recorded) -> None:
    _answer(connection, recorded, OBJECTED)


def _takes_back(connection: Connection, event: Event, at: datetime) -> None:
    _, one = _answers(connection, event, at)
    if one.answer != CONSENTED:
        raise ConflictError("There is no consent to withdraw.", "$.payload.economy", "Object instead.")


def _take_back(connection: Connection, recorded: Recorded) -> None:
    _answer(connection, recorded, TAKEN_BACK)


def _answer(connection: Connection, recorded: Recorded, answer: str, **limits: Any) -> None:
    event = recorded.event
    empty = dict.fromkeys(("valid_from", "valid_until", "quantity_kg", "shipments", "notice_days"))
    told = {
        **empty,
        **limits,
        "answer": answer,
        "answered_at": event.envelope["occurred_at"],
        "answered_by": event.actor,
        "answer_seq": recorded.seq,
        "content": repository.written(event.payload),
    }
    _change(connection, recorded, **told)


def _change(connection: Connection, recorded: Recorded, **told: Any) -> None:
    number, c = asking.number_in(recorded.event, "notification/"), t.concerned.c
    this = (c.notification == number, c.economy == recorded.event.payload["economy"])
    connection.execute(sa.update(t.concerned).where(*this).values(**told))
    repository.change_notification(connection, recorded, number)


KINDS: Final = (
    EventKind("movement.acknowledged", schemas.Acknowledged, _acknowledges, _acknowledge, t.PROJECTED),
    words.kind("movement.questioned", schemas.Questioned, _asks, _ask),
    words.kind("movement.answered", schemas.Answered, _replies, _reply),
    words.kind("movement.consented", schemas.Consented, _consents, _consent),
    words.kind("movement.objected", schemas.Objected, _objects, _object),
    words.kind("movement.consent_withdrawn", schemas.ConsentWithdrawn, _takes_back, _take_back),
)
