"""Events of technicians. Each names the item `technician/ID`: an id, never a name."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.parties import standing
from kitaran.registry.parties.technicians import repository, schemas
from kitaran.registry.parties.technicians import tables as t


def item_of(technician: str) -> str:
    """The item under which the history of a technician stands."""
    return f"technician/{technician}"


def _certifies(connection: Connection, event: Event, at: datetime) -> None:
    standing.check_manages(connection, event, at)
    standing.check_item(event, item_of(event.payload["technician"]))
    standing.check_operator(connection, event.payload["operator"])
    standing.check_span(event)
    standing.check_new(connection, t.certificate.c.certificate, event.payload["certificate"], "certificate")


def _ends(connection: Connection, event: Event, at: datetime) -> None:
    standing.check_manages(connection, event, at)
    found = repository.technician_of(connection, event.payload["certificate"])
    if found is None:
        raise standing.nobody("certificate", "$.payload.certificate")
    standing.check_item(event, item_of(found))


def _keep(connection: Connection, recorded: Recorded) -> None:
    payload = recorded.event.payload
    names = ("certificate", "technician", "operator", "issuer", "valid_from")
    row = {name: payload[name] for name in names} | {
        "scopes": canonical.encode(payload["scopes"]).decode(),
        "valid_until": payload.get("valid_until"),
        "seq": recorded.seq,
    }
    connection.execute(sa.insert(t.certificate), [row])


def _end(connection: Connection, recorded: Recorded) -> None:
    at, c = recorded.event.envelope["occurred_at"], t.certificate.c
    earlier = sa.or_(c.valid_until.is_(None), c.valid_until > at)
    this = c.certificate == recorded.event.payload["certificate"]
    connection.execute(sa.update(t.certificate).where(this, earlier).values(valid_until=at))


KINDS: Final = (
    EventKind(
        "parties.technician_certified",
        schemas.TechnicianCertified,
        _certifies,
        _keep,
        t.PROJECTED,
        sealed=schemas.SEALED,
    ),
    EventKind("parties.certificate_ended", schemas.CertificateEnded, _ends, _end, t.PROJECTED),
)
