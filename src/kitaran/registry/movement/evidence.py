"""The evidence of a movement in one file, and what that file says to whoever has no registry.

A bundle holds the whole histories of its items. So it names the movement, its notification, and of the
batteries only those whose whole history the reader may read. Read without the registry, its events are
followed in an empty one: the same projections, the same view, and what the file does not hold stays unknown.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.pool import StaticPool

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.custody import disclosure as custody
from kitaran.registry.custody import repository as holding
from kitaran.registry.custody import tables as custody_tables
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger import tables as ledger_tables
from kitaran.registry.ledger.bundle import Disclose
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.kinds import EventKind, Recorded
from kitaran.registry.ledger.times import read_time
from kitaran.registry.ledger.verifier import verify
from kitaran.registry.movement import disclosure, records, repository, view, words
from kitaran.registry.movement import tables as t
from kitaran.registry.movement.kinds import KINDS
from kitaran.registry.parties import tables as party_tables
from kitaran.registry.parties.facilities import tables as facility_tables
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.technicians import tables as technician_tables
from kitaran.registry.passport import tables as passport_tables
from kitaran.registry.triage import tables as triage_tables

_KINDS: Final[Mapping[str, EventKind]] = {kind.name: kind for kind in KINDS}
MOST_BYTES: Final = 20_000_000
_PLACES: Final = BoundedSemaphore(2)
"""Bundles that are read at once: each takes some ten times its size of memory."""
_PATIENCE_S: Final = 10.0


_OF_ANOTHER_FORM: Final = (
    *(KeyError, TypeError, ValueError, AttributeError, ArithmeticError, AssertionError),
    *(KitaranError, sa.exc.SQLAlchemyError),
)


class BusyError(KitaranError):
    """Enough is being done already."""

    http_status = 503
    title = "Busy"


def items_of(connection: Connection, number: str, caller: Operator) -> list[str]:
    """Items of the bundle about a movement, for this reader.

    Raises NotFoundError in the words of a movement that does not exist.
    """
    found = repository.movement(connection, number)
    if found is None or not disclosure.may_see(connection, found.item, caller):
        raise disclosure.unseen(number)
    items = [found.item]
    if found.notification is not None:
        under = records.notification_item(found.notification)
        items += [under] if disclosure.may_see(connection, under, caller) else []
    batteries = repository.items_of(connection, number)
    return items + [one for one in batteries if _whole(connection, one, caller)]


def discloses(engine: sa.Engine, items: Collection[str]) -> Disclose:
    """Opens the words of the procedure to who may see it, and of its batteries nothing that is sealed."""
    named = [item for item in items if item.partition("/")[0] in ("movement", "notification")]
    with reading(engine) as connection:
        seqs = frozenset(log.seqs_of_items(connection, named))
    return lambda seq, name: name == words.WORDS and seq in seqs


def _whole(connection: Connection, item: str, caller: Operator) -> bool:
    """Whether the reader may read every event of a battery: who reads everything, and its present owner."""
    now = holding.standing(connection, item)
    return now is not None and (custody.reads_all(caller) or now.owner == caller.id)


def read(content: bytes, at: datetime) -> dict[str, Any]:
    """What a bundle says of the movement in it: whether it is intact, and the view as without a registry.

    Raises InputError if it holds no movement, BusyError if enough are being read. What it says of one that is
    broken is not shown.
    """
    if len(content) > MOST_BYTES:
        raise InputError("The file is too large for a bundle of evidence.", "bundle", "Give one movement's.")
    if not _PLACES.acquire(timeout=_PATIENCE_S):
        raise BusyError("Other bundles are being read.", "bundle", "Send it again in a minute.")
    try:
        return _read(content, at)
    finally:
        _PLACES.release()


def _read(content: bytes, at: datetime) -> dict[str, Any]:
    finding = verify(content)
    told = {
        "intact": not finding.problems,
        "problems": [str(one) for one in finding.problems[:50]],
        **{name: getattr(finding, name) for name in ("origin", "size", "events", "custodial")},
        "cosigned_by": list(finding.cosigned_by),
    }
    return {"evidence": told, "movements": [] if finding.problems else _movements(content, at)}


def _movements(content: bytes, at: datetime) -> list[dict[str, Any]]:
    bundle, engine = json.loads(content), _empty()
    try:
        with engine.begin() as connection:
            shown = _shown(connection, bundle, at)
    except _OF_ANOTHER_FORM as error:  # signed by whoever made the file, in a form of their own
        raise InputError(
            "Its events are not those of a procedure that went in order.",
            "bundle",
            "Ask for the bundle of the movement, from its page.",
        ) from error
    finally:
        engine.dispose()
    if not shown:
        raise InputError(
            "The file holds no movement.", "bundle", "Ask for the bundle of the movement, from its page."
        )
    return shown


def _shown(connection: Connection, bundle: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
    entries = [one["entry"] for one in bundle["events"]]
    _remember(connection, entries, bundle["disclosures"])
    for entry in entries:
        _follow(connection, entry)
    numbers = [item.partition("/")[2] for item in bundle["items"] if item.startswith("movement/")]
    found = [repository.movement(connection, number) for number in numbers]
    return [view.movement_facts(connection, one, at) for one in found if one is not None]


def _empty() -> sa.Engine:
    """A registry in memory in which nothing has happened."""
    engine = sa.create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    parties = (party_tables, facility_tables, technician_tables)
    for module in (ledger_tables, *parties, passport_tables, custody_tables, triage_tables, t):
        module.metadata.create_all(engine)
    return engine


def _remember(
    connection: Connection, entries: list[dict[str, Any]], disclosures: list[dict[str, Any]]
) -> None:
    """The log of that registry: these events, and the sealed values that the file opens."""
    rows, places = [], []
    for entry in entries:
        envelope, content = entry["envelope"], canonical.encode(entry)
        rows.append(log.Row(entry["seq"], envelope["id"], content, b"", b""))
        places += [(item, entry["seq"], 1) for item in envelope["items"]]
    log.add_rows(connection, rows)
    log.add_item_events(connection, places)
    opened = [(one["seq"], one["name"], one["salt"], canonical.encode(one["value"])) for one in disclosures]
    if opened:
        log.add_sealed(connection, opened)


def _follow(connection: Connection, entry: dict[str, Any]) -> None:
    """Follow one event of the procedure, if all that it follows is in the file."""
    envelope = entry["envelope"]
    kind = _KINDS.get(envelope["kind"])
    if kind is None or not _known(connection, envelope):
        return
    moment = read_time(envelope["occurred_at"], "$.occurred_at")
    event = Event(envelope, entry["signature"], canonical.encode(envelope), b"", moment, {})
    kind.project(connection, Recorded(event, entry["seq"], entry["recorded_at"], {}))


def _known(connection: Connection, envelope: dict[str, Any]) -> bool:
    """Whether the notification or movement that the event changes began in the file."""
    first = envelope["items"][0]
    if envelope["kind"] in ("movement.notified", "movement.corridor_agreed"):
        return True
    if envelope["kind"] == "movement.announced":
        under = envelope["payload"].get("notification")
        return under is None or repository.notification(connection, under) is not None
    noun, _, number = first.partition("/")
    if noun == "notification":
        return repository.notification(connection, number) is not None
    return noun == "movement" and repository.movement(connection, number) is not None
