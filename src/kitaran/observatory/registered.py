"""Registered batteries that are in vehicles now, one row a battery. Nothing here leaves the observatory.

A battery is counted where its passport is in force, its category is that of an electric vehicle or of a light
means of transport, and custody says that it is in a vehicle. Its economy is that of its holder.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.reference import find, read
from kitaran.registry.custody import tables as custody
from kitaran.registry.ledger import canonical
from kitaran.registry.parties import tables as parties
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport import tables as passport

_AWAY: Final = ("lost", "stolen", "closed")
_IN_VEHICLES: Final = ("original", "reused", "remanufactured")
CLASSES_OF: Final = {"lmt": ("e_bike", "two_wheeler"), "ev": ("three_wheeler", "car", "bus")}
"""Classes among which a passport's category leaves the choice; vans and trucks are not told from cars and
buses by the energy of their batteries."""


@dataclass(frozen=True)
class Registered:
    """One battery in a vehicle. cohort : year in which it was made"""

    battery: str
    holder: str
    vehicle_class: str
    cohort: int
    chemistry: str
    energy_kwh: float


def in_vehicles(connection: Connection, economy: str) -> list[Registered]:
    """All batteries in vehicles of an economy, in the order of their ids."""
    models = {one.id: one.content for one in passports.models(connection)}
    energies = _class_energies(economy)
    found = []
    for row in connection.execute(_query(economy)):
        made = _registered(row, models.get(row.model) or {}, energies)
        if made is not None:
            found.append(made)
    return found


def _query(economy: str) -> sa.Select[Any]:
    b, i, s, o = passport.battery.c, custody.item.c, custody.stay.c, parties.operator.c
    placed = sa.exists().where(s.item == i.item, s.what == "vehicle", s.until.is_(None))
    return (
        sa.select(b.battery, b.model, b.content, i.holder)
        .join(custody.item, i.item == sa.literal("battery/").concat(b.battery))
        .join(parties.operator, o.operator == i.holder)
        .where(b.state == "in_force", b.status.in_(_IN_VEHICLES), i.status.not_in(_AWAY))
        .where(o.economy == economy, placed)
        .order_by(b.battery)
    )


def _registered(row: Any, model: dict[str, Any], energies: dict[str, float]) -> Registered | None:
    """None where what the passport says does not tell class or cohort."""
    told = {**model, **canonical.loads(row.content)}
    kwh, made_on = _number(told.get("rated_energy_kwh")), str(told.get("manufactured_on") or "")
    classes = [name for name in CLASSES_OF.get(str(told.get("category")), ()) if name in energies]
    if kwh is None or kwh <= 0 or not made_on[:4].isdigit() or not classes:
        return None
    nearest = min(classes, key=lambda name: abs(math.log(kwh / energies[name])))
    chemistry = str(told.get("chemistry") or "unknown")
    return Registered(row.battery, row.holder, nearest, int(made_on[:4]), chemistry, kwh)


def _class_energies(economy: str) -> dict[str, float]:
    """Nameplate energy of the lithium battery of a vehicle by class, of the newest row of the nearest region
    [kWh]."""
    table = read("battery_capacity")
    found = {}
    for name in (each for classes in CLASSES_OF.values() for each in classes):
        rows = find(table, economy, vehicle_class=name, powertrain="BEV", battery_type="lithium").table
        found[name] = max(rows, key=lambda row: -abs((row.year or 0) - 2024)).central
    return found


def _number(given: object) -> float | None:
    """A quantity of a passport: a decimal string, or the number with its unit."""
    word = given.get("value") if isinstance(given, dict) else given
    try:
        return float(str(word))
    except ValueError:
        return None
