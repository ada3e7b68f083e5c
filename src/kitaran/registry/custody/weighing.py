"""When the recorded mass and count of an item may change: never so that mass comes out of nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from kitaran.registry.custody import repository
from kitaran.registry.custody.repository import Standing


def changes(mass_kg: Decimal | None, count: int | None) -> dict[str, Any]:
    """The columns of an item that change; what is None stays."""
    told = {"mass_kg": mass_kg, "count": count}
    return {name: value for name, value in told.items() if value is not None}


def may_hold(
    connection: Connection, item: Standing, mass_kg: Decimal | None = None, count: int | None = None
) -> bool:
    """Whether the item may be said to have this mass [kg] and count.

    Not once anything was taken out of it, or it is closed: what came out rests on the old figure. What was
    made of others never gets more than it got then.
    """
    if item.status in ("inside", "closed") or repository.divided(connection, item.item):
        return False
    if not repository.made_of_others(connection, item.item):
        return True
    more_mass = mass_kg is not None and (item.mass_kg is None or mass_kg > item.mass_kg)
    return not more_mass and (count is None or count <= item.count)
