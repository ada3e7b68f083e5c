"""The movements in which one battery is or was, for who may see them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.movement import disclosure, repository
from kitaran.registry.movement import tables as t
from kitaran.registry.parties.repository import Operator


def of_battery(connection: Connection, item: str, caller: Operator) -> list[dict[str, Any]]:
    """Number, state and day of departure of each, the last to leave first; those of others are left out."""
    c = t.travelling.c
    numbers = connection.execute(sa.select(c.movement).where(c.item == item)).scalars().all()
    found = [repository.movement(connection, number) for number in numbers]
    seen = [one for one in found if one is not None and disclosure.may_see(connection, one.item, caller)]
    seen.sort(key=lambda one: (one.departs, one.movement), reverse=True)
    return [{"movement": one.movement, "state": one.state, "departs": one.departs} for one in seen]
