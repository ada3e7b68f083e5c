"""Who may record a result of a battery, who may doubt one, and who may read it.

Anybody else gets the same words whether there is such a battery, such a result, or none.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.custody import offers
from kitaran.registry.custody import repository as custody
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.roles import READS_ALL
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport.audiences import has_interest
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.triage.repository import Result


def answers_for(connection: Connection, battery: str, operator: str) -> bool:
    """Whether the operator holds or owns the battery, or, where custody has not met it, brought it in."""
    found = custody.standing(connection, item_of(battery))
    if found is not None:
        return operator in (found.holder, found.owner)
    known = passports.battery(connection, battery)
    return known is not None and known.operator == operator


def is_offered(connection: Connection, battery: str, operator: str, at: datetime) -> bool:
    """Whether an offer of the battery to the operator stands at that time."""
    running = offers.running(connection, [item_of(battery)], stamp(at))
    return any(one.receiver == operator for one in running)


def may_record(connection: Connection, battery: str, operator: str, at: datetime) -> bool:
    """Its holder or owner; an authority; and who has a licence to test, while it is offered to them.

    What lies at a facility is held by its operator, so a licence alone says nothing of a battery elsewhere.
    """
    if answers_for(connection, battery, operator):
        return True
    if passports.battery(connection, battery) is None:
        return False
    if "authority" in parties.roles(connection, operator, at):
        return True
    licensed = has_interest(connection, operator, at, frozenset({"test"}))
    return licensed and is_offered(connection, battery, operator, at)


def is_party(connection: Connection, result: Result, operator: str) -> bool:
    """Who recorded a result, doubts it, or has the battery: nobody judges a dispute of one's own."""
    doubts = any(one.by == operator for one in result.disputes)
    return operator == result.by or doubts or answers_for(connection, result.battery, operator)


def may_dispute(connection: Connection, battery: str, operator: str, at: datetime) -> bool:
    """Its holder, its owner, who answers for its passport, and the receiver of an offer that stands."""
    known = passports.battery(connection, battery)
    issued = known is not None and known.operator == operator
    offered = is_offered(connection, battery, operator, at)
    return answers_for(connection, battery, operator) or issued or offered


def may_read(connection: Connection, battery: str, caller: Operator, at: datetime) -> bool:
    """Who may dispute, and who reads everything. Who recorded a result reads that one besides."""
    return bool(caller.roles & READS_ALL) | may_dispute(connection, battery, caller.id, at)
