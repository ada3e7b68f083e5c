"""What an event must show to be recorded: its signature, a valid key, the heads that it follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kitaran.foundation import clock
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import SigningKey
from kitaran.registry.ledger.repository import Head
from kitaran.registry.ledger.signature import verifies


def check_signature(event: Event, public_key: bytes | None) -> None:
    if public_key is None:
        raise NotAllowedError("The key is not known here.", "$.key_id", "Have the key registered first.")
    if not verifies(public_key, event.signed, bytes.fromhex(event.signature)):
        raise NotAllowedError(
            "The signature is not by this key over this envelope.",
            "$.signature",
            "Sign the canonical bytes of the envelope without `signature`.",
        )


def check_key(event: Event, key: SigningKey | None, at: datetime) -> None:
    if key is None or not key.valid_at(at):
        raise NotAllowedError(
            f"The key was not valid at {clock.stamp(at)}.", "$.key_id", "Sign with a key valid at that time."
        )
    if key.actor != event.actor:
        raise NotAllowedError("The key belongs to another actor.", "$.actor", "Name the key's own operator.")
    if (key.custody == "custodial") != ("session" in event.envelope):
        raise NotAllowedError(
            f"The key's custody is {key.custody}.",
            "$.session",
            "A custodial key signs within a session that the envelope names; an own key names none.",
        )


def compare_heads(heads: Mapping[str, Head], event: Event) -> None:
    for item, expected in event.expects.items():
        head = heads.get(item, Head()).digest
        found = None if head is None else head.hex()
        if found != expected:
            raise ConflictError(
                f"{item} has moved on: its head is {found or 'none'}, not {expected or 'none'}.",
                f"$.expects.{item}",
                "Look at the item's events and decide again.",
            )
