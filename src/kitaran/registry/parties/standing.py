"""Who may speak about a facility, a technician, an incident or an alert, and of which item an event must be.

Every function raises NotAllowedError in words that name the field; none of them writes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.parties import repository
from kitaran.registry.parties import tables as t
from kitaran.registry.parties.kinds import NODE
from kitaran.registry.parties.roles import MANAGES


def manages(connection: Connection, actor: str, at: datetime) -> bool:
    """Whether the actor is the node, or was administrator or authority at that time."""
    return actor == NODE or bool(repository.roles(connection, actor, at) & MANAGES)


def check_manages(connection: Connection, event: Event, at: datetime) -> None:
    """The actor manages parties."""
    if not manages(connection, event.actor, at):
        raise NotAllowedError(
            f"{event.actor} is neither administrator nor authority.",
            "$.actor",
            "Ask the administrator of this installation.",
        )


def check_speaks_for(connection: Connection, event: Event, at: datetime, operator: str | None) -> None:
    """The actor is this operator, or manages parties."""
    if event.actor != operator and not manages(connection, event.actor, at):
        raise NotAllowedError(
            f"{event.actor} may not speak for another operator.",
            "$.actor",
            "Let the operator itself say it, or an administrator or authority.",
        )


def check_item(event: Event, item: str) -> None:
    """The event names this item and no other, and says which head of it it follows."""
    if event.items != [item]:
        raise NotAllowedError("The event names another item.", "$.items", f'Send ["{item}"].')


def check_operator(connection: Connection, operator: str, place: str = "$.payload.operator") -> None:
    """There is such an operator."""
    if connection.execute(sa.select(t.operator.c.operator).where(t.operator.c.operator == operator)).first():
        return
    raise NotAllowedError("There is no such operator.", place, "Add the operator first.")


def check_new(connection: Connection, column: sa.Column[str], value: str, what: str) -> None:
    """The id is not taken. Raises ConflictError if it is."""
    if connection.execute(sa.select(column).where(column == value)).first() is not None:
        raise ConflictError(f"There is a {what} of this id.", "$.payload", "Choose another id.")


def check_span(event: Event) -> None:
    """What is valid from a day ends after that day."""
    until = event.payload.get("valid_until")
    if until is not None and until <= event.payload["valid_from"]:
        raise NotAllowedError("It ends before it begins.", "$.payload.valid_until", "Look at its days.")


def nobody(what: str, place: str) -> NotAllowedError:
    """The answer about an id that is not here."""
    return NotAllowedError(f"There is no such {what}.", place, "Look at the id.")


def nearest(spans: Collection[tuple[str, str | None]], at: str) -> int:
    """Index of the span (from, until) that came nearest to covering a time: the one that ended last before
    it, else the one that begins first after it.
    """
    ended = [(until, i) for i, (_, until) in enumerate(spans) if until is not None and until <= at]
    if ended:
        return max(ended)[1]
    return min((since, i) for i, (since, _) in enumerate(spans))[1]
