"""What happened to one battery and whose it is, as far as the reader may know: passport, custody, the rest.

Each event says who signed it, and whether with a key of its own or with one that this installation keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.clock import now
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.custody import disclosure, history, keeping, lineage
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.receipt import custody_of
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.repository import Operator
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport import view
from kitaran.registry.passport.attributes import attributes
from kitaran.registry.passport.kinds import item_of

Facts = dict[str, Any]
_OF_PAYLOAD: Final = (
    *("to", "basis", "reason", "what", "host", "condition", "outcome", "holder", "owner", "facility"),
)
_NOW: Final = ("holder", "owner", "basis", "status", "form", "count", "mass_kg", "inside")


def custody_of_item(connection: Connection, item: str, caller: Operator) -> Facts | None:
    """Where the item stands, its stays, hand-overs and events, as custody shows it to the caller; None if
    custody does not know it, or the caller has nothing to do with it.
    """
    try:
        return history.of(connection, item, caller)
    except NotFoundError:
        return None


def lineage_of_item(connection: Connection, item: str, caller: Operator) -> Facts | None:
    """What the item was made of and what became of it, likewise."""
    try:
        found = lineage.of(connection, item, caller)
    except NotFoundError:
        return None
    return {way: found[way] for way in ("up", "down")}


def present(custody: Mapping[str, Any] | None, names: Mapping[str, str]) -> Facts | None:
    """Who has the battery and who owns it now; None for who may not know."""
    if custody is None or custody["holder"] is None:
        return None
    since = [one["since"] for one in custody["intervals"] if one["until"] is None and one["role"] == "holder"]
    stays = [one for one in custody["stays"] if one["until"] is None]
    return {
        **{name: custody[name] for name in _NOW},
        "holder_name": names.get(custody["holder"]),
        "owner_name": names.get(custody["owner"]),
        "since": since[-1] if since else None,
        "installed": {name: stays[-1][name] for name in ("what", "host", "since")} if stays else None,
    }


def timeline(
    connection: Connection,
    item: str,
    caller: Operator,
    steps: Iterable[Mapping[str, Any]],
    custody: Mapping[str, Any] | None,
) -> list[Facts]:
    """Events in the order of the log: of the passport as its audiences read it, of custody as it shows them,
    and others of the item of which the caller may know.
    """
    found = {one["seq"]: _step(connection, one) for one in steps}
    for one in custody["events"] if custody is not None else ():
        found[one["seq"]] = _custody_event(one)
    beside = [seq for seq in disclosure.readable(connection, item, caller) if seq not in found]
    found |= {event["seq"]: event for seq in beside if (event := _other(connection, seq)) is not None}
    names = names_of(connection, found.values())
    stored = [one["says"].get("facility", "") for one in found.values()]
    places = facilities.names_of(connection, stored, now())
    return [
        {
            **found[seq],
            "by_name": names.get(found[seq]["by"]),
            "to_name": names.get(found[seq]["says"].get("to", "")),
            "facility_name": places.get(found[seq]["says"].get("facility", "")),
        }
        for seq in sorted(found)
    ]


def names_of(connection: Connection, events: Iterable[Mapping[str, Any]] = ()) -> dict[str, str]:
    """Names of operators, by id; of those who stand in these events if there are any."""
    wanted = {one["by"] for one in events} | {one["says"].get("to") for one in events}
    return parties.names_of(connection, {name for name in wanted if name} if wanted else None)


def _step(connection: Connection, one: Mapping[str, Any]) -> Facts:
    row = log.row(connection, one["seq"])
    envelope = {} if row is None else canonical.loads(row.entry)["envelope"]
    told = {name: value for name, value in one["says"].items() if name in ("account", "successor", "what")}
    signed = custody_of(envelope) if envelope else None
    place = envelope.get("place")
    return _event(one["seq"], f"passport.{one['kind']}", one["at"], one["by"], signed, place, told)


def _custody_event(one: Mapping[str, Any]) -> Facts:
    told = {name: value for name, value in one["payload"].items() if name in _OF_PAYLOAD}
    late = one["late"]
    event = _event(one["seq"], one["kind"], one["at"], one["by"], one["signed"], one["place"], told)
    return event if late is None else {**event, "late": late["state"]}


def _other(connection: Connection, seq: int) -> Facts | None:
    """An event of another noun: that it happened, and no more than its kind. What the passport says of itself
    is told to its audiences alone.
    """
    row = log.row(connection, seq)
    envelope = {} if row is None else canonical.loads(row.entry)["envelope"]
    if not envelope or envelope["kind"].startswith(("passport.", "custody.")):
        return None
    told = (envelope["occurred_at"], envelope["actor"], custody_of(envelope), envelope["place"])
    return _event(seq, envelope["kind"], *told, {})


def _event(
    seq: int, kind: str, at: str, by: str, signed: str | None, place: str | None, says: Mapping[str, Any]
) -> Facts:
    return {
        "seq": seq,
        "kind": kind,
        "at": at,
        "by": by,
        "signed": signed,
        "place": place,
        "says": dict(says),
        "late": None,
    }


def with_page(connection: Connection, items: Iterable[str], caller: Operator) -> dict[str, str | None]:
    """Those of these items that have a page which the caller may open, each with the serial number if it may
    be read. A piece without a passport has one for who has or owns it.
    """
    items = list(items)
    ids = sorted(item.partition("/")[2] for item in items if item.startswith("battery/"))
    known = [one for one in (passports.battery(connection, id_) for id_ in ids) if one is not None]
    seen_by = keeping.audiences_of_each(connection, caller, known, now())
    pairs = zip(known, seen_by, strict=True)
    serial = attributes()["serial_number"]
    pieces = {one for one in items if one.startswith("battery/")} - {item_of(one.id) for one in known}
    own = {one: None for one in sorted(pieces) if disclosure.may_see_now(connection, one, caller)}
    return own | {
        item_of(one.id): one.serial_number if view.allowed(serial, seen) else None
        for one, seen in pairs
        if view.is_seen(one, seen)
    }


def with_passports(
    edges: Facts | None, battery: str, predecessor: str | None, successor: str | None, at: Sequence[Facts]
) -> Facts | None:
    """The lineage with the steps from one passport to the next, which no mass tells."""
    turned = next((one["at"] for one in at if one["kind"] == "passport.repurposed"), None)

    def edge(source: str, product: str) -> Facts:
        ends = {"source": f"battery/{source}", "product": f"battery/{product}"}
        return {**ends, "seq": None, "act": "repurposed", "count": None, "mass_kg": None, "at": turned}

    up = [edge(predecessor, battery)] if predecessor else []
    down = [edge(battery, successor)] if successor else []
    if edges is None and not (up or down):
        return None
    found = edges or {"up": [], "down": []}
    return {"up": [*up, *found["up"]], "down": [*found["down"], *down]}
