"""Hand-overs and claims of one operator, page by page: what waits, for whom, and what is done.

Each list is one query for its page and one for its length, however much an operator has handed over; all
of one hand-over stands in `history.handover`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import offers
from kitaran.registry.custody import tables as t
from kitaran.registry.ledger import canonical
from kitaran.registry.parties import tables as parties

TO_ANSWER, MADE, DONE, ALL = "to_answer", "made", "done", "all"
CLAIMS_TO_ANSWER, CLAIMS_MADE = "claims_to_answer", "claims_made"
OFFERS: Final = (TO_ANSWER, MADE, DONE, ALL)
CLAIMS: Final = (CLAIMS_TO_ANSWER, CLAIMS_MADE)
_GRAM: Final = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list. lines : in JSON's own types; total : how many the whole list has"""

    lines: list[dict[str, Any]]
    total: int


def of_offers(
    connection: Connection, operator: str, part: str, at: str, query: str = "", first: int = 0, most: int = 30
) -> Listed:
    """Offers of one part, the newest first.

    part  : `to_answer` got and open, `made` and open, `done` of both sides, or `all`
    query : part of the other side's name, or the end of the number of a battery or of the offer
    """
    o, p = t.offer.c, parties.operator.c
    other = sa.case((o.giver == operator, o.receiver), else_=o.giver)
    chosen = sa.select(o.offer, p.name, other.label("other"), *_TOLD).outerjoin_from(
        t.offer, parties.operator, p.operator == other
    )
    chosen = chosen.where(*_part(operator, part, at), *_searched(query))
    total = connection.execute(sa.select(sa.func.count()).select_from(chosen.subquery())).scalar_one()
    rows = connection.execute(chosen.order_by(o.seq.desc()).offset(first).limit(most)).all()
    sums = _sums(connection, [one.offer for one in rows])
    return Listed([_line(one, operator, at, sums[one.offer]) for one in rows], int(total))


def of_claims(
    connection: Connection, operator: str, part: str, at: str, first: int = 0, most: int = 30
) -> Listed:
    """Claims that are not settled, the one that is due first at the top.

    part : `claims_to_answer` against this operator, or `claims_made` by it
    """
    c, p = t.claim.c, parties.operator.c
    mine, other = (c.against, c.claimant) if part == CLAIMS_TO_ANSWER else (c.claimant, c.against)
    waits = sa.or_(c.outcome.is_(None), c.outcome == "disputed")
    chosen = sa.select(t.claim, p.name).outerjoin_from(t.claim, parties.operator, p.operator == other)
    chosen = chosen.where(mine == operator, waits)
    total = connection.execute(sa.select(sa.func.count()).select_from(t.claim).where(mine == operator, waits))
    page = chosen.order_by(c.answer_by, c.offer, c.item).offset(first).limit(most)
    lines = [_claim(one, part, at) for one in connection.execute(page)]
    return Listed(lines, int(total.scalar_one()))


_TOLD: Final = tuple(
    t.offer.c[name] for name in ("giver", "receiver", "content", "answer", "valid_until", "made_at")
)


def _part(operator: str, part: str, at: str) -> list[sa.ColumnElement[bool]]:
    o = t.offer.c
    stands = sa.and_(o.answer.is_(None), sa.or_(o.valid_until.is_(None), o.valid_until > at))
    sides = sa.or_(o.giver == operator, o.receiver == operator)
    return {
        TO_ANSWER: [o.receiver == operator, stands],
        MADE: [o.giver == operator, stands],
        DONE: [sides, sa.not_(stands)],
        ALL: [sides],
    }[part]


def _searched(query: str) -> list[sa.ColumnElement[bool]]:
    wanted = " ".join(query.split()).lstrip("…").casefold()
    if not wanted:
        return []
    o, i = t.offer.c, t.offered_item.c
    named = sa.select(i.item).where(i.offer == o.offer, i.item.endswith(wanted, autoescape=True)).exists()
    by_name = parties.operator.c.name.icontains(wanted, autoescape=True)
    return [sa.or_(by_name, o.offer.endswith(wanted, autoescape=True), named)]


def _sums(connection: Connection, wanted: list[str]) -> dict[str, tuple[int, float | None]]:
    """How many items each of these offers holds, and their mass [kg]; None if one of them is not weighed."""
    c = t.offered_item.c
    mass = sa.func.sum(sa.cast(c.mass_kg, sa.Float))
    query = sa.select(c.offer, sa.func.count(), sa.func.count(c.mass_kg), mass).group_by(c.offer)
    rows = connection.execute(query.where(c.offer.in_(wanted)))
    return {offer: (n, round(float(kg), _GRAM) if n == weighed else None) for offer, n, weighed, kg in rows}


def _line(one: sa.Row[Any], operator: str, at: str, sums: tuple[int, float | None]) -> dict[str, Any]:
    open_still = one.valid_until is None or at < one.valid_until
    return {
        "offer": one.offer,
        "state": one.answer or (offers.OPEN if open_still else offers.EXPIRED),
        "given": one.giver == operator,
        "other": one.name or one.other,
        "at": one.made_at,
        "items": sums[0],
        "mass_kg": sums[1],
        "basis": canonical.loads(one.content)["basis"],
    }


def _claim(one: sa.Row[Any], part: str, at: str) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("offer", "item", "claimant", "against", "made_at")}
    said = dict.fromkeys(("mass_kg", "count", "condition")) | canonical.loads(one.content)
    state = one.outcome or (offers.OVERDUE if at >= one.answer_by else offers.OPEN)
    return {
        **told,
        **said,
        "answer_by": one.answer_by,
        "outcome_at": one.outcome_at,
        "state": state,
        "other": one.name or (one.claimant if part == CLAIMS_TO_ANSWER else one.against),
        "mine": part == CLAIMS_MADE,
    }
