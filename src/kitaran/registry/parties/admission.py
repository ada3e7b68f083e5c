"""Who may act, and with which key: the answers that the log asks for, from the parties' read models."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.ledger import canonical, erasure
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.ledger.kinds import SigningKey
from kitaran.registry.ledger.times import read_time
from kitaran.registry.parties import repository
from kitaran.registry.parties.kinds import NODE
from kitaran.registry.parties.roles import MANAGES, WRITES_NOTHING

TAILS: Final = frozenset({"events", "custody", "lineage", "triage"})
"""What stands behind an item in an address of the API, and so ends no id."""


class Keys:
    """The key book: the node's own key, and those of the operators."""

    def __init__(self, node: SigningKey) -> None:
        self._node = node

    def find(self, connection: Connection, key_id: str) -> SigningKey | None:
        if key_id == self._node.key_id:
            return self._node
        row = repository.key(connection, key_id)
        if row is None:
            return None
        until = None if row.valid_until is None else read_time(row.valid_until, "valid_until")
        since = read_time(row.valid_from, "valid_from")
        return SigningKey(row.key_id, row.operator, row.public_key, row.custody, since, until)


def admit(connection: Connection, event: Event, at: datetime) -> None:
    """Raises NotAllowedError unless the actor held a role at that time with which it may write.

    An item whose id is no address that one could ask for is refused too, and an erasure by a stranger.
    """
    if at == event.occurred_at:  # once is enough: the items are the same at the time of recording
        _check_items(event)
    erases = event.kind == erasure.KIND.name
    if event.actor == NODE:
        if erases:
            _check_erasure(connection, event, frozenset(MANAGES))
        return
    held = repository.roles(connection, event.actor, at)
    if not held - WRITES_NOTHING:
        raise NotAllowedError(
            f"{event.actor} held no role at {stamp(at)} with which it may write.",
            "$.actor",
            "Ask the administrator of this installation for a role.",
        )
    if erases:
        _check_erasure(connection, event, held)


def _check_items(event: Event) -> None:
    """An id is the end of an address: no step in it is empty, `.` or `..`, and its last is no tail."""
    for item in event.items:
        if "/" not in item:
            continue  # its form lets no dot begin it
        steps = item.split("/")
        if {"", ".", ".."} & set(steps) or (len(steps) > 1 and steps[-1] in TAILS):
            raise NotAllowedError(
                f"The item {item} could not be asked for by its address.", "$.items", "Choose another id."
            )


def _check_erasure(connection: Connection, event: Event, held: frozenset[str]) -> None:
    """Who sealed a value may erase it, and so may an administrator or an authority; the event names no item
    but those of the one that held it. Others get the same words whether there is such a value or not.
    """
    row = log.row(connection, event.payload["seq"])
    if row is not None:
        sealing = canonical.loads(row.entry)["envelope"]
        may = bool(held & MANAGES) or sealing["actor"] == event.actor
        if (
            may
            and event.payload["name"] in sealing.get("sealed", {})
            and set(event.items) <= set(sealing["items"])
        ):
            return
    raise NotAllowedError(
        "There is no such value that you may erase.",
        "$.payload",
        "Look at its event; ask who recorded it, or the administrator of this installation.",
    )


def require_licence(connection: Connection, operator_id: str, activity: str, at: datetime) -> None:
    """Raises NotAllowedError unless a licence of the operator covered the activity at that time.

    The refusal names the licence that came nearest: the one that had ended or had not begun.
    """
    covering = [one for one in repository.licences(connection, operator_id) if activity in one.activities]
    if any(licence.valid_at(at) for licence in covering):
        return
    if not covering:
        cause = f"{operator_id} has no licence to {activity}."
    else:
        last = covering[-1]
        span = f"from {last.valid_from} until {last.valid_until or 'further notice'}"
        cause = f"Licence {last.number} ({last.authority}) to {activity} holds {span}, not at {stamp(at)}."
    raise NotAllowedError(cause, "$.actor", "Have the licence entered or renewed first.")
