"""Doubting a recorded result, and the end of a doubt."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.parties import standing as parties
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.triage import repository, standing


def disputes(connection: Connection, event: Event, at: datetime) -> None:
    """Authorise `triage.disputed`: by who has a part in the battery, of a result that counts."""
    payload = event.payload
    parties.check_item(event, item_of(payload["battery"]))
    found = repository.find(connection, payload["result"])
    known = found is not None and found.battery == payload["battery"]
    if not (known and standing.may_dispute(connection, payload["battery"], event.actor, at)):
        raise parties.nobody("result for you", "$.payload.result")
    assert found is not None
    if found.state not in (repository.STANDS, repository.DISPUTED):
        raise ConflictError("This result counts no more.", "$.payload.result", "Look at the newest one.")
    if any(one.by == event.actor and one.outcome is None for one in found.disputes):
        raise ConflictError("You dispute it already.", "$.payload.result", "Wait for the answer.")


def settles(connection: Connection, event: Event, at: datetime) -> None:
    """Authorise `triage.settled`: by who raised it, or by an authority with no part in it."""
    payload = event.payload
    parties.check_item(event, item_of(payload["battery"]))
    found = repository.find_dispute(connection, payload["dispute"])
    of = None if found is None else repository.find(connection, found.result)
    if found is None or of is None or of.battery != payload["battery"]:
        raise parties.nobody("dispute for you", "$.payload.dispute")
    own = found.by == event.actor
    manages = parties.manages(connection, event.actor, at)
    if not (own or manages):
        raise parties.nobody("dispute for you", "$.payload.dispute")
    if found.outcome is not None:
        raise ConflictError("This dispute has ended.", "$.payload.dispute", "Raise another one.")
    if (payload["outcome"] == "withdrawn") != own:
        raise NotAllowedError(
            "Who raised a dispute withdraws it; an authority upholds or rejects it.",
            "$.payload.outcome",
            "Say what is yours to say.",
        )
    if not own and standing.is_party(connection, of, event.actor):
        raise NotAllowedError(
            "Nobody judges a dispute of one's own: you recorded the result, doubt it, or have the battery.",
            "$.actor",
            "Another authority, or an administrator, decides.",
        )
