"""The dossier of a movement: each document that the law asks for, what is there, who can give the rest.

Documents are evidence on the log: what they state, and the digest of the file. What the registry itself holds
(`held`) nobody has to give or type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.law.book import packaged_book
from kitaran.registry.custody import repository as custody
from kitaran.registry.custody.amounts import spelt, total
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.movement import asking, repository, schemas, words
from kitaran.registry.movement import tables as t
from kitaran.registry.movement.held import HELD, IN_PART, Held, of_battery

SIDES: Final = ("exporter", "importer", "facility", "carrier")
"""Who may add a document."""
_GIVERS: Final[Mapping[str, str]] = {
    "transport_doc": "carrier",
    "dangerous_goods_note": "exporter",
    "receipt_certificate": "facility",
    "contract_feedback": "facility",
    "un383_summary": "producer of the battery",
    "test_records": "tester of the battery",
    "ddr_assessment": "producer of the battery, or an expert",
    "hazard_analysis": "laboratory",
    "financial_guarantee": "insurer or bank of the exporter",
}
"""Who can give a document; the exporter where it is not said."""


def subject_of(connection: Connection, event: Event, at: datetime) -> str:
    """The notification or movement to whose dossier the event adds. Raises NotAllowedError."""
    if len(event.items) != 1:
        raise NotAllowedError("A dossier is one item's.", "$.items", "Name the notification or the movement.")
    if event.items[0].startswith("notification/"):
        return asking.notification_of(connection, event, at).item
    return asking.movement_of(connection, event, at, False).item


def _gives(connection: Connection, event: Event, at: datetime) -> None:
    subject = subject_of(connection, event, at)
    asking.check_role(connection, event, subject, SIDES)
    known = packaged_book().documents
    name = event.payload["document"]
    if "digest" not in event.payload and not words.of(event).get("fields"):
        raise NotAllowedError(
            "The document has neither a file nor a field.", "$.payload", "Give its file, or what it states."
        )
    if name not in known:
        raise NotAllowedError(
            f"The law's table has no document {name}.", "$.payload.document", f"Known are {', '.join(known)}."
        )
    about = event.payload.get("about")
    if about is not None and about not in _items(connection, subject):
        raise NotAllowedError(
            f"{about} does not travel in {subject}.", "$.payload.about", "Name a battery of the movement."
        )


def _items(connection: Connection, subject: str) -> list[str]:
    kind, _, number = subject.partition("/")
    return repository.items_of(connection, number) if kind == "movement" else []


def _keep(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    row = {
        "given": event.id,
        "seq": recorded.seq,
        "subject": event.items[0],
        **{name: event.payload.get(name) for name in ("document", "about", "digest")},
        "given_by": event.actor,
        "given_at": event.envelope["occurred_at"],
        "withdrawn_at": None,
        "content": repository.written(event.payload),
    }
    connection.execute(sa.insert(t.document), [row])


def _withdraws(connection: Connection, event: Event, at: datetime) -> None:
    subject = subject_of(connection, event, at)
    c = t.document.c
    query = sa.select(c.given_by, c.withdrawn_at).where(
        c.given == event.payload["given"], c.subject == subject
    )
    found = connection.execute(query).first()
    if found is None or found.given_by != event.actor:
        raise NotAllowedError("There is no such document of yours.", "$.payload.given", "Look at its id.")
    if found.withdrawn_at is not None:
        raise ConflictError("It is withdrawn.", "$.payload.given", "Look at the dossier.")


def _withdraw(connection: Connection, recorded: Recorded) -> None:
    at, this = recorded.event.envelope["occurred_at"], t.document.c.given == recorded.event.payload["given"]
    connection.execute(sa.update(t.document).where(this).values(withdrawn_at=at))


def given(connection: Connection, subjects: Sequence[str]) -> list[dict[str, Any]]:
    """Documents of these dossiers that count, in the order of the log."""
    c = t.document.c
    query = sa.select(t.document).where(c.subject.in_(list(subjects)), c.withdrawn_at.is_(None))
    rows = connection.execute(query.order_by(c.seq)).all()
    spoken = words.told(connection, [one.seq for one in rows])
    return [
        {
            **canonical.loads(one.content),
            **spoken.get(one.seq, {}),
            **{name: one._mapping[name] for name in ("given", "seq", "subject", "given_by", "given_at")},
        }
        for one in rows
    ]


def of(
    connection: Connection,
    subjects: Sequence[str],
    items: Sequence[str],
    wanted: Sequence[Mapping[str, Any]],
    held: Mapping[str, Held],
) -> list[dict[str, Any]]:
    """The dossier: for each wanted document what is there, what it lacks, and who can give it.

    subjects : the movement, and the notification under which it goes
    wanted   : documents as the decision names them
    held     : documents as far as the registry itself has them
    """
    have = given(connection, subjects)
    known = known_of(connection, items)
    return [_line(one, have, known, held.get(one["id"])) for one in wanted]


def _line(
    one: Mapping[str, Any],
    have: Sequence[Mapping[str, Any]],
    known: Mapping[str, Mapping[str, str]],
    held: Held | None,
) -> dict[str, Any]:
    catalogue = packaged_book().documents.get(one["id"], {})
    mine = [row for row in have if row["document"] == one["id"]]
    each = catalogue.get("per") == "item" and bool(known)
    lacking = _lacking(mine, known, each, held)
    state = _state(mine, lacking, held)
    return {
        "document": one["id"],
        "label": one["label"],
        "per": catalogue.get("per", "consignment"),
        "states": list(one["states"]),
        "cite": one["cite"],
        "state": state,
        "lacking_for": lacking,
        "given": mine,
        "held": {} if held is None else dict(held.facts),
        "known": known if each else {},
        "who": None if state in ("given", HELD) else _GIVERS.get(one["id"], "exporter"),
    }


def _lacking(
    mine: Sequence[Mapping[str, Any]], known: Mapping[str, Any], each: bool, held: Held | None
) -> list[str]:
    """Batteries of which nobody gave the document and the registry has none."""
    if any(row.get("about") is None for row in mine):
        return []
    wanted = set(known) if each else set()
    if held is not None:
        wanted = set(held.lacking)
    return sorted(wanted - {row.get("about") for row in mine})


def _state(mine: Sequence[Mapping[str, Any]], lacking: Sequence[str], held: Held | None) -> str:
    if mine:
        return "given in part" if lacking else "given"
    return "missing" if held is None or (held.state == IN_PART and not held.facts) else held.state


def known_of(connection: Connection, items: Sequence[str]) -> dict[str, dict[str, str]]:
    """What the registry knows of each battery, in words of the papers."""
    here = custody.standings(connection, items)
    return {item: {**_in_custody(here.get(item)), **of_battery(connection, item)} for item in items}


def _in_custody(standing: custody.Standing | None) -> dict[str, str]:
    if standing is None:
        return {}
    found = {"form": standing.form, "count": str(standing.count)}
    return found if standing.mass_kg is None else {**found, "mass_kg": spelt(standing.mass_kg)}


def mass_of(connection: Connection, items: Sequence[str]) -> str | None:
    """What the batteries weigh together, by custody; None unless each is known."""
    here = custody.standings(connection, items)
    masses = [one.mass_kg for one in here.values() if one.mass_kg is not None]
    return spelt(total(masses)) if items and len(masses) == len(items) else None


KINDS: Final = (
    words.kind("movement.document_given", schemas.DocumentGiven, _gives, _keep),
    words.kind("movement.document_withdrawn", schemas.DocumentWithdrawn, _withdraws, _withdraw),
)
