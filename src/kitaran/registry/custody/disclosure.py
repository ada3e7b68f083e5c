"""Who may see which part of an item's custody.

Who holds or owned it sees what happened in its own time, from the event by which it came to the event by
which it went, and offers and claims in which it stood on a side; the present owner sees all of it; so does
who reads everything. Anybody else gets the words of an item that does not exist.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.errors import NotFoundError
from kitaran.registry.custody import offers, repository
from kitaran.registry.custody import tables as t
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.parties.kinds import item_of
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.roles import READS_ALL
from kitaran.registry.passport import repository as passports

Window = tuple[int, int | None]
"""First and last sequence number, None for one that is still open."""
_TOGETHER = 500


def reads_all(caller: Operator) -> bool:
    """Whether the caller reads the history of every item."""
    return bool(caller.roles & READS_ALL)


def unseen(item: str) -> NotFoundError:
    """The one answer about an item that is not the caller's, and about none."""
    return NotFoundError(
        "There is no such item for you.", item, "Look at the id, or ask the one who holds it."
    )


def within(windows: Sequence[Window], seq: int) -> bool:
    return any(first <= seq and (last is None or seq <= last) for first, last in windows)


def windows_of(connection: Connection, items: Collection[str], operator: str) -> dict[str, list[Window]]:
    """In which windows the operator held or owned each of these items."""
    c = t.interval.c
    found: dict[str, list[Window]] = {}
    ordered = sorted(items)
    for start in range(0, len(ordered), _TOGETHER):
        some = c.item.in_(ordered[start : start + _TOGETHER])
        query = sa.select(c.item, c.seq, c.until_seq).where(some, c.operator == operator)
        for one in connection.execute(query):
            found.setdefault(one.item, []).append((one.seq, one.until_seq))
    return found


def windows(connection: Connection, item: str, operator: str) -> list[Window]:
    """Windows of holding and owning, and the single events of offers and claims of this operator."""
    found = windows_of(connection, [item], operator).get(item, [])
    single = [
        seq
        for one in offers.of_item(connection, item)
        if operator in (one.giver, one.receiver)
        for seq in (one.seq, one.answer_seq)
    ] + [
        seq
        for claim in offers.claims_on(connection, item)
        if operator in (claim.claimant, claim.against)
        for seq in (claim.seq, claim.outcome_seq)
    ]
    return found + [(seq, seq) for seq in single if seq is not None]


def open_to(connection: Connection, item: str, caller: Operator) -> list[Window] | None:
    """Windows in which the caller may read the item's events whole; None if custody does not know the item.

    As much work for an item that is not there.
    """
    found, known = windows(connection, item, caller.id), repository.standing(connection, item)
    if known is None:
        return None
    return [(0, None)] if reads_all(caller) else found


def may_see_now(connection: Connection, item: str, caller: Operator) -> bool:
    """Whether the caller holds or owns it now, or reads everything."""
    now = repository.standing(connection, item)
    return now is not None and (reads_all(caller) or caller.id in (now.holder, now.owner))


def check(connection: Connection, item: str, caller: Operator) -> None:
    """Raises NotFoundError, in the same words for no item, unless the caller may see something."""
    asked = item if item.isprintable() else ""
    if not open_to(connection, asked, caller):
        raise unseen(item)


def readable(connection: Connection, item: str, caller: Operator) -> list[int]:
    """Sequence numbers of the item's events of which the caller may know, in order; none if it is not there.

    What custody knows is open to its present owner, to others in their windows, and to each for what it said
    itself. What custody does not know is open to who acted on it and to the operator of its passport. As much
    work for an item that is not there.
    """
    asked = item if item.isprintable() else ""
    found, known = windows(connection, asked, caller.id), repository.standing(connection, asked)
    battery = passports.battery(connection, asked[8:] if asked.startswith("battery/") else "")
    if reads_all(caller) or asked == item_of(caller.id) or (known and known.owner == caller.id):
        return log.seqs_of_items(connection, [asked])
    said = said_by(connection, asked, caller.id)
    if known is None:
        whole = said or (battery is not None and battery.operator == caller.id)
        return log.seqs_of_items(connection, [asked]) if whole else []
    if not (found or said):
        return []
    seqs = log.seqs_of_items(connection, [asked])
    return [seq for seq in seqs if seq in said or within(found, seq)]


def unmoved(connection: Connection, item: str, caller: Operator) -> bool:
    """Whether the item is a battery with a passport that no event names yet, as one issued with many, and the
    caller answers for it or reads everything. As much work for an item that is not there.
    """
    asked = item if item.isprintable() else ""
    battery = passports.battery(connection, asked[8:] if asked.startswith("battery/") else "")
    named = log.seqs_of_items(connection, [asked])
    known = repository.standing(connection, asked)
    if battery is None or named or known is not None:
        return False
    return reads_all(caller) or battery.operator == caller.id


def said_by(connection: Connection, item: str, operator: str) -> set[int]:
    """Events of the item that the operator signed otherwise than on a device without a network: such an event
    is taken about any item, and opens none.
    """
    if not log.has_acted(connection, item, operator):
        return set()
    rows = log.item_rows(connection, item, -1, len(log.seqs_of_items(connection, [item])))
    envelopes = ((row.seq, canonical.loads(row.entry)["envelope"]) for _, row in rows)
    return {seq for seq, one in envelopes if one["actor"] == operator and one["kind"] != repository.OFFLINE}


def open_whole(connection: Connection, caller: Operator, events: Mapping[int, Mapping[str, Any]]) -> set[int]:
    """Those of these events (envelopes by sequence number) that the caller may read whole: its own, those of
    its hand-overs and claims, and those of which it may know under every item that they name.

    Of the others, which name batteries that are none of its business, it gets what proves them.
    """
    if reads_all(caller):
        return set(events)
    several = {
        seq: one["items"]
        for seq, one in events.items()
        if len(one["items"]) > 1 and one["actor"] != caller.id
    }
    for seq in offers.seqs_of_sides(connection, caller.id) if several else ():
        several.pop(seq, None)
    named = {item for items in several.values() for item in items}
    spans, known = windows_of(connection, named, caller.id), repository.standings(connection, named)
    beside = {one for one in named - set(known) if not readable(connection, one, caller)}

    def hidden(item: str, seq: int) -> bool:
        if item not in known:
            return item in beside
        return known[item].owner != caller.id and not within(spans.get(item, ()), seq)

    return {seq for seq in events if not any(hidden(item, seq) for item in several.get(seq, ()))}
