"""Queries on notifications and movements. Each works on a connection that its caller opened."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody.amounts import kg, spelt
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.movement import tables as t
from kitaran.registry.movement.records import (
    Concerned,
    Movement,
    Notification,
    movement_item,
    notification_item,
)

_MASSES = frozenset({"quantity_kg", "mass_kg", "received_kg", "certified_kg", "recovered_kg"})


def _values(one: sa.Row[Any]) -> dict[str, Any]:
    found = dict(one._mapping)
    for name in _MASSES & found.keys():
        found[name] = None if found[name] is None else kg(found[name])
    found["content"] = canonical.loads(found["content"] or "{}")
    return found


def notification(connection: Connection, number: str) -> Notification | None:
    """The notification of a number."""
    query = sa.select(t.notification).where(t.notification.c.notification == number)
    found = connection.execute(query).first()
    return None if found is None else Notification(**_values(found))


def concerned(connection: Connection, number: str) -> list[Concerned]:
    """The authorities concerned, by their place on the route."""
    c = t.concerned.c
    query = sa.select(t.concerned).where(c.notification == number).order_by(c.place)
    return [Concerned(**_values(one)) for one in connection.execute(query)]


def movement(connection: Connection, number: str) -> Movement | None:
    """The movement of a number."""
    found = connection.execute(sa.select(t.movement).where(t.movement.c.movement == number)).first()
    return None if found is None else Movement(**_values(found))


def movements_under(connection: Connection, number: str) -> list[Movement]:
    """Every movement announced under a notification, in order."""
    c = t.movement.c
    query = sa.select(t.movement).where(c.notification == number).order_by(c.serial)
    return [Movement(**_values(one)) for one in connection.execute(query)]


def movements_in(connection: Connection, corridor: str) -> list[Movement]:
    """Every movement in a corridor, in the order in which they were announced."""
    c = t.movement.c
    query = sa.select(t.movement).where(c.corridor == corridor).order_by(c.announced_at, c.movement)
    return [Movement(**_values(one)) for one in connection.execute(query)]


def notifications_in(connection: Connection, corridor: str) -> list[Notification]:
    """Every notification in a corridor, in the order of their submission."""
    c = t.notification.c
    query = sa.select(t.notification).where(c.corridor == corridor).order_by(c.submitted_at, c.notification)
    return [Notification(**_values(one)) for one in connection.execute(query)]


def questions(connection: Connection, number: str) -> list[dict[str, Any]]:
    """Every question about a notification, with its answer. Names are plain text, as JSON takes them."""
    c = t.question.c
    query = sa.select(t.question).where(c.notification == number).order_by(c.asked_at, c.question)
    return [{str(name): told for name, told in one._mapping.items()} for one in connection.execute(query)]


def items_of(connection: Connection, number: str) -> list[str]:
    """The batteries of a movement."""
    c = t.travelling.c
    return list(connection.execute(sa.select(c.item).where(c.movement == number).order_by(c.item)).scalars())


def travelling(connection: Connection, items: Collection[str]) -> dict[str, str]:
    """Those of these items that are announced or under way, each with its movement."""
    c, m = t.travelling.c, t.movement.c
    ended = sa.or_(m.cancelled_at.is_not(None), m.received_at.is_not(None), m.taken_back_at.is_not(None))
    query = (
        sa.select(c.item, c.movement)
        .join_from(t.travelling, t.movement, c.movement == m.movement)
        .where(~ended)
    )
    ordered = sorted(items)
    found: dict[str, str] = {}
    for start in range(0, len(ordered), 500):
        rows = connection.execute(query.where(c.item.in_(ordered[start : start + 500])))
        found |= {one.item: one.movement for one in rows}
    return found


def checks(connection: Connection, number: str) -> list[dict[str, Any]]:
    """What officers found, in order. seq : of the event, beside which their remarks stand"""
    c = t.check.c
    query = sa.select(t.check).where(c.movement == number).order_by(c.seq)
    rows = connection.execute(query)
    return [
        {**canonical.loads(one.content), "officer": one.officer, "at": one.at, "seq": one.seq} for one in rows
    ]


def sides(connection: Connection, subject: str) -> dict[str, str]:
    """Operators that stand in a notification or movement, each with its first role."""
    c = t.side.c
    query = sa.select(c.operator, c.role).where(c.subject == subject).order_by(c.role.desc())
    return {one.operator: one.role for one in connection.execute(query)}


def roles(connection: Connection, subject: str) -> list[tuple[str, str]]:
    """Every side of a notification or movement: operator and role."""
    c = t.side.c
    query = sa.select(c.operator, c.role).where(c.subject == subject).order_by(c.role, c.operator)
    return [(one.operator, one.role) for one in connection.execute(query)]


def roles_in(connection: Connection, subject: str, operator: str) -> set[str]:
    """Roles of an operator in a notification or movement."""
    c = t.side.c
    query = sa.select(c.role).where(c.subject == subject, c.operator == operator)
    return set(connection.execute(query).scalars())


def economies(connection: Connection, subject: str) -> dict[str, str]:
    """Economies on the route of a notification or movement, each with its role."""
    c = t.route.c
    rows = connection.execute(sa.select(c.economy, c.role).where(c.subject == subject).order_by(c.economy))
    return {one.economy: one.role for one in rows}


def subjects_of(connection: Connection, operator: str) -> set[str]:
    """Items of notifications and movements in which an operator stands."""
    c = t.side.c
    return set(connection.execute(sa.select(c.subject).where(c.operator == operator)).scalars())


def subjects_through(connection: Connection, economy: str) -> set[str]:
    """Items of notifications and movements whose route touches an economy."""
    c = t.route.c
    return set(connection.execute(sa.select(c.subject).where(c.economy == economy)).scalars())


def all_subjects(connection: Connection) -> set[str]:
    """Items of every notification and movement."""
    notified = connection.execute(sa.select(t.notification.c.notification)).scalars()
    moved = connection.execute(sa.select(t.movement.c.movement)).scalars()
    return {notification_item(one) for one in notified} | {movement_item(one) for one in moved}


def keep_sides(connection: Connection, subject: str, exporter: str, planned: dict[str, Any]) -> None:
    """Write down who stands in a notification or movement, and its route."""
    roles = {(exporter, "exporter"), (planned["importer"], "importer")}
    roles |= {(one, "carrier") for one in planned.get("carriers", [])}
    if planned.get("keeper"):
        roles.add((planned["keeper"], "facility"))
    rows = [{"subject": subject, "operator": one, "role": role} for one, role in sorted(roles)]
    connection.execute(sa.delete(t.side).where(t.side.c.subject == subject))
    connection.execute(sa.insert(t.side), rows)
    connection.execute(sa.delete(t.route).where(t.route.c.subject == subject))
    connection.execute(
        sa.insert(t.route),
        [{"subject": subject, "economy": one, "role": role} for one, role in on_route(planned["route"])],
    )


def on_route(route: dict[str, Any]) -> list[tuple[str, str]]:
    """Economies of a route in their order, each with its role."""
    through = [(one, "transit") for one in route.get("transit", [])]
    return [(route["export"], "export"), *through, (route["destination"], "import")]


def change_notification(connection: Connection, recorded: Recorded, number: str, **values: Any) -> None:
    """Change a notification by an event, which is then its last."""
    told = _written(recorded, values)
    connection.execute(
        sa.update(t.notification).where(t.notification.c.notification == number).values(**told)
    )


def change_movement(connection: Connection, recorded: Recorded, number: str, **values: Any) -> None:
    """Change a movement by an event, which is then its last."""
    told = _written(recorded, values)
    connection.execute(sa.update(t.movement).where(t.movement.c.movement == number).values(**told))


def _written(recorded: Recorded, values: dict[str, Any]) -> dict[str, Any]:
    at = recorded.event.envelope["occurred_at"]
    masses = {name: spelt(one) for name, one in values.items() if isinstance(one, Decimal)}
    return {"last_at": at, **values, **masses}


def written(value: dict[str, Any]) -> str:
    """A payload as a read model keeps it."""
    return canonical.encode(value).decode()


def corridor_content(connection: Connection, number: str) -> dict[str, Any] | None:
    """What the agreement of a corridor says; None if there is none."""
    found = connection.execute(
        sa.select(t.corridor.c.content).where(t.corridor.c.corridor == number)
    ).scalar()
    return None if found is None else dict(canonical.loads(found))


def runs(connection: Connection, number: str) -> bool:
    """Whether every authority that the agreement names has joined, and none has left."""
    content = corridor_content(connection, number)
    return content is not None and all(takes_part(connection, number, one) for one in content["authorities"])


def takes_part(connection: Connection, corridor: str, operator: str) -> bool:
    """Whether an authority, or who keeps a facility, has joined a corridor and not left it."""
    c = t.corridor_authority.c
    query = sa.select(c.joined_at, c.left_at).where(c.corridor == corridor, c.operator == operator)
    found = connection.execute(query).first()
    return found is not None and found.joined_at is not None and found.left_at is None
