"""For which economy an operator speaks: the one that it was entered with, as authority or as officer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from kitaran.foundation.errors import NotFoundError
from kitaran.reference.region import economy as economy_of
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.parties import repository as parties

AUTHORITY, OFFICER = "authority", "officer"


def speaks_for(connection: Connection, operator: str, role: str, economy: str, at: datetime) -> bool:
    """Whether the operator held the role at that time and was entered with this economy."""
    found = parties.operator(connection, operator, at)
    return found is not None and role in found.roles and found.economy == economy


def check(connection: Connection, event: Event, role: str, economy: str, at: datetime) -> None:
    """Raises NotAllowedError unless the actor is authority or officer of this economy."""
    if not speaks_for(connection, event.actor, role, economy, at):
        raise NotAllowedError(
            f"{event.actor} was no {role} of {economy}.",
            "$.actor",
            f"Let the {role} of {economy} say it; an operator's economy is entered when it is added.",
        )


def authorities_of(connection: Connection, economy: str, at: datetime) -> list[parties.Operator]:
    """Authorities of an economy that act here."""
    found = parties.operators(connection, at)
    return [one for one in found if one.economy == economy and AUTHORITY in one.roles]


def alpha_2(economy: str) -> str | None:
    """The code under which the law's tables know an economy; None if the table of economies has it not."""
    try:
        return economy_of(economy).iso2 or None
    except NotFoundError:
        return None
