"""What a corridor publishes: days to consent, refusals, losses, barriers, and its open chain of custody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.custody.amounts import less, spelt, total
from kitaran.registry.movement import consents, corridors, disclosure, repository
from kitaran.registry.movement import tables as t
from kitaran.registry.movement.records import Movement, Notification
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.repository import Operator


def of_corridor(connection: Connection, number: str, caller: Operator | None, at: datetime) -> dict[str, Any]:
    """A corridor as the caller may see it. Raises NotFoundError in the words of one that does not exist.

    caller : None for anybody
    """
    opened = disclosure.opens(connection, number, caller)
    content = repository.corridor_content(connection, number)
    if opened is None or content is None:
        raise disclosure.unseen(number)
    notified = repository.notifications_in(connection, number)
    moved = repository.movements_in(connection, number)
    parts = corridors.members(connection, number)
    return {
        "corridor": number,
        **{name: content.get(name) for name in ("name", "text", "valid_from", "valid_until")},
        "runs": repository.runs(connection, number),
        "authorities": [
            {"id": one, "name": _name(connection, one, at), **parts[one]} for one in content["authorities"]
        ],
        "facilities": [_facility(connection, number, one, at) for one in content["facilities"]],
        "observers": len(content.get("observers", [])),
        "discloses": list(content.get("discloses", [])),
        "public": bool(content.get("public")),
        "opened": sorted(opened),
        "figures": _figures(connection, notified, moved, "masses" in opened, at),
        "barriers": [_barrier(one) for one in corridors.barriers(connection, number)],
        "chain": [_link(connection, one, opened, at) for one in moved],
    }


def _figures(
    connection: Connection,
    notified: Sequence[Notification],
    moved: Sequence[Movement],
    masses: bool,
    at: datetime,
) -> dict[str, Any]:
    """Counts and the share lost, over all notifications and movements of a corridor; masses if it opens them.

    A sum over one movement is that movement's mass: sums are None for who may not read the masses.
    """
    days = sorted(one for found in notified for one in _days_to_consent(connection, found))
    objected = sum(
        any(one.state == consents.OBJECTED for one in consents.standings(connection, found, at))
        for found in notified
    )
    received = [one for one in moved if one.received_kg is not None]
    sent = total(one.mass_kg for one in received)
    arrived = total(one.received_kg for one in received if one.received_kg is not None)
    now = stamp(at)
    return {
        "notifications": len(notified),
        "consents": len(days),
        "days_to_consent_median": None if not days else float(median(days)),
        "days_to_consent": days,
        "objections": objected,
        "movements": len(moved),
        "received": len(received),
        "refused": _refusals(connection, moved),
        "overdue": sum(one.state == "under_way" and now > one.arrives_by for one in moved),
        "lost_share": round(float(less(sent, arrived) / sent), 3) if sent else None,
        "lost_kg": spelt(less(sent, arrived)) if masses else None,
        "sent_kg": spelt(sent) if masses else None,
        "received_kg": spelt(arrived) if masses else None,
        "certified_kg": spelt(total(one.certified_kg for one in moved)) if masses else None,
        "recovered_kg": spelt(total(one.recovered_kg for one in moved)) if masses else None,
    }


def _days_to_consent(connection: Connection, found: Notification) -> list[int]:
    """For each written consent, the days from the submission."""
    since = date.fromisoformat(found.submitted_at[:10])
    return [
        (date.fromisoformat(one.answered_at[:10]) - since).days
        for one in repository.concerned(connection, found.notification)
        if one.answer == consents.CONSENTED and one.answered_at is not None
    ]


def _refusals(connection: Connection, moved: Sequence[Movement]) -> int:
    """Movements that a border or a receiver has refused, or that failed otherwise."""
    c = t.check.c
    numbers = [one.movement for one in moved]
    query = sa.select(c.movement).where(c.movement.in_(numbers), c.finding == "refused")
    turned = set(connection.execute(query).scalars())
    return len(turned | {one.movement for one in moved if one.failed_at is not None})


def _link(connection: Connection, found: Movement, opened: Collection[str], at: datetime) -> dict[str, Any]:
    """One movement, with the parts that the agreement opens to the reader."""
    shown: dict[str, Any] = {"movement": found.movement, "state": found.state}
    if "dates" in opened:
        names = ("announced_at", "started_at", "arrived_at", "received_at", "completed_at", "failed_at")
        shown |= {name: getattr(found, name) for name in names}
    if "masses" in opened:
        received = None if found.received_kg is None else spelt(found.received_kg)
        shown |= {"mass_kg": spelt(found.mass_kg), "received_kg": received}
        shown |= {"certified_kg": spelt(found.certified_kg), "recovered_kg": spelt(found.recovered_kg)}
    if "parties" in opened:
        sides = repository.roles(connection, found.item)
        shown["parties"] = [{"role": role, "name": _name(connection, one, at)} for one, role in sides]
    if "findings" in opened:
        checks = repository.checks(connection, found.movement)
        shown["findings"] = [{name: one[name] for name in ("economy", "finding", "at")} for one in checks]
    return shown


def _barrier(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("barrier", "words", "met_at", "lifted_at", "how")}


def _facility(connection: Connection, corridor: str, facility: str, at: datetime) -> dict[str, Any]:
    found = facilities.facility(connection, facility, at)
    told = {} if found is None else found.description
    joined = found is not None and repository.takes_part(connection, corridor, found.operator)
    return {"id": facility, "name": told.get("name"), "economy": told.get("economy"), "joined": joined}


def _name(connection: Connection, operator: str, at: datetime) -> str:
    found = parties.operator(connection, operator, at)
    return operator if found is None else found.name


def listed(connection: Connection, caller: Operator | None, at: datetime) -> list[dict[str, Any]]:
    """Corridors of which the caller may know, by number."""
    numbers = corridors.all_of(connection)
    seen = [one for one in numbers if disclosure.opens(connection, one, caller) is not None]
    found = []
    for number in seen:
        content = repository.corridor_content(connection, number) or {}
        runs = repository.runs(connection, number)
        told = {name: content[name] for name in ("name", "valid_from", "valid_until")}
        found.append({"corridor": number, **told, "runs": runs, "public": bool(content.get("public"))})
    return found
