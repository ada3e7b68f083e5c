"""What a device recorded without a network, taken late: one chain for each key, nothing dropped.

State of each link:

provisional  it waits: for links before it that are missing, or for the offer that it answers
effective    it counts as if it had been sent at once
conflicting  it is kept and has no effect: something else about its item reached the record first, or it
             could not have been at that time. What reached the record first stays
forked       the device signed another link under this number, or one that does not follow
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy import Connection

from kitaran.foundation.errors import Fault, InputError
from kitaran.registry.custody import offers, repository
from kitaran.registry.custody import tables as t
from kitaran.registry.custody.acts import Act
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.ledger.times import read_time

PROVISIONAL, EFFECTIVE, CONFLICTING, FORKED = "provisional", "effective", "conflicting", "forked"
_LINKS: Final = (EFFECTIVE, CONFLICTING)


@dataclass(frozen=True)
class LateActs:
    """The acts that a device may record offline, by name, and what is done with them."""

    acts: Mapping[str, Act]

    def admit(self, connection: Connection, event: Event, at: datetime) -> None:
        """Raises InputError or NotAllowedError for a link that cannot be read. It does not judge the act: a
        link that may not be is kept, too.
        """
        payload = event.payload
        act = self.acts.get(payload["act"])
        if act is None:
            raise InputError(
                "No such act is taken late.", "$.payload.act", f"Known are {', '.join(self.acts)}."
            )
        _check_form(act, payload["payload"])
        if event.expects or not event.items or set(payload["seen"]) != set(event.items):
            raise InputError(
                "A late event expects no head, and says what the device had seen of each item.",
                "$.payload.seen",
                "Leave expects empty; name every item in seen.",
            )
        act.door(connection, _as_act(event), at)

    def keep(self, connection: Connection, recorded: Recorded) -> None:
        """Keep the link, and let the chain go on as far as it can."""
        event, number = recorded.event, recorded.event.payload["number"]
        twice = _at(connection, event.key_id, number) is not None
        content = {"envelope": event.envelope, "recorded_at": recorded.recorded_at}
        row = {
            "seq": recorded.seq,
            "event": event.id,
            "operator": event.actor,
            "key_id": event.key_id,
            "number": number,
            "digest": event.digest.hex(),
            "state": FORKED if twice else PROVISIONAL,
            "reason": f"Another link came under the number {number}." if twice else None,
            "awaits": None,
            "content": canonical.encode(content).decode(),
        }
        connection.execute(sa.insert(t.late), [row])
        self.advance(connection, event.key_id)

    def resume(self, connection: Connection, offer: str) -> None:
        """Let chains go on that waited for this offer."""
        c = t.late.c
        waiting = sa.select(c.key_id).where(c.state == PROVISIONAL, c.awaits == offer).order_by(c.seq)
        for key_id in list(dict.fromkeys(connection.execute(waiting).scalars())):
            self.advance(connection, key_id)

    def advance(self, connection: Connection, key_id: str) -> None:
        """Take the links of a key in the order of their numbers, until one is missing or waits."""
        number, digest = _tip(connection, key_id)
        while (row := _at(connection, key_id, number + 1)) is not None:
            recorded = _recorded(row)
            if recorded.event.payload["previous"] != digest:
                _set(connection, row, FORKED, f"It does not follow the link {number} that is here.")
                return
            awaited = _awaited(connection, recorded.event)
            if awaited is not None:
                _set(connection, row, PROVISIONAL, f"The offer {awaited} is not here yet.", awaited)
                return
            self._take(connection, row, recorded)
            number, digest = row.number, row.digest

    def _take(self, connection: Connection, row: sa.Row[Any], recorded: Recorded) -> None:
        act = self.acts[recorded.event.payload["act"]]
        as_act = replace(recorded, event=_as_act(recorded.event))
        try:
            _check_seen(connection, recorded.event, act.makes(as_act.event))
            act.check(connection, as_act.event, as_act.event.occurred_at)
        except (ConflictError, NotAllowedError, InputError) as refusal:
            _set(connection, row, CONFLICTING, refusal.cause)
            return
        act.apply(connection, as_act)
        _set(connection, row, EFFECTIVE, None)
        if act.name == "custody.offered":
            self.resume(connection, recorded.event.id)


def _check_form(act: Act, payload: dict[str, Any]) -> None:
    try:
        act.schema.model_validate(payload)
    except ValidationError as error:
        faults = [
            Fault(f"$.payload.payload.{'.'.join(map(str, one['loc']))}", f"{one['msg']}.", "Look at the act.")
            for one in error.errors()
        ]
        raise InputError("The act has another form.", faults=faults) from error


def _check_seen(connection: Connection, event: Event, made: frozenset[str]) -> None:
    """Nothing happened to the items since the device last looked."""
    known = repository.standings(connection, event.items)
    for item, seen in sorted(event.payload["seen"].items()):
        now = known.get(item)
        if now is None and seen is None and item in made:
            continue
        if now is None or now.last_digest != seen:
            raise ConflictError(f"{item} had moved on from what the device knew.", "$.payload.seen")


def _awaited(connection: Connection, event: Event) -> str | None:
    """The offer that the act speaks of, if it is not here."""
    offer = event.payload["payload"].get("offer")
    return None if offer is None or offers.find(connection, offer) is not None else str(offer)


def _as_act(event: Event) -> Event:
    """The event as if the act had been sent at once; id and digest stay those of the link."""
    payload = event.payload
    envelope = {**event.envelope, "kind": payload["act"], "payload": payload["payload"]}
    return replace(event, envelope=envelope)


def _recorded(row: sa.Row[Any]) -> Recorded:
    content = canonical.loads(row.content)
    envelope = content["envelope"]
    at = read_time(envelope["occurred_at"], "$.occurred_at")
    event = Event(envelope, "", b"", bytes.fromhex(row.digest), at, {})
    return Recorded(event, row.seq, content["recorded_at"], {})


def _tip(connection: Connection, key_id: str) -> tuple[int, str | None]:
    """Number and digest of the last link that was taken; 0 and None before the first."""
    c = t.late.c
    query = sa.select(c.number, c.digest).where(c.key_id == key_id, c.state.in_(_LINKS))
    found = connection.execute(query.order_by(c.number.desc()).limit(1)).first()
    return (0, None) if found is None else (int(found.number), str(found.digest))


def _at(connection: Connection, key_id: str, number: int) -> sa.Row[Any] | None:
    """The link of this number, forks apart."""
    c = t.late.c
    these = (c.key_id == key_id, c.number == number, c.state != FORKED)
    return connection.execute(sa.select(t.late).where(*these)).first()


def _set(
    connection: Connection, row: sa.Row[Any], state: str, reason: str | None, awaits: str | None = None
) -> None:
    told = {"state": state, "reason": reason, "awaits": awaits}
    connection.execute(sa.update(t.late).where(t.late.c.seq == row.seq).values(**told))


# -- what is told of it


def states(connection: Connection, seqs: list[int]) -> dict[int, tuple[str, str | None]]:
    """State and reason of those of these events that came late."""
    c = t.late.c
    query = sa.select(c.seq, c.state, c.reason).where(c.seq.in_(seqs))
    return {one.seq: (one.state, one.reason) for one in connection.execute(query)}


def chains(connection: Connection, operator: str) -> list[dict[str, Any]]:
    """Each chain of an operator: its key, the links that are here, and the numbers that are missing."""
    c = t.late.c
    query = sa.select(t.late).where(c.operator == operator).order_by(c.key_id, c.number, c.seq)
    found: dict[str, list[sa.Row[Any]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.key_id, []).append(row)
    return [_chain(key_id, rows) for key_id, rows in found.items()]


def _chain(key_id: str, rows: list[sa.Row[Any]]) -> dict[str, Any]:
    here = sorted({row.number for row in rows if row.state != FORKED})
    names = ("number", "event", "state", "reason", "seq")
    return {
        "key_id": key_id,
        "links": [{name: getattr(row, name) for name in names} for row in rows],
        "missing": _missing(here),
    }


def _missing(here: list[int]) -> list[list[int]]:
    """Spans of numbers, first and last, that must come before those that are here."""
    spans, expected = [], 1
    for number in here:
        if number > expected:
            spans.append([expected, number - 1])
        expected = number + 1
    return spans
