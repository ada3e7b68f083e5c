"""Every query on the technicians. Each function works on a connection that its caller opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.parties.technicians import tables as t


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate. name, number : None once erased, or never told; seq : the event that entered it"""

    id: str
    technician: str
    operator: str
    scopes: tuple[str, ...]
    issuer: str
    valid_from: str
    valid_until: str | None
    seq: int
    name: str | None
    number: str | None

    def valid_at(self, at: datetime) -> bool:
        moment = stamp(at)
        return self.valid_from <= moment and (self.valid_until is None or moment < self.valid_until)


def certificates(
    connection: Connection, operator: str | None = None, technician: str | None = None
) -> list[Certificate]:
    """Certificates of an operator's technicians, of one technician, or all, by technician and day."""
    c = t.certificate.c
    query = sa.select(t.certificate).order_by(c.technician, c.valid_from, c.certificate)
    if operator is not None:
        query = query.where(c.operator == operator)
    if technician is not None:
        query = query.where(c.technician == technician)
    rows = connection.execute(query).all()
    told = _told(connection, [one.seq for one in rows])
    return [
        Certificate(
            one.certificate,
            one.technician,
            one.operator,
            tuple(canonical.loads(one.scopes)),
            one.issuer,
            one.valid_from,
            one.valid_until,
            one.seq,
            told.get((one.seq, "name")),
            told.get((one.seq, "certificate_number")),
        )
        for one in rows
    ]


def technician_of(connection: Connection, certificate: str) -> str | None:
    found = connection.execute(
        sa.select(t.certificate.c.technician).where(t.certificate.c.certificate == certificate)
    ).scalar()
    return None if found is None else str(found)


def _told(connection: Connection, seqs: list[int]) -> dict[tuple[int, str], str]:
    sealed = log.sealed(connection, seqs)
    return {(one.seq, one.name): str(canonical.loads(one.content)) for one in sealed}
