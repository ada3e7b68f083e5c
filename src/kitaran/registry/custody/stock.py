"""What an operator has in hand: each item with its kind, chemistry, mass, where it lies and since when; what
came and what went.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import tables as t
from kitaran.registry.custody.amounts import kg
from kitaran.registry.custody.contents import PREFIX, UNKNOWN, Told, among, told
from kitaran.registry.custody.intake import FORM_OF
from kitaran.registry.ledger import canonical
from kitaran.registry.passport import tables as p
from kitaran.registry.passport.kinds import item_of


@dataclass(frozen=True, slots=True)
class Held:
    """One item in hand.

    kind     : what was taken in (`lead_acid_lot`, `black_mass`, ...), else the form: `pack`, `other`, ...
    mass_kg  : None if nobody has said it
    since    : from when this holder has it; facility : where it lies, None if that is not said
    names    : serial number and codes under which it is known
    battery  : id of its passport, None if it has none
    label    : what was said of it when it was taken in: voltage_v, capacity_ah, energy_kwh, signs and others
    """

    item: str
    kind: str
    chemistry: str
    status: str
    owner: str
    count: int
    mass_kg: Decimal | None
    since: str
    facility: str | None
    names: tuple[str, ...]
    battery: str | None
    label: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """An item that came or went. other : who gave or got it, None if nobody did: taken in, taken apart"""

    item: str
    kind: str
    chemistry: str
    mass_kg: Decimal | None
    at: str
    other: str | None
    offer: str | None


def in_hand(connection: Connection, operator: str) -> list[Held]:
    """Every item that the operator has, oldest first; what was taken in and custody has not met, too."""
    c, i = t.item.c, t.interval.c
    query = (
        sa.select(c.item, c.form, c.status, c.owner, c.count, c.mass_kg, i.since, i.facility)
        .join_from(t.item, t.interval, sa.and_(i.item == c.item, i.role == "holder", i.until_seq.is_(None)))
        .where(c.holder == operator, i.operator == operator)
        .order_by(i.since, c.item)
    )
    bare = [
        Held(
            one.item,
            one.form,
            UNKNOWN,
            one.status,
            one.owner,
            one._mapping["count"],
            None if one.mass_kg is None else kg(one.mass_kg),
            one.since,
            one.facility,
            (),
            None,
            {},
        )
        for one in connection.execute(query)
    ]
    bare += _not_begun(connection, operator)
    said = told(connection, [one.item for one in bare])
    return sorted((_with(one, said) for one in bare), key=lambda one: (one.since, one.item))


def arrivals(connection: Connection, operator: str, since: str) -> list[Moved]:
    """What came into the operator's hand since a time, newest first."""
    i, o = t.interval.c, t.offer.c
    query = (
        sa.select(i.item, i.since.label("at"), o.giver.label("other"), o.offer)
        .outerjoin_from(t.interval, t.offer, sa.and_(o.answer_seq == i.seq, o.receiver == operator))
        .where(i.operator == operator, i.role == "holder", i.since >= since)
        .order_by(i.seq.desc(), i.item)
    )
    return _moved(connection, operator, query)


def departures(connection: Connection, operator: str, since: str) -> list[Moved]:
    """What left the operator's hand since a time, newest first."""
    i, o = t.interval.c, t.offer.c
    query = (
        sa.select(i.item, i.until.label("at"), o.receiver.label("other"), o.offer)
        .outerjoin_from(t.interval, t.offer, sa.and_(o.answer_seq == i.until_seq, o.giver == operator))
        .where(i.operator == operator, i.role == "holder", i.until >= since)
        .order_by(i.until_seq.desc(), i.item)
    )
    return _moved(connection, operator, query)


def _not_begun(connection: Connection, operator: str) -> list[Held]:
    """What the operator took in by a program that said no more: custody begins with its next event."""
    c = p.battery.c
    known = sa.select(t.item.c.item).where(t.item.c.item == sa.literal(PREFIX) + c.battery).exists()
    query = sa.select(p.battery).where(c.operator == operator, c.origin == "taken_in", ~known)
    found = []
    for one in connection.execute(query.where(c.state == "in_force")):
        said = canonical.loads(one.content)
        form, mass = FORM_OF[said["what"]], kg(said["mass_kg"])
        count, item = said.get("count", 1), item_of(one.battery)
        found.append(
            Held(item, form, UNKNOWN, "held", operator, count, mass, one.at, None, (), one.battery, {})
        )
    return found


def _with(bare: Held, known: dict[str, Told]) -> Held:
    said = known.get(bare.item)
    if said is None:
        return bare
    return replace(
        bare,
        kind=said.kind or bare.kind,
        chemistry=said.chemistry,
        battery=said.battery,
        names=said.names,
        label=said.label or {},
        mass_kg=said.mass_kg if bare.mass_kg is None else bare.mass_kg,
    )


def _moved(connection: Connection, operator: str, query: sa.Select[Any]) -> list[Moved]:
    rows = list(connection.execute(query))
    items = [one.item for one in rows]
    said, forms = told(connection, items), _forms(connection, items)
    offered = _offered(connection, [one.offer for one in rows if one.offer])
    weighed = _weighed(connection, operator, items)
    found = []
    for one in rows:
        about = said.get(one.item)
        mass = offered.get((one.offer, one.item)) if one.offer else weighed.get(one.item)
        if mass is None and about is not None:
            mass = about.mass_kg
        kind = about.kind if about and about.kind else forms.get(one.item, "other")
        chemistry = about.chemistry if about else UNKNOWN
        found.append(Moved(one.item, kind, chemistry, mass, one.at, one.other, one.offer))
    return found


def _forms(connection: Connection, items: Collection[str]) -> dict[str, str]:
    query = sa.select(t.item.c.item, t.item.c.form)
    return {one.item: one.form for one in among(connection, query, t.item.c.item, items)}


def _weighed(connection: Connection, operator: str, items: Collection[str]) -> dict[str, Decimal]:
    """Mass of those that the operator still has: what others found later is none of its business."""
    c = t.item.c
    query = sa.select(c.item, c.mass_kg).where(c.holder == operator, c.mass_kg.is_not(None))
    return {one.item: kg(one.mass_kg) for one in among(connection, query, c.item, items)}


def _offered(connection: Connection, offers: Collection[str]) -> dict[tuple[str, str], Decimal | None]:
    """Mass of each item of these offers: as both sides agreed on a claim, else as it was offered."""
    o, c = t.offered_item.c, t.claim.c
    masses = {
        (one.offer, one.item): None if one.mass_kg is None else kg(one.mass_kg)
        for one in among(connection, sa.select(o.offer, o.item, o.mass_kg), o.offer, offers)
    }
    agreed = sa.select(c.offer, c.item, c.content).where(c.outcome == "agreed")
    for one in among(connection, agreed, c.offer, offers):
        claimed = canonical.loads(one.content).get("mass_kg")
        if claimed is not None:
            masses[one.offer, one.item] = kg(claimed)
    return masses
