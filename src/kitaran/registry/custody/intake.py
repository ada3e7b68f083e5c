"""A battery or lot without a passport comes into a yard: its history starts, in the hand of who takes it in.

Two events in one transaction: `passport.taken_in` says what it is, `custody.begun` in whose hand and at which
facility it lies.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.custody.holding import check_own_facility
from kitaran.registry.ledger.envelope import read_event, sign
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.service import new_id

FORM_OF: Final[Mapping[str, str]] = {
    "pack": "pack",
    "module": "module",
    "cell": "cell",
    "lead_acid_lot": "pack",
    "mixed_lot": "pack",
    "black_mass": "other",
    "salt": "other",
}
"""The form that custody gives to what is taken in. A lot is so many packs."""
LOTS: Final = frozenset({"lead_acid_lot", "mixed_lot"})


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was taken in: id of the battery, its item, and the receipts of the two events."""

    battery: str
    item: str
    receipts: tuple[dict[str, Any], dict[str, Any]]


def take_in(
    hand: Hand,
    told: Mapping[str, Any],
    facility: str | None = None,
    place: str | None = None,
    battery: str | None = None,
) -> TakenIn:
    """Take in what has no passport, both events or none.

    told    : as `passport.schemas.TakenIn` says, without `battery`
    battery : its id, made with `service.new_id` before: what is sent twice is taken in once
    Raises InputError for a lot that is not counted or a single one that is, NotAllowedError if the facility
    is none of the actor's, and as `Ledger.append` does.
    """
    _check_count(told)
    if facility is not None:
        with reading(hand.ledger.engine) as connection:
            check_own_facility(connection, hand.actor, facility, now())
    battery = battery or new_id()
    item = item_of(battery)
    at = stamp()
    said = _event(hand, "passport.taken_in", item, {"battery": battery, **told}, None, at, place)
    head = read_event(said).digest.hex()
    begun = {
        "form": FORM_OF.get(str(told.get("what")), "pack"),
        "count": told.get("count"),
        "mass_kg": told.get("mass_kg"),
        "condition": told.get("condition"),
        "facility": facility,
    }
    outcomes = hand.ledger.append_all(
        [(said, None), (_event(hand, "custody.begun", item, begun, head, at, place), None)]
    )
    receipts = []
    for outcome in outcomes:
        if isinstance(outcome, KitaranError):
            raise outcome
        receipts.append(orjson.loads(outcome))
    return TakenIn(battery, item, (receipts[0], receipts[1]))


def _check_count(told: Mapping[str, Any]) -> None:
    what, count = told.get("what"), told.get("count")
    if what in LOTS and count is None:
        raise InputError("A lot is weighed and counted.", "$.payload.count", "Count the batteries in it.")
    if what not in LOTS and count is not None:
        raise InputError("Only a lot has a count.", "$.payload.count", "Take in each one by itself.")


def _event(
    hand: Hand,
    kind: str,
    item: str,
    payload: Mapping[str, Any],
    head: str | None,
    at: str,
    place: str | None,
) -> dict[str, Any]:
    envelope = {
        "kind": kind,
        "id": secrets.token_hex(16),
        "actor": hand.actor,
        "items": [item],
        "expects": {item: head},
        "occurred_at": at,
        "place": place,
        "payload": {name: value for name, value in payload.items() if value is not None},
        **({} if hand.session is None else {"session": hand.session}),
    }
    return sign(envelope, hand.key)
