"""The procedure with a hand that signs: what commands and pages call, one event each."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from kitaran.foundation.database import reading
from kitaran.registry.movement import disclosure, lawbook, records, repository, words
from kitaran.registry.parties.hand import Hand

ON_NOTIFICATION: Final = frozenset(
    ("amended", "notification_withdrawn", "acknowledged", "questioned", "answered", "consented", "objected")
) | {"consent_withdrawn"}
ON_MOVEMENT: Final = frozenset(
    ("border_checked", "received", "receipt_refused", "completed", "failed", "taken_back")
)
ON_BOTH: Final = frozenset(("started", "mass_corrected", "cancelled"))
"""Acts on a movement that change what is drawn on the consents: they name its notification too."""
ON_CORRIDOR: Final = frozenset(("corridor_joined", "corridor_left", "barrier_met", "barrier_lifted"))


def new_number(prefix: str) -> str:
    """A number that nobody has."""
    return f"{prefix}-{secrets.token_hex(5)}"


def notify(hand: Hand, payload: Mapping[str, Any], number: str | None = None) -> dict[str, Any]:
    """Submit a notification; its number and the receipt. Raises as `Ledger.append` does.

    payload : as `schemas.Notified` says
    """
    made = number or new_number("n")
    receipt = _say(hand, "notified", [records.notification_item(made)], payload)
    return {"notification": made, "receipt": receipt}


def say_of_notification(
    hand: Hand, number: str, act: str, payload: Mapping[str, Any], place: str | None = None
) -> dict[str, Any]:
    """One of ON_NOTIFICATION. Raises as `Ledger.append` does."""
    return _say(hand, act, [records.notification_item(number)], payload, place)


def announce(
    hand: Hand, payload: Mapping[str, Any], items: Sequence[str] = (), number: str | None = None
) -> dict[str, Any]:
    """Announce a movement with its batteries; its number and the receipt. Raises as `Ledger.append` does.

    payload : as `schemas.Announced` says
    """
    made = number or new_number("m")
    named = [records.movement_item(made)]
    if payload.get("notification"):
        named.append(records.notification_item(str(payload["notification"])))
    return {"movement": made, "receipt": _say(hand, "announced", [*named, *items], payload)}


def say_of_movement(
    hand: Hand, number: str, act: str, payload: Mapping[str, Any], place: str | None = None
) -> dict[str, Any]:
    """One of ON_MOVEMENT or ON_BOTH.

    Raises as `Ledger.append` does, NotFoundError if there is no such movement.
    """
    named = [records.movement_item(number)]
    if act in ON_BOTH:
        with reading(hand.ledger.engine) as connection:
            found = repository.movement(connection, number)
        if found is None:
            raise disclosure.unseen(number)
        if found.notification is not None:
            named.append(records.notification_item(found.notification))
    return _say(hand, act, named, payload, place)


def give_document(hand: Hand, subject: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Add a document to a dossier. subject : item of the notification or movement

    payload : as `schemas.DocumentGiven` says
    """
    return _say(hand, "document_given", [subject], payload)


def withdraw_document(hand: Hand, subject: str, given: str, reason: str) -> dict[str, Any]:
    """Take one's own document out of a dossier. subject : item of the dossier; given : id of the event"""
    return _say(hand, "document_withdrawn", [subject], {"given": given, "reason": reason})


def agree_corridor(hand: Hand, payload: Mapping[str, Any], number: str | None = None) -> dict[str, Any]:
    """Propose a corridor, which its author joins thereby; its number and the receipt.

    payload : as `schemas.CorridorAgreed` says
    """
    made = number or new_number("c")
    receipt = _say(hand, "corridor_agreed", [records.corridor_item(made)], payload)
    return {"corridor": made, "receipt": receipt}


def say_of_corridor(hand: Hand, number: str, act: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """One of ON_CORRIDOR. Raises as `Ledger.append` does."""
    return _say(hand, act, [records.corridor_item(number)], payload)


def report_preconsent(hand: Hand, facility: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a facility with a pre-consent took in and treated, as `schemas.PreconsentReported` says."""
    return _say(hand, "preconsent_reported", [f"facility/{facility}"], payload)


def say_of_item(hand: Hand, item: str, act: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Any act about one item; an act on a movement names its notification too, where it draws on it."""
    noun, _, number = item.partition("/")
    if noun == "movement" and act in ON_BOTH:
        return say_of_movement(hand, number, act, payload)
    return _say(hand, act, [item], payload)


def _say(
    hand: Hand, act: str, items: Sequence[str], told: Mapping[str, Any], place: str | None = None
) -> dict[str, Any]:
    kind = f"movement.{act}"
    payload, sealed = words.parted(kind, told)
    if kind in lawbook.DECIDED_BY:
        payload["law"] = lawbook.read_by(hand.ledger.engine)
    recorded: dict[str, Any] = orjson.loads(hand.record(kind, items, payload, sealed, place=place))
    return recorded
