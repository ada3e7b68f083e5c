"""What one who asks may read of a passport: fields and attributes are allow-listed by audience, default deny.

Every way out goes through here: the API, the page, exports and the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.registry.ledger import repository as log
from kitaran.registry.passport import audiences, repository
from kitaran.registry.passport.attributes import Attribute, attributes, entered
from kitaran.registry.passport.audiences import CLOSE, Audience
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.repository import Battery, Model
from kitaran.registry.passport.schemas import BATTERIES, SALT

_EVERYONE: Final = frozenset(audiences.ALL)
FIELDS: Final[Mapping[str, frozenset[Audience]]] = {
    "id": _EVERYONE,
    "origin": _EVERYONE,
    "valid": _EVERYONE,
    "model": _EVERYONE,
    "model_version": _EVERYONE,
    "attributes": _EVERYONE,
    "operator": CLOSE,
    "state": CLOSE,
    "issued_at": CLOSE,
    "names": CLOSE,
    "head": CLOSE,
    "readings": CLOSE,
    "timeline": CLOSE,
    "predecessor": CLOSE,
    "successor": CLOSE,
    "taken_in": audiences.OWN,
}
"""Who may read which field. What is not named here is shown to nobody."""


def allowed(one: Attribute, seen_by: frozenset[Audience]) -> bool:
    """Whether somebody of these audiences may read the attribute."""
    return bool(one.audiences & seen_by)


def facts(connection: Connection, battery: Battery, seen_by: frozenset[Audience]) -> dict[str, Any]:
    """The passport as far as somebody of these audiences may read it; fields that he may not are absent."""
    shown = {name for name, readers in FIELDS.items() if readers & seen_by}
    model = None if battery.model is None else repository.model(connection, battery.model)
    readings = _readings(connection, battery, seen_by)
    whole = {
        "id": battery.id,
        "origin": battery.origin,
        "valid": battery.state == "in_force",
        "model": battery.model,
        "model_version": None if model is None else model.version,
        "attributes": _attributes(connection, battery, model, readings, seen_by),
    }
    if shown & CLOSE_FIELDS:
        whole |= _close(connection, battery, readings, "taken_in" in shown)
    if "taken_in" in shown:
        whole["taken_in"] = battery.content if battery.origin == "taken_in" else None
    return {name: value for name, value in whole.items() if name in shown}


CLOSE_FIELDS: Final = frozenset(name for name, readers in FIELDS.items() if readers == CLOSE)


def is_seen(battery: Battery, seen_by: frozenset[Audience]) -> bool:
    """Whether somebody of these audiences may know that it is here: of what carries a label everyone may, of
    lots and materials only who has them.
    """
    labelled = battery.origin == "issued" or battery.content.get("what") in BATTERIES
    return labelled or bool(audiences.OWN & seen_by)


def row_shown(row: Mapping[str, Any], seen_by: frozenset[Audience]) -> bool:
    """Whether somebody of these audiences may read a battery's row of an import, which is proved as a whole:
    all that stands in it, or nothing.
    """
    fields = {"battery": "id", "model": "model", "codes": "names"}
    for name in row.keys() - {SALT}:
        readers = FIELDS[fields[name]] if name in fields else getattr(attributes().get(name), "audiences", ())
        if not seen_by & frozenset(readers):
            return False
    return True


def _close(
    connection: Connection, battery: Battery, readings: list[dict[str, Any]], taken_in: bool
) -> dict[str, Any]:
    """Fields of those who see what happened to one battery.

    taken_in : whether they may read what was seen when it was taken in
    """
    head = log.heads(connection, [item_of(battery.id)]).get(item_of(battery.id))
    return {
        "operator": battery.operator,
        "state": battery.state,
        "issued_at": battery.at,
        "names": [
            {"scheme": scheme, "value": value} for scheme, value in repository.aliases(connection, battery.id)
        ],
        "head": None if head is None or head.digest is None else head.digest.hex(),
        "readings": readings,
        "timeline": _timeline(connection, battery, taken_in),
        "predecessor": battery.predecessor,
        "successor": battery.successor,
    }


def _timeline(connection: Connection, battery: Battery, taken_in: bool) -> list[dict[str, Any]]:
    """What happened to it; that it was issued stands there too if many were issued at once."""
    steps = list(repository.steps(connection, battery.id))
    if not taken_in:
        steps = [{**one, "says": {}} if one["kind"] == "taken_in" else one for one in steps]
    if battery.origin == "issued" and (not steps or steps[0]["seq"] != battery.seq):
        issued = {"kind": "issued", "at": battery.at, "by": battery.operator, "seq": battery.seq, "says": {}}
        return [issued, *steps]
    return steps


def _readings(connection: Connection, battery: Battery, seen_by: frozenset[Audience]) -> list[dict[str, Any]]:
    known = entered("item", "dynamic")
    if not any(allowed(one, seen_by) for one in known.values()):
        return []
    kept = repository.readings(connection, battery.id)
    return [one for one in kept if one["attribute"] in known and allowed(known[one["attribute"]], seen_by)]


def _attributes(
    connection: Connection,
    battery: Battery,
    model: Model | None,
    readings: Iterable[Mapping[str, Any]],
    seen_by: frozenset[Audience],
) -> dict[str, Any]:
    """Attribute by name, in the order of the table: value, unit, level; of a reading also when and how."""
    told: dict[str, dict[str, Any]] = {
        name: {"value": value} for name, value in _derived(battery).items() if value is not None
    }
    if model is not None:
        told |= {name: {"value": value} for name, value in model.content.items()}
        wanted = [name for name, one in entered("model", "static").items() if allowed(one, seen_by)]
        sealed = repository.sealed_values(connection, model.seq, wanted)
        told |= {name: {"value": value} for name, value in sealed.items()}
    if battery.origin == "issued":
        told |= {name: {"value": value} for name, value in battery.content.items()}
    elif battery.content["chemistry"] != "unknown":
        told["chemistry"] = {"value": battery.content["chemistry"], "known_by": battery.content["known_by"]}
    for one in readings:  # the newest stands, the others stay in `readings`
        told[one["attribute"]] = {name: one[name] for name in _OF_READING if name in one}
    return {
        name: {**told[name], "unit": one.unit, "level": one.level, "nature": one.nature}
        for name, one in attributes().items()
        if name in told and allowed(one, seen_by)
    }


_OF_READING: Final = ("value", "error", "instrument", "source", "at", "by")


def _derived(battery: Battery) -> dict[str, Any]:
    known = battery.status != "unknown"
    return {
        "unique_identifier": battery.id,
        "responsible_operator": battery.operator,
        "battery_status": battery.status if known else None,
    }


def versions(connection: Connection, battery: Battery, seen_by: frozenset[Audience]) -> list[dict[str, Any]]:
    """Every version of the battery's model: when, what it said, and which attributes it changed, as far as
    somebody of these audiences may read them.
    """
    wanted = {name for name, one in entered("model", "static").items() if allowed(one, seen_by)}
    found, before = [], dict[str, Any]()
    for one in repository.versions(connection, battery.model or ""):
        sealed = repository.sealed_values(connection, one.seq, wanted)
        said = {name: value for name, value in (one.content | sealed).items() if name in wanted}
        changed = sorted(name for name in said.keys() | before.keys() if said.get(name) != before.get(name))
        found.append({"version": one.version, "at": one.at, "attributes": said, "changed": changed})
        before = said
    return found
