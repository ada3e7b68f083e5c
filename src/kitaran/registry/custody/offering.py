"""Hand-over with two sides: offered, and accepted, declined or withdrawn. An offer can also run out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.custody import offers, repository, schemas
from kitaran.registry.custody import tables as t
from kitaran.registry.custody.acts import Act
from kitaran.registry.custody.amounts import kg, spelt
from kitaran.registry.custody.holding import at_hand, in_order, mine, nothing_to_ask, take_up
from kitaran.registry.custody.offers import Offer
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.ledger.receipt import custody_of
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.licensed_acts import require_facility

_ROLES: Final = {"possession": ("holder",), "ownership": ("owner",), "both": ("holder", "owner")}


def _offers(connection: Connection, event: Event, at: datetime) -> None:
    """Who holds (or owns) every item, to another operator, one offer at a time."""
    nothing_to_ask(connection, event, at)
    payload, now = event.payload, event.envelope["occurred_at"]
    for item in event.items:
        at_hand(mine(connection, event, item, *_ROLES[payload.get("passes", "both")]))
    receiver = payload["to"]
    if receiver == event.actor or parties.operator(connection, receiver, at) is None:
        raise NotAllowedError("There is no such other operator.", "$.payload.to", "Name who receives it.")
    if payload.get("valid_until", "9") <= now:
        raise NotAllowedError("It ends before it is made.", "$.payload.valid_until", "Look at the time.")
    if running := offers.running(connection, event.items, now):
        raise ConflictError(
            f"There is an offer already, {running[0].id}.", "$.items", "Withdraw it, or wait for the answer."
        )


def _keep_offer(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    take_up(connection, recorded, event.items)
    row = {
        "offer": event.id,
        "seq": recorded.seq,
        "digest": event.digest.hex(),
        "signed": custody_of(event.envelope),
        "giver": event.actor,
        "receiver": event.payload["to"],
        "passes": event.payload.get("passes", "both"),
        "content": canonical.encode(event.payload).decode(),
        "valid_until": event.payload.get("valid_until"),
        "made_at": event.envelope["occurred_at"],
        "place": event.envelope["place"],
    }
    answer = dict.fromkeys(
        ("answer", "answer_seq", "answer_digest", "answer_signed", "answered_at", "answer_place")
    )
    connection.execute(sa.insert(t.offer), [row | answer])
    rows = []
    for item, found in repository.standings(connection, event.items).items():
        mass = None if found.mass_kg is None else spelt(found.mass_kg)
        rows.append(
            {"offer": event.id, "item": item, "form": found.form, "count": found.count, "mass_kg": mass}
        )
        repository.change(connection, recorded, item)
    connection.execute(sa.insert(t.offered_item), rows)


def standing_offer(connection: Connection, event: Event, side: str) -> Offer:
    """The offer that the event answers, for which the actor is giver or receiver, and its items.

    Raises NotAllowedError in the same words whether there is such an offer or not; ConflictError if it was
    answered.
    """
    found = offers.find(connection, event.payload["offer"])
    if found is None or getattr(found, side) != event.actor:
        raise NotAllowedError("There is no such offer for you.", "$.payload.offer", "Look at its id.")
    if found.answer is not None:
        raise ConflictError(
            f"The offer was {found.answer} at {found.answered_at}.", "$.payload.offer", "Look at the items."
        )
    if sorted(event.items) != sorted(one["item"] for one in offers.items_of(connection, found.id)):
        raise NotAllowedError("These are not the items of the offer.", "$.items", "Name all of them.")
    if event.envelope["occurred_at"] < found.made_at:
        raise ConflictError(
            f"The offer was made at {found.made_at}, after this.", "$.occurred_at", "Set the clock."
        )
    return found


def _accepts(connection: Connection, event: Event, at: datetime) -> None:
    """The receiver, while the offer stands; what is waste only where it may be stored."""
    found = standing_offer(connection, event, "receiver")
    if not found.stands(stamp(at)):
        raise ConflictError(
            f"The offer ran out at {found.valid_until}.", "$.payload.offer", "Ask for another."
        )
    known = repository.standings(connection, event.items)
    for item in event.items:
        at_hand(in_order(event, known[item]))
        if any(getattr(known[item], role) != found.giver for role in found.roles):
            raise ConflictError(f"{item} is no longer the giver's.", "$.items", "Ask who has it.")
    _check_facility(connection, event, found, at)
    _check_claims(connection, event, found)


def _check_facility(connection: Connection, event: Event, found: Offer, at: datetime) -> None:
    facility, waste = event.payload.get("facility"), found.content.get("waste_code")
    if facility is not None:
        require_facility(connection, event.actor, facility, "store", at, waste)
    elif waste is not None and "holder" in found.roles:
        raise NotAllowedError(
            f"Waste {waste} is taken in at a facility that may store it.",
            "$.payload.facility",
            "Name your facility.",
        )


def _check_claims(connection: Connection, event: Event, found: Offer) -> None:
    offered = {one["item"]: one for one in offers.items_of(connection, found.id)}
    claims = event.payload.get("claims", [])
    if len({one["item"] for one in claims}) < len(claims):
        raise NotAllowedError("An item is claimed twice.", "$.payload.claims", "Say it in one claim.")
    for index, claim in enumerate(claims):
        was = offered.get(claim["item"])
        place = f"$.payload.claims[{index}]"
        if was is None:
            raise NotAllowedError("This item was not offered.", place, "Claim what was offered.")
        if not _differs(claim, was, found.content.get("condition")):
            raise NotAllowedError("The claim says what was offered.", place, "Accept without a claim.")


def _differs(claim: dict[str, Any], was: dict[str, Any], condition: str | None) -> bool:
    mass = claim.get("mass_kg")
    return (
        (mass is not None and (was["mass_kg"] is None or kg(mass) != kg(was["mass_kg"])))
        or claim.get("count", was["count"]) != was["count"]
        or claim.get("condition", condition) != condition
    )


def _hand_over(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    found = offers.find(connection, event.payload["offer"])
    assert found is not None  # checked
    answer(connection, recorded, found, "accepted")
    for item in event.items:
        changed: dict[str, Any] = dict.fromkeys(found.roles, event.actor)
        if "holder" in found.roles:
            changed["basis"] = found.content["basis"]
        repository.change(connection, recorded, item, **changed)
        for role in found.roles:
            repository.hand(connection, recorded, item, role, event.actor)
    due = stamp(event.occurred_at + timedelta(days=found.content["claim_days"]))
    rows = [_claim(recorded, found, due, claim) for claim in event.payload.get("claims", [])]
    if rows:
        connection.execute(sa.insert(t.claim), rows)


def _claim(recorded: Recorded, found: Offer, due: str, claim: dict[str, Any]) -> dict[str, Any]:
    event = recorded.event
    told = {name: value for name, value in claim.items() if name != "item"}
    return {
        "offer": found.id,
        "item": claim["item"],
        "claimant": event.actor,
        "against": found.giver,
        "content": canonical.encode(told).decode(),
        "seq": recorded.seq,
        "made_at": event.envelope["occurred_at"],
        "answer_by": due,
    } | dict.fromkeys(("outcome", "outcome_at", "outcome_by", "outcome_seq"))


def _declines(connection: Connection, event: Event, at: datetime) -> None:
    standing_offer(connection, event, "receiver")


def _withdraws(connection: Connection, event: Event, at: datetime) -> None:
    standing_offer(connection, event, "giver")


def _answered(word: str) -> Any:
    def apply(connection: Connection, recorded: Recorded) -> None:
        found = offers.find(connection, recorded.event.payload["offer"])
        assert found is not None  # checked
        answer(connection, recorded, found, word)
        for item in recorded.event.items:
            repository.change(connection, recorded, item)

    return apply


def answer(connection: Connection, recorded: Recorded, found: Offer, word: str) -> None:
    """Write the answer beside the offer."""
    event = recorded.event
    told = {
        "answer": word,
        "answer_seq": recorded.seq,
        "answer_digest": event.digest.hex(),
        "answer_signed": custody_of(event.envelope),
        "answered_at": event.envelope["occurred_at"],
        "answer_place": event.envelope["place"],
    }
    connection.execute(sa.update(t.offer).where(t.offer.c.offer == found.id).values(**told))


ACTS: Final = (
    Act("custody.offered", schemas.Offered, _offers, _keep_offer),
    Act("custody.accepted", schemas.Accepted, _accepts, _hand_over),
    Act("custody.declined", schemas.Declined, _declines, _answered("declined")),
    Act("custody.withdrawn", schemas.Withdrawn, _withdraws, _answered("withdrawn")),
)
