"""Queries on recorded triage. Each works on a connection that its caller opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.triage import tables as t
from kitaran.registry.triage.schemas import MEASUREMENTS, RESULT

STANDS, DISPUTED, SUPERSEDED, SET_ASIDE = "stands", "disputed", "superseded", "set_aside"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute with its outcome; None while it is open."""

    dispute: str
    seq: int
    result: str
    by: str
    at: str
    reason: str
    outcome: str | None
    outcome_at: str | None
    outcome_by: str | None
    outcome_seq: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """A recorded result. content : the payload; told, measured : sealed values, None once erased"""

    result: str
    seq: int
    digest: str
    battery: str
    by: str
    at: str
    content: dict[str, Any]
    supersedes: str | None
    superseded_by: str | None
    set_aside: bool
    disputes: tuple[Dispute, ...]
    told: dict[str, Any] | None
    measured: dict[str, Any] | None

    @property
    def state(self) -> str:
        """Whether it counts: stands, disputed, superseded or set aside."""
        if self.superseded_by:
            return SUPERSEDED
        if self.set_aside:
            return SET_ASIDE
        return DISPUTED if any(one.outcome is None for one in self.disputes) else STANDS


def results(connection: Connection, battery: str) -> list[Result]:
    """Every result of a battery, the oldest first."""
    c = t.result.c
    rows = connection.execute(sa.select(t.result).where(c.battery == battery).order_by(c.seq)).all()
    return [_result(connection, row) for row in rows]


def find(connection: Connection, result: str) -> Result | None:
    """The result of an id."""
    row = connection.execute(sa.select(t.result).where(t.result.c.result == result)).first()
    return None if row is None else _result(connection, row)


def find_dispute(connection: Connection, dispute: str) -> Dispute | None:
    """The dispute of an id."""
    row = connection.execute(sa.select(t.dispute).where(t.dispute.c.dispute == dispute)).first()
    return None if row is None else Dispute(**row._mapping)


def disputes(connection: Connection, result: str) -> tuple[Dispute, ...]:
    """Every dispute of a result, in order."""
    c = t.dispute.c
    rows = connection.execute(sa.select(t.dispute).where(c.result == result).order_by(c.seq))
    return tuple(Dispute(**row._mapping) for row in rows)


def _result(connection: Connection, row: Any) -> Result:
    sealed = {one.name: canonical.loads(one.content) for one in log.sealed(connection, [row.seq])}
    measured = sealed.get(MEASUREMENTS)
    return Result(
        **{**row._mapping, "content": canonical.loads(row.content), "set_aside": bool(row.set_aside)},
        disputes=disputes(connection, row.result),
        told=sealed.get(RESULT),
        measured=None if measured is None else measured["cells"],
    )
