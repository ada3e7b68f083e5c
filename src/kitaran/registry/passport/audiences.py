"""Who asks, as a set of audiences: it follows from the caller and the battery, never from the query.

Article 77(2) of Regulation (EU) 2023/1542: everyone reads point 1 of Annex XIII; authorities points 2 and 3;
who has a legitimate interest points 2 and 4. Such an interest is shown by a licence in force to work on
batteries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.schemas import Activity

Audience = str
PUBLIC: Final[Audience] = "public"
LEGITIMATE: Final[Audience] = "legitimate_interest"
AUTHORITY: Final[Audience] = "authority"
HOLDER: Final[Audience] = "holder"
ISSUER: Final[Audience] = "issuer"
MOVEMENT: Final[Audience] = "movement_authority"
ALL: Final[tuple[Audience, ...]] = (PUBLIC, LEGITIMATE, AUTHORITY, HOLDER, ISSUER, MOVEMENT)
NOBODY: Final[frozenset[Audience]] = frozenset({PUBLIC})
SHOWS_INTEREST: Final[frozenset[Activity]] = frozenset(
    {"collect", "swap", "test", "dismantle", "repurpose", "recycle"}
)
"""Activities whose licence shows a legitimate interest in what is in a battery and how it fares."""
READS_EVERYTHING: Final = frozenset({"administrator", "auditor"})
OWN: Final = frozenset({HOLDER, ISSUER})
"""Audiences of those who have a battery or answer for it."""
CLOSE: Final = frozenset({LEGITIMATE, HOLDER, ISSUER})
"""Audiences that see what happened to one battery."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose a battery is. issuer : who answers for its passport; holders : who has or owns it now"""

    issuer: str | None = None
    holders: frozenset[str] = frozenset()


NO_HANDS: Final = Hands()


def of_caller(
    connection: Connection, caller: Operator | None, hands: Hands, at: datetime
) -> frozenset[Audience]:
    """Audiences of a caller for a battery in these hands (`NO_HANDS`: there is no such battery).

    caller : None for somebody without a token and without a session
    """
    if caller is None:
        return NOBODY
    if caller.roles & READS_EVERYTHING:
        return frozenset(ALL)
    found = {PUBLIC}
    if "authority" in caller.roles:
        found.add(AUTHORITY)
    if "officer" in caller.roles:
        found.add(MOVEMENT)
    if caller.id == hands.issuer:
        found.add(ISSUER)
    if caller.id in hands.holders:
        found.add(HOLDER)
    if has_interest(connection, caller.id, at):
        found.add(LEGITIMATE)
    return frozenset(found)


def has_interest(
    connection: Connection, operator: str, at: datetime, activities: frozenset[Activity] = SHOWS_INTEREST
) -> bool:
    """Whether a licence of the operator holds at that time for one of these activities."""
    return any(
        licence.valid_at(at) and activities & set(licence.activities)
        for licence in parties.licences(connection, operator)
    )
