"""Whose a battery is for its passport: who answers for it, until custody says who has and who owns it.

What went into another item is in the hands that have the outermost one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.custody import tables as t
from kitaran.registry.parties.repository import Operator
from kitaran.registry.passport import audiences
from kitaran.registry.passport.audiences import NO_HANDS, Audience, Hands
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.repository import Battery

_TOGETHER: Final = 500
_PREFIX: Final = item_of("")


class _Outermost(NamedTuple):
    """The outermost item around another, whose it is, and what happened to it last."""

    item: str
    holder: str
    owner: str
    status: str
    last_at: str


def hands_of(connection: Connection, batteries: Collection[Battery]) -> dict[str, Hands]:
    """Whose each of these batteries is, by its id."""
    standing = _outermost(connection, [item_of(one.id) for one in batteries])
    return {one.id: _hands(one, standing.get(item_of(one.id))) for one in batteries}


def hands_at(connection: Connection, asked: str, battery: Battery | None, at: datetime) -> Hands:
    """Whose a battery is now, of those who had or owned it, or what it is inside, at that time already; of
    none (None) that was asked for by this id after the same questions to the database. What was taken apart
    stays with who had it last: to say what became of it.
    """
    item = item_of(asked)
    found = _outermost(connection, [item]).get(item)
    c, when = t.interval.c, stamp(at)
    around = [item, item if found is None else found.item]
    spans = sa.select(c.operator).where(
        c.item.in_(around), c.since <= when, sa.or_(c.until.is_(None), c.until > when)
    )
    had = frozenset(connection.execute(spans).scalars())
    if battery is None:
        return NO_HANDS
    hands = _hands(battery, found)
    if found is None or (found.status == "closed" and found.last_at <= when):
        return hands
    return Hands(hands.issuer, hands.holders & had)


def audiences_of(
    connection: Connection, caller: Operator | None, battery: Battery | None, asked: str, at: datetime
) -> frozenset[Audience]:
    """Audiences of a caller for a battery, or for none (None) that was asked for by this id: the same
    questions are put to the database either way.
    """
    standing = _outermost(connection, [item_of(asked if asked.isprintable() else "")])
    hands = NO_HANDS if battery is None else _hands(battery, standing.get(item_of(battery.id)))
    return audiences.of_caller(connection, caller, hands, at)


def audiences_of_each(
    connection: Connection, caller: Operator, batteries: Sequence[Battery], at: datetime
) -> list[frozenset[Audience]]:
    """Audiences of a caller for each of these batteries, in their order."""
    hands = hands_of(connection, batteries)
    return [audiences.of_caller(connection, caller, hands[one.id], at) for one in batteries]


def held_by(operator: str) -> sa.Select[tuple[str]]:
    """Ids of the batteries that an operator has or owns, as a query."""
    c = t.item.c
    whose = sa.or_(c.holder == operator, c.owner == operator)
    return sa.select(sa.func.substr(c.item, len(_PREFIX) + 1)).where(whose, c.item.startswith(_PREFIX))


def _hands(battery: Battery, now: _Outermost | None) -> Hands:
    """A battery that was taken in without a passport has no issuer: it is known to who has it."""
    issuer = battery.operator if battery.origin == "issued" else None
    return Hands(issuer, frozenset({battery.operator} if now is None else {now.holder, now.owner}))


def _outermost(connection: Connection, items: Sequence[str]) -> dict[str, _Outermost]:
    """The outermost item around each of these, by one query for every 500; nothing of
    an item that custody has not met.
    """
    c = t.item.c
    found = {}
    for start in range(0, len(items), _TOGETHER):
        asked = c.item.in_(items[start : start + _TOGETHER])
        told = (c.item, c.holder, c.owner, c.status, c.last_at, c.inside)
        walk = sa.select(c.item.label("asked"), *told).where(asked).cte(recursive=True)
        whole = walk.union_all(sa.select(walk.c.asked, *told).join(walk, c.item == walk.c.inside))
        for one in connection.execute(sa.select(whole).where(whole.c.inside.is_(None))):
            found[one.asked] = _Outermost(one.item, one.holder, one.owner, one.status, one.last_at)
    return found
