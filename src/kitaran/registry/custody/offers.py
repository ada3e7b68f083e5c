"""Queries on offers and on the claims that came of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import tables as t
from kitaran.registry.ledger import canonical

OPEN, EXPIRED, OVERDUE = "open", "expired", "overdue"


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer with its answer. content : the payload of the event; signed : who kept the signing key"""

    offer: str
    seq: int
    digest: str
    signed: str
    giver: str
    receiver: str
    passes: str
    content: dict[str, Any]
    valid_until: str | None
    made_at: str
    place: str | None
    answer: str | None
    answer_seq: int | None
    answer_digest: str | None
    answer_signed: str | None
    answered_at: str | None
    answer_place: str | None

    def stands(self, at: str) -> bool:
        """Whether it could be accepted at a time."""
        return self.answer is None and (self.valid_until is None or at < self.valid_until)

    def state(self, at: str) -> str:
        """`accepted`, `declined`, `withdrawn`, `open` or `expired`, as it looks at a time."""
        return self.answer or (OPEN if self.stands(at) else EXPIRED)

    @property
    def id(self) -> str:
        """Its id, that of the event by which it was made."""
        return self.offer

    @property
    def roles(self) -> tuple[str, ...]:
        """What it passes on."""
        return {"possession": ("holder",), "ownership": ("owner",)}.get(self.passes, ("holder", "owner"))


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with its outcome."""

    offer: str
    item: str
    claimant: str
    against: str
    content: dict[str, Any]
    seq: int
    made_at: str
    answer_by: str
    outcome: str | None
    outcome_at: str | None
    outcome_by: str | None
    outcome_seq: int | None

    def state(self, at: str) -> str:
        """Its outcome, or `open`, or `overdue` once its clock has run out without a word."""
        return self.outcome or (OVERDUE if at >= self.answer_by else OPEN)


def find(connection: Connection, offer: str) -> Offer | None:
    """The offer of an id."""
    return next(iter(_offers(connection, t.offer.c.offer == offer)), None)


def running(connection: Connection, items: Collection[str], at: str) -> list[Offer]:
    """Offers of one of these items that could be accepted at a time."""
    return [one for item in items for one in of_item(connection, item) if one.stands(at)]


def of_item(connection: Connection, item: str) -> list[Offer]:
    """Every offer of an item, in order."""
    named = sa.select(t.offered_item.c.offer).where(t.offered_item.c.item == item)
    return _offers(connection, t.offer.c.offer.in_(named))


def of_operator(connection: Connection, operator: str) -> list[Offer]:
    """Every offer that an operator made or got, in order."""
    c = t.offer.c
    return _offers(connection, sa.or_(c.giver == operator, c.receiver == operator))


def seqs_of_sides(connection: Connection, operator: str) -> set[int]:
    """Events of the offers and claims in which an operator stands on a side."""
    o, c = t.offer.c, t.claim.c
    sides = sa.or_(o.giver == operator, o.receiver == operator)
    claimed = sa.or_(c.claimant == operator, c.against == operator)
    rows = [
        *connection.execute(sa.select(o.seq, o.answer_seq).where(sides)),
        *connection.execute(sa.select(c.seq, c.outcome_seq).where(claimed)),
    ]
    return {int(seq) for row in rows for seq in row if seq is not None}


def items_of(connection: Connection, offer: str) -> list[dict[str, Any]]:
    """Items of an offer as they were offered: item, form, count, mass_kg."""
    c = t.offered_item.c
    rows = connection.execute(sa.select(t.offered_item).where(c.offer == offer).order_by(c.item))
    return [{str(name): value for name, value in one._mapping.items() if name != "offer"} for one in rows]


def claims_on(connection: Connection, item: str) -> list[Claim]:
    """Every claim about an item, in order."""
    return _claims(connection, t.claim.c.item == item)


def claims_of(connection: Connection, offer: str) -> list[Claim]:
    """Every claim that came with the acceptance of an offer."""
    return _claims(connection, t.claim.c.offer == offer)


def _offers(connection: Connection, *these: sa.ColumnElement[bool]) -> list[Offer]:
    rows = connection.execute(sa.select(t.offer).where(*these).order_by(t.offer.c.seq))
    return [Offer(**{**one._mapping, "content": canonical.loads(one.content)}) for one in rows]


def _claims(connection: Connection, *these: sa.ColumnElement[bool]) -> list[Claim]:
    rows = connection.execute(sa.select(t.claim).where(*these).order_by(t.claim.c.seq, t.claim.c.item))
    return [Claim(**{**one._mapping, "content": canonical.loads(one.content)}) for one in rows]
