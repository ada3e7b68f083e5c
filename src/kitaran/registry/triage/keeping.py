"""Read models of recorded triage: what follows from its events."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport import tables as passport
from kitaran.registry.passport.schemas import READING
from kitaran.registry.triage import tables as t


def keep_result(connection: Connection, recorded: Recorded) -> None:
    """Add a result; the one that it supersedes, and its disputes, end."""
    event, payload = recorded.event, recorded.event.payload
    earlier = payload.get("supersedes")
    told = {name: value for name, value in payload.items() if name not in ("battery", "supersedes")}
    row = {
        "result": event.id,
        "seq": recorded.seq,
        "digest": event.digest.hex(),
        "battery": payload["battery"],
        "by": event.actor,
        "at": event.envelope["occurred_at"],
        "content": canonical.encode(told).decode(),
        "supersedes": earlier,
        "superseded_by": None,
        "set_aside": False,
    }
    connection.execute(sa.insert(t.result), [row])
    if earlier is not None:
        change = sa.update(t.result).where(t.result.c.result == earlier)
        connection.execute(change.values(superseded_by=event.id))
        _end_disputes(connection, recorded, t.dispute.c.result == earlier, "superseded")
    _keep_reading(connection, recorded)


def _keep_reading(connection: Connection, recorded: Recorded) -> None:
    """The passport's dynamic data follow: the sealed reading of the event is one of its readings."""
    event = recorded.event
    battery = event.payload["battery"]
    found = passports.battery(connection, battery)
    if READING not in event.envelope.get("sealed", {}) or found is None or found.state != "in_force":
        return
    row = {
        "seq": recorded.seq,
        "battery": battery,
        "kind": "reading_taken",
        "at": event.envelope["occurred_at"],
        "by": event.actor,
        "content": canonical.encode({"triage": event.id}).decode(),
    }
    connection.execute(sa.insert(passport.step), [row])


def keep_dispute(connection: Connection, recorded: Recorded) -> None:
    """Add a dispute, which is open."""
    event, payload = recorded.event, recorded.event.payload
    row = {
        "dispute": event.id,
        "seq": recorded.seq,
        "result": payload["result"],
        "by": event.actor,
        "at": event.envelope["occurred_at"],
        "reason": payload["reason"],
        **dict.fromkeys(("outcome", "outcome_at", "outcome_by", "outcome_seq")),
    }
    connection.execute(sa.insert(t.dispute), [row])


def keep_outcome(connection: Connection, recorded: Recorded) -> None:
    """End a dispute; a result whose dispute is upheld counts no more."""
    payload = recorded.event.payload
    _end_disputes(connection, recorded, t.dispute.c.dispute == payload["dispute"], payload["outcome"])
    if payload["outcome"] == "upheld":
        of = sa.select(t.dispute.c.result).where(t.dispute.c.dispute == payload["dispute"]).scalar_subquery()
        connection.execute(sa.update(t.result).where(t.result.c.result == of).values(set_aside=True))


def _end_disputes(
    connection: Connection, recorded: Recorded, these: sa.ColumnElement[bool], outcome: str
) -> None:
    event = recorded.event
    ended = {
        "outcome": outcome,
        "outcome_at": event.envelope["occurred_at"],
        "outcome_by": event.actor,
        "outcome_seq": recorded.seq,
    }
    connection.execute(sa.update(t.dispute).where(these, t.dispute.c.outcome.is_(None)).values(**ended))
