"""What items are: kind and chemistry, from the passport or from what the item was made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import tables as t
from kitaran.registry.custody.amounts import kg
from kitaran.registry.ledger import canonical
from kitaran.registry.passport import tables as p
from kitaran.registry.passport.kinds import item_of

UNKNOWN: Final = "unknown"
PREFIX: Final = item_of("")
_TOGETHER: Final = 500
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What a passport says of an item.

    kind    : what was taken in, empty if only the form tells it
    names   : serial number and codes; label : what was said of it when it was taken in, or of its model
    mass_kg : as said then, or of the model
    """

    kind: str
    chemistry: str
    battery: str | None = None
    names: tuple[str, ...] = ()
    label: dict[str, Any] | None = None
    mass_kg: Decimal | None = None


def told(connection: Connection, items: Collection[str]) -> dict[str, Told]:
    """What passports say of items; of one without, the chemistry of what it was made of, if that is one."""
    found = _passports(connection, items)
    made_of = _sources(connection, set(items) - found.keys())
    grounds = _passports(connection, {one for several in made_of.values() for one in several})
    for item, several in made_of.items():
        of = {grounds[one].chemistry if one in grounds else UNKNOWN for one in several}
        if len(of) == 1:
            found[item] = Told("", of.pop())
    return found


def _sources(connection: Connection, items: Collection[str]) -> dict[str, set[str]]:
    """For each item that was made of others, those of its sources that were made of nothing."""
    parents: dict[str, set[str]] = {}
    asked, level = set(items), set(items)
    for _ in range(_DEEPEST):
        query = sa.select(t.part.c.source, t.part.c.product)
        edges = list(among(connection, query, t.part.c.product, level))
        for one in edges:
            parents.setdefault(one.product, set()).add(one.source)
        level = {one.source for one in edges} - asked
        asked |= level
        if not level:
            break
    return {item: _roots(parents, item, frozenset()) for item in items if item in parents}


def _roots(parents: dict[str, set[str]], item: str, seen: frozenset[str]) -> set[str]:
    above = parents.get(item, set()) - seen
    return {root for one in above for root in _roots(parents, one, seen | {item})} if above else {item}


def _passports(connection: Connection, items: Collection[str]) -> dict[str, Told]:
    ids = [one.removeprefix(PREFIX) for one in items if one.startswith(PREFIX)]
    c = p.battery.c
    rows = list(among(connection, sa.select(p.battery), c.battery, ids))
    names: dict[str, list[str]] = {}
    query = sa.select(p.alias.c.battery, p.alias.c.value).order_by(p.alias.c.scheme, p.alias.c.value)
    for one in among(connection, query, p.alias.c.battery, ids):
        names.setdefault(one.battery, []).append(one.value)
    models = _models(connection, {one.model for one in rows if one.model})
    return {item_of(one.battery): _of(one, models, tuple(names.get(one.battery, ()))) for one in rows}


def _of(one: sa.Row[Any], models: dict[str, dict[str, Any]], names: tuple[str, ...]) -> Told:
    if one.origin == "taken_in":
        said = canonical.loads(one.content)
        return Told(said["what"], said["chemistry"], one.battery, names, said, kg(said["mass_kg"]))
    model = models.get(one.model, {})
    mass = model.get("mass_kg")
    return Told(
        "",
        model.get("chemistry", UNKNOWN),
        one.battery,
        names,
        {
            "voltage_v": model.get("nominal_voltage_v"),
            "capacity_ah": model.get("rated_capacity_ah"),
            "energy_kwh": model.get("rated_energy_kwh"),
            "model_name": model.get("model_name"),
        },
        None if mass is None else kg(str(mass)),
    )


def _models(connection: Connection, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What everyone may read of each model, in its newest version."""
    query = sa.select(p.model).order_by(p.model.c.version)
    return {one.model: canonical.loads(one.content) for one in among(connection, query, p.model.c.model, ids)}


def among(
    connection: Connection, query: sa.Select[Any], column: sa.Column[Any], values: Collection[Any]
) -> Iterator[sa.Row[Any]]:
    """Rows of which the column is one of these values, however many they are."""
    ordered = sorted(set(values))
    for start in range(0, len(ordered), _TOGETHER):
        yield from connection.execute(query.where(column.in_(ordered[start : start + _TOGETHER])))
