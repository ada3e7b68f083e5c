"""Stock against what a facility may store: kilograms and days, each with a warning before the limit.

A limit that nobody has entered is unknown, never none. A warning stops nothing: what stands in the yard
stands there, and who looks must see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from kitaran.registry.custody.amounts import kg, total
from kitaran.registry.custody.stock import Held
from kitaran.registry.ledger.times import read_time
from kitaran.registry.parties.facilities.repository import Dated

Level = Literal["unknown", "within", "near", "over"]
NEAR_SHARE: Final = Decimal("0.8")
"""Of the permitted mass, from which a yard is warned: it must send a lorry before it is full."""
NEAR_DAYS: Final = 14
"""Before the last permitted day, from which it is warned: as long as an offer and its carriage take."""
_DAY: Final = timedelta(days=1)
_KG_IN: Final = {"kg": Decimal(1), "t": Decimal(1000)}
_WORST: Final[tuple[Level, ...]] = ("over", "near")


@dataclass(frozen=True, slots=True)
class Stay:
    """How long an item has lain here. left : days until the last permitted one, None if no limit is known"""

    item: str
    days: int
    left: int | None
    level: Level


@dataclass(frozen=True, slots=True)
class Against:
    """Stock against the limits of a facility.

    mass_kg   : of all that has one; unweighed : number of items that have none
    limit_kg  : None: unknown; level : of the mass
    days      : permitted, None: unknown; stays : of each item, the longest first; days_level : their worst
    permits   : in force to store here now; permit_level : unknown without one, near if the last ends soon
    """

    mass_kg: Decimal
    unweighed: int
    limit_kg: Decimal | None
    level: Level
    days: int | None
    stays: tuple[Stay, ...]
    days_level: Level
    permits: tuple[Dated, ...]
    permit_level: Level


def against(
    held: Sequence[Held], storage: dict[str, Any] | None, permits: Sequence[Dated], at: datetime
) -> Against:
    """The stock `held` against a facility's storage limits (`schemas.Storage`) and permits, at a time."""
    weighed = [one.mass_kg for one in held if one.mass_kg is not None]
    mass = total(weighed)
    limit = None if storage is None else kg(storage["quantity"]) * _KG_IN[storage["unit"]]
    days = None if storage is None else storage.get("days")
    stays = sorted((stay_of(one, days, at) for one in held), key=lambda one: -one.days)
    covering = tuple(one for one in permits if "store" in one.content["activities"] and one.valid_at(at))
    return Against(
        mass,
        len(held) - len(weighed),
        limit,
        _of_mass(mass, limit),
        days,
        tuple(stays),
        worst([one.level for one in stays], "unknown" if days is None else "within"),
        covering,
        _of_permits(covering, at),
    )


def stay_of(one: Held, days: int | None, at: datetime) -> Stay:
    """Whole days that an item has lain here, and how many are left of the permitted `days`."""
    lain = max(0, (at - read_time(one.since, "since")) // _DAY)
    if days is None:
        return Stay(one.item, lain, None, "unknown")
    left = days - lain
    return Stay(one.item, lain, left, "over" if left < 0 else "near" if left <= NEAR_DAYS else "within")


def worst(levels: Sequence[Level], otherwise: Level) -> Level:
    """The worst of these levels; `otherwise` if none is near a limit or over it."""
    return next((level for level in _WORST if level in levels), otherwise)


def _of_mass(mass: Decimal, limit: Decimal | None) -> Level:
    if limit is None:
        return "unknown"
    if mass > limit:
        return "over"
    return "near" if mass >= limit * NEAR_SHARE else "within"


def _of_permits(covering: Sequence[Dated], at: datetime) -> Level:
    if not covering:
        return "unknown"
    ends = [None if one.valid_until is None else read_time(one.valid_until, "until") for one in covering]
    if any(end is None or end - at > NEAR_DAYS * _DAY for end in ends):
        return "within"
    return "near"
