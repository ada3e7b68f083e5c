"""How much waits for an answer: offers that stand, and claims of which nothing was said yet."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import tables as t


def counts(connection: Connection, operator: str, at: str) -> dict[str, int]:
    """What waits at a time for this operator (`_to_answer`) and by it for others (`_made`).

    A claim whose clock has run out still waits: silence agrees to nothing.
    """
    o, c = t.offer.c, t.claim.c
    stands = sa.and_(o.answer.is_(None), sa.or_(o.valid_until.is_(None), o.valid_until > at))
    unanswered = c.outcome.is_(None)
    return {
        "offers_to_answer": _count(connection, stands, o.receiver == operator),
        "offers_made": _count(connection, stands, o.giver == operator),
        "claims_to_answer": _count(connection, unanswered, c.against == operator),
        "claims_made": _count(connection, unanswered, c.claimant == operator),
    }


def _count(connection: Connection, *these: sa.ColumnElement[bool]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).where(*these)).scalar_one())
