"""How events change the read models of the passports, in the transaction of the append."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.passport import tables as t
from kitaran.registry.passport.names import aliases_of
from kitaran.registry.passport.schemas import SALT

Project = Callable[[Connection, Recorded], None]
_AT_ONCE: Final = 5_000
_APART: Final = frozenset({"battery", "model", "codes", SALT})


def keep_model(connection: Connection, recorded: Recorded) -> None:
    payload = recorded.event.payload
    c = t.model.c
    last = connection.execute(sa.select(sa.func.max(c.version)).where(c.model == payload["model"])).scalar()
    row = {
        "model": payload["model"],
        "version": (last or 0) + 1,
        "operator": payload["operator"],
        "at": recorded.event.envelope["occurred_at"],
        "content": _text(payload["attributes"]),
        "seq": recorded.seq,
    }
    connection.execute(sa.insert(t.model), [row])


def keep_issued(connection: Connection, recorded: Recorded) -> None:
    payload = recorded.event.payload
    _add(connection, [_issued(recorded, payload["battery"], payload, payload["attributes"])])
    _name(connection, payload["battery"], payload["model"], payload["attributes"], payload.get("codes", []))
    keep_step(connection, recorded)


def keep_batch(connection: Connection, recorded: Recorded) -> None:
    """The rows of an import, as many at once as the store takes well."""
    payload, contents = recorded.event.payload, log.row_contents(connection, recorded.seq)
    for start in range(0, len(contents), _AT_ONCE):
        rows = [canonical.loads(content)["row"] for content in contents[start : start + _AT_ONCE]]
        batteries, names = [], []
        for row in rows:
            told = {name: value for name, value in row.items() if name not in _APART}
            told_of = {"operator": payload["operator"], "model": row["model"]}
            batteries.append(_issued(recorded, row["battery"], told_of, told))
            for scheme, value in aliases_of(row["model"], row["serial_number"], row.get("codes", ())):
                names.append({"scheme": scheme, "value": value, "battery": row["battery"]})
        _add(connection, batteries)
        connection.execute(sa.insert(t.alias), names)


def keep_taken_in(connection: Connection, recorded: Recorded) -> None:
    event, payload = recorded.event, recorded.event.payload
    row = _row(recorded, payload["battery"], event.actor, "taken_in")
    row["status"] = "unknown"
    row["content"] = _text({name: value for name, value in payload.items() if name != "battery"})
    _add(connection, [row])
    _name(connection, payload["battery"], None, {}, payload.get("codes", []))
    keep_step(connection, recorded)


def keep_repurposed(connection: Connection, recorded: Recorded) -> None:
    payload = recorded.event.payload
    old, new = payload["battery"], payload["successor"]
    _update(connection, old, state="repurposed", successor=new)
    row = _issued(recorded, new, payload, payload["attributes"])
    row |= {"predecessor": old, "status": "repurposed"}
    _add(connection, [row])
    _name(connection, new, payload["model"], payload["attributes"], [])
    _add_step(connection, recorded, old)
    _add_step(connection, recorded, new)


def keep_step(connection: Connection, recorded: Recorded) -> None:
    _add_step(connection, recorded, recorded.event.payload["battery"])


def set_status(status: str) -> Project:
    """What the battery is now."""

    def project(connection: Connection, recorded: Recorded) -> None:
        keep_step(connection, recorded)
        _update(connection, recorded.event.payload["battery"], status=status)

    return project


def set_state(state: str) -> Project:
    """The passport ends; what it held stays as a tombstone."""

    def project(connection: Connection, recorded: Recorded) -> None:
        keep_step(connection, recorded)
        _update(connection, recorded.event.payload["battery"], state=state)

    return project


def _issued(recorded: Recorded, battery: str, told_of: Any, attributes: dict[str, Any]) -> dict[str, Any]:
    return _row(recorded, battery, told_of["operator"], "issued") | {
        "model": told_of["model"],
        "serial_number": attributes["serial_number"],
        "content": _text(attributes),
    }


def _row(recorded: Recorded, battery: str, operator: str, origin: str) -> dict[str, Any]:
    return {
        "battery": battery,
        "operator": operator,
        "model": None,
        "serial_number": None,
        "origin": origin,
        "state": "in_force",
        "status": "original",
        "content": "{}",
        "predecessor": None,
        "successor": None,
        "at": recorded.event.envelope["occurred_at"],
        "seq": recorded.seq,
    }


def _add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(sa.insert(t.battery), rows)


def _name(
    connection: Connection, battery: str, model: str | None, attributes: dict[str, Any], codes: Iterable[str]
) -> None:
    names = aliases_of(model, attributes.get("serial_number"), codes)
    rows = [{"scheme": scheme, "value": value, "battery": battery} for scheme, value in names]
    if rows:
        connection.execute(sa.insert(t.alias), rows)


def _add_step(connection: Connection, recorded: Recorded, battery: str) -> None:
    event = recorded.event
    told = {name: value for name, value in event.payload.items() if name not in ("battery", "attributes")}
    row = {
        "seq": recorded.seq,
        "battery": battery,
        "kind": event.kind.removeprefix("passport."),
        "at": event.envelope["occurred_at"],
        "by": event.actor,
        "content": _text(told),
    }
    connection.execute(sa.insert(t.step), [row])


def _update(connection: Connection, battery: str, **changed: Any) -> None:
    connection.execute(sa.update(t.battery).where(t.battery.c.battery == battery).values(**changed))


def _text(value: Any) -> str:
    return canonical.encode(value).decode()
