"""What becomes of a claim: agreed, disputed, withdrawn. A clock that runs out agrees to nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import offers, repository, schemas
from kitaran.registry.custody import tables as t
from kitaran.registry.custody.acts import Act
from kitaran.registry.custody.amounts import kg
from kitaran.registry.custody.holding import check_items
from kitaran.registry.custody.offers import Claim
from kitaran.registry.custody.weighing import changes, may_hold
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.parties import standing

_FINAL: Final = ("agreed", "withdrawn")


def find(connection: Connection, offer: str, item: str) -> Claim | None:
    """The claim about an item of an offer."""
    return next((one for one in offers.claims_of(connection, offer) if one.item == item), None)


def _answers(connection: Connection, event: Event, at: datetime) -> None:
    """The giver agrees or disputes, the claimant withdraws, who manages parties settles."""
    payload = event.payload
    check_items(event, [payload["item"]])
    found = find(connection, payload["offer"], payload["item"])
    if found is None or payload["outcome"] not in _open_to(connection, event, found, at):
        raise NotAllowedError("There is no such claim for you.", "$.payload", "Look at the offer.")
    if found.outcome in _FINAL or found.outcome == payload["outcome"]:
        raise ConflictError(f"The claim is {found.outcome}.", "$.payload.outcome", "Look at the claim.")
    if event.envelope["occurred_at"] < found.made_at:
        raise ConflictError(f"The claim was made at {found.made_at}.", "$.occurred_at", "Set the clock.")


def _open_to(connection: Connection, event: Event, found: Claim, at: datetime) -> set[str]:
    """Outcomes that the actor may give."""
    words: set[str] = set()
    if event.actor == found.against:
        words |= {"agreed", "disputed"}
    if event.actor == found.claimant:
        words.add("withdrawn")
    if standing.manages(connection, event.actor, at):
        words |= set(_FINAL)
    return words


def _keep(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    payload = event.payload
    found = find(connection, payload["offer"], payload["item"])
    assert found is not None  # checked
    told: dict[str, Any] = {
        "outcome": payload["outcome"],
        "outcome_at": event.envelope["occurred_at"],
        "outcome_by": event.actor,
        "outcome_seq": recorded.seq,
    }
    this = (t.claim.c.offer == found.offer, t.claim.c.item == found.item)
    connection.execute(sa.update(t.claim).where(*this).values(**told))
    if payload["outcome"] == "agreed":
        _weigh(connection, recorded, found)


def _weigh(connection: Connection, recorded: Recorded, found: Claim) -> None:
    """What both sides agree on holds for an item that is still whole; a divided one keeps its figures."""
    item = repository.standing(connection, found.item)
    mass, count = found.content.get("mass_kg"), found.content.get("count")
    wanted = changes(None if mass is None else kg(mass), count or None)
    if item is not None and wanted and may_hold(connection, item, **wanted):
        latest = max(item.last_at, recorded.event.envelope["occurred_at"])
        repository.change(connection, recorded, found.item, **wanted)
        at = t.item.c.item == found.item
        connection.execute(sa.update(t.item).where(at).values(last_at=latest))


ACTS: Final = (Act("custody.claim_answered", schemas.ClaimAnswered, _answers, _keep, moves_head=False),)
