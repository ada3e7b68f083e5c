"""Handing over with a hand that signs: what commands and pages call, one event each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from kitaran.foundation.database import reading
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.custody import history, offers
from kitaran.registry.parties.hand import Hand


def begin(hand: Hand, item: str, payload: Mapping[str, Any], place: str | None = None) -> dict[str, Any]:
    """Let custody of an item begin in the hand of the actor. Raises as `Ledger.append` does."""
    return _said(hand, "custody.begun", [item], payload, place)


def offer(
    hand: Hand, items: Sequence[str], payload: Mapping[str, Any], place: str | None = None
) -> dict[str, Any]:
    """Offer items to a receiver; the receipt of the log, and the offer. Raises as `Ledger.append` does.

    payload : as `schemas.Offered` says
    """
    recorded = _said(hand, "custody.offered", items, payload, place)
    return _with_handover(hand, recorded["id"], recorded)


def accept(
    hand: Hand,
    offer_id: str,
    claims: Sequence[Mapping[str, Any]] = (),
    facility: str | None = None,
    place: str | None = None,
) -> dict[str, Any]:
    """Accept an offer with all its items; the receipt of the log, and the hand-over with both receipts.

    claims : as `schemas.Claim` says
    Raises as `Ledger.append` does, NotFoundError if the actor stands on no side of such an offer.
    """
    items = _items_of(hand, offer_id)
    payload = {"offer": offer_id, "facility": facility, "claims": list(claims) or None}
    recorded = _said(hand, "custody.accepted", items, payload, place)
    return _with_handover(hand, offer_id, recorded)


def refuse(
    hand: Hand, kind: str, offer_id: str, reason: str | None = None, place: str | None = None
) -> dict[str, Any]:
    """Decline an offer (`custody.declined`) or withdraw it (`custody.withdrawn`); the receipt, and the offer.

    Raises as `accept` does.
    """
    items = _items_of(hand, offer_id)
    recorded = _said(hand, kind, items, {"offer": offer_id, "reason": reason}, place)
    return _with_handover(hand, offer_id, recorded)


def act(
    hand: Hand, kind: str, items: Sequence[str], payload: Mapping[str, Any], place: str | None = None
) -> dict[str, Any]:
    """Say that something happened to these items; the receipt of the log. Raises as `Ledger.append` does.

    payload : as `schemas` says for the kind; what is None is left out
    """
    return _said(hand, kind, items, payload, place)


def _items_of(hand: Hand, offer_id: str) -> list[str]:
    """Items of an offer. Raises NotFoundError if the actor stands on no side of such an offer."""
    with reading(hand.ledger.engine) as connection:
        found = offers.find(connection, offer_id)
        if found is None or hand.actor not in (found.giver, found.receiver):
            raise NotFoundError("There is no such offer for you.", offer_id, "Look at the list of offers.")
        return [one["item"] for one in offers.items_of(connection, offer_id)]


def _said(
    hand: Hand, kind: str, items: Sequence[str], payload: Mapping[str, Any], place: str | None
) -> dict[str, Any]:
    recorded: dict[str, Any] = orjson.loads(hand.record(kind, items, payload, place=place))
    return recorded


def _with_handover(hand: Hand, offer_id: str, recorded: dict[str, Any]) -> dict[str, Any]:
    with reading(hand.ledger.engine) as connection:
        return {**history.handover(connection, offer_id), "receipt": recorded}
