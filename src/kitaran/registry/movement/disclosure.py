"""Who may see a notification, a movement, a corridor. Who may not gets the words of one that does not exist.

Sides see theirs; an authority or officer those whose route touches its economy; who reads everything, all.
Observers of a corridor see of its movements what the agreement opens, and nothing else.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.errors import NotFoundError
from kitaran.registry.movement import corridors, repository
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.roles import READS_ALL

_OFFICIAL: Final = frozenset({"authority", "officer"})


def unseen(number: str) -> NotFoundError:
    """The one answer about what is not the caller's, and about nothing."""
    return NotFoundError(
        "There is no such notification, movement or corridor for you.",
        number,
        "Look at its number, or ask its exporter.",
    )


def may_see(connection: Connection, subject: str, caller: Operator) -> bool:
    """Whether the caller may see a notification or movement."""
    sides = repository.sides(connection, subject)
    route = repository.economies(connection, subject)
    official = bool(caller.roles & _OFFICIAL) and caller.economy in route
    return bool(sides) and (bool(caller.roles & READS_ALL) or caller.id in sides or official)


def visible(connection: Connection, caller: Operator) -> set[str]:
    """Items of the notifications and movements that the caller may see."""
    if caller.roles & READS_ALL:
        return repository.all_subjects(connection)
    found = repository.subjects_of(connection, caller.id)
    if caller.roles & _OFFICIAL and caller.economy is not None:
        found |= repository.subjects_through(connection, caller.economy)
    return found


def opens(connection: Connection, corridor: str, caller: Operator | None) -> frozenset[str] | None:
    """What of its movements a corridor shows to the caller; None if the caller may not know of it.

    Who has joined sees all. Who is named and has not, or has left, knows of it as an observer does: to be
    named by another is no consent of those whose shipments it shows.
    caller : None for anybody, who sees a corridor only if its agreement says that it is public
    """
    content = repository.corridor_content(connection, corridor)
    if content is None:
        return None
    if caller is not None and _takes_part(connection, corridor, caller):
        return frozenset(("dates", "masses", "parties", "findings"))
    if (caller is not None and _is_named(connection, corridor, content, caller)) or content.get("public"):
        return frozenset(content.get("discloses", []))
    return None


def _takes_part(connection: Connection, corridor: str, caller: Operator) -> bool:
    return bool(caller.roles & READS_ALL) or repository.takes_part(connection, corridor, caller.id)


def _is_named(connection: Connection, corridor: str, content: dict[str, Any], caller: Operator) -> bool:
    keepers = {facilities.owner(connection, one) for one in content["facilities"]}
    named = {*content.get("observers", []), *corridors.members(connection, corridor), *keepers}
    return caller.id in named
