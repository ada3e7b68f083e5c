"""Queries on items, their intervals and their stays. Each works on a connection that its caller opened."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import tables as t
from kitaran.registry.custody.amounts import kg, spelt
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger import tables as ledger
from kitaran.registry.ledger.kinds import Recorded

_TOGETHER: Final = 500
HOLDER, OWNER = "holder", "owner"
OFFLINE: Final = "custody.recorded_offline"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item stands now.

    status : `held`, `lost`, `stolen`, `inside` another item, or `closed` by a full split
    basis  : on what the holder has it, as its last hand-over says; None for who brought it in
    last_* : the last event of custody that changed it
    """

    item: str
    form: str
    holder: str
    owner: str
    basis: str | None
    status: str
    count: int
    mass_kg: Decimal | None
    inside: str | None
    last_at: str
    last_seq: int
    last_digest: str


def standings(connection: Connection, items: Collection[str]) -> dict[str, Standing]:
    """Those of these items that custody knows."""
    rows = _in(connection, sa.select(t.item), t.item.c.item, items)
    return {
        one.item: Standing(**{**one._mapping, "mass_kg": None if one.mass_kg is None else kg(one.mass_kg)})
        for one in rows
    }


def standing(connection: Connection, item: str) -> Standing | None:
    """Where one item stands; None if custody does not know it."""
    return standings(connection, [item]).get(item)


def brought_by(connection: Connection, item: str) -> str | None:
    """Who brought in an item that custody does not know: the operator of its passport, entered alone or as a
    row of an import, or else the actor of its first event.

    What a device recorded offline brings nothing in: anybody can send it about any item.
    """
    imported = sa.select(sa.func.min(ledger.row.c.seq)).where(ledger.row.c.item == item)
    seqs = log.seqs_of_items(connection, [item])
    found = connection.execute(imported).scalar()
    for seq in sorted([*seqs, *([] if found is None else [int(found)])]):
        row = log.row(connection, seq)
        envelope = {} if row is None else canonical.loads(row.entry)["envelope"]
        if envelope and envelope["kind"] != OFFLINE:
            passport = envelope["kind"].startswith("passport.")
            return str((passport and envelope["payload"].get("operator")) or envelope["actor"])
    return None


def add(connection: Connection, recorded: Recorded, item: str, **values: Any) -> None:
    """A new item, held from the time of the event on."""
    mass = values.pop("mass_kg")
    row = {
        "item": item,
        "basis": None,
        "status": "held",
        "mass_kg": None if mass is None else spelt(mass),
        "inside": None,
        **_last(recorded),
        **values,
    }
    connection.execute(sa.insert(t.item), [row])
    for role in (HOLDER, OWNER):
        begin(connection, recorded, item, role, row[role])


def change(connection: Connection, recorded: Recorded, item: str, **values: Any) -> None:
    """Change an item by an event, which is then its last."""
    if isinstance(values.get("mass_kg"), Decimal):
        values["mass_kg"] = spelt(values["mass_kg"])
    connection.execute(sa.update(t.item).where(t.item.c.item == item).values(**_last(recorded), **values))


def begin(connection: Connection, recorded: Recorded, item: str, role: str, operator: str) -> None:
    """Somebody holds or owns an item from the time of the event on, the holder where the event says."""
    envelope = recorded.event.envelope
    row = {
        "item": item,
        "role": role,
        "seq": recorded.seq,
        "operator": operator,
        "since": envelope["occurred_at"],
        "until": None,
        "until_seq": None,
        "place": envelope["place"],
        "facility": envelope["payload"].get("facility") if role == HOLDER else None,
    }
    connection.execute(sa.insert(t.interval), [row])


def end(connection: Connection, recorded: Recorded, item: str, *roles: str) -> None:
    """Nobody holds or owns an item any more, from the time of the event on."""
    c = t.interval.c
    running = (c.item == item, c.role.in_(roles or (HOLDER, OWNER)), c.until_seq.is_(None))
    ended = {"until": recorded.event.envelope["occurred_at"], "until_seq": recorded.seq}
    connection.execute(sa.update(t.interval).where(*running).values(**ended))


def hand(connection: Connection, recorded: Recorded, item: str, role: str, operator: str) -> None:
    """From one to the next, without a moment between."""
    end(connection, recorded, item, role)
    begin(connection, recorded, item, role, operator)


def store(connection: Connection, item: str, facility: str) -> None:
    """The present holder keeps an item at this facility from now on."""
    c = t.interval.c
    running = (c.item == item, c.role == HOLDER, c.until_seq.is_(None))
    connection.execute(sa.update(t.interval).where(*running).values(facility=facility))


def intervals(connection: Connection, item: str) -> list[dict[str, Any]]:
    """Every interval of holding and owning, in order."""
    c = t.interval.c
    query = sa.select(t.interval).where(c.item == item).order_by(c.seq, c.role)
    return [dict(one._mapping) for one in connection.execute(query)]


def stays(connection: Connection, item: str) -> list[dict[str, Any]]:
    """Every vehicle, store or swap pool in which the item was, in order."""
    c = t.stay.c
    query = sa.select(t.stay).where(c.item == item).order_by(c.seq)
    return [dict(one._mapping) for one in connection.execute(query)]


def installed(connection: Connection, item: str) -> bool:
    """Whether the item is in a host now."""
    c = t.stay.c
    return connection.execute(sa.select(c.seq).where(c.item == item, c.until.is_(None))).first() is not None


def divided(connection: Connection, item: str) -> bool:
    """Whether anything was taken out of the item, or it went into another."""
    return connection.execute(sa.select(t.part.c.seq).where(t.part.c.source == item)).first() is not None


def made_of_others(connection: Connection, item: str) -> bool:
    """Whether the item came out of a split or a merger."""
    return connection.execute(sa.select(t.part.c.seq).where(t.part.c.product == item)).first() is not None


def _last(recorded: Recorded) -> dict[str, Any]:
    event = recorded.event
    return {
        "last_at": event.envelope["occurred_at"],
        "last_seq": recorded.seq,
        "last_digest": event.digest.hex(),
    }


def _in(
    connection: Connection, query: sa.Select[Any], column: sa.Column[Any], values: Collection[Any]
) -> Iterator[sa.Row[Any]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _TOGETHER):
        yield from connection.execute(query.where(column.in_(ordered[start : start + _TOGETHER])))
