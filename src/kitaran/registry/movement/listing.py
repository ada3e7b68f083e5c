"""Notifications and movements in lists: what each caller may see, newest first, and whose turn each is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.movement import consents, disclosure, repository, turns, view
from kitaran.registry.movement.records import Movement, Notification
from kitaran.registry.parties.repository import Operator


def listed(connection: Connection, caller: Operator, at: datetime) -> dict[str, Any]:
    """Notifications and movements that the caller may see, newest first."""
    seen = disclosure.visible(connection, caller)
    notified, moved = [], []
    for subject in sorted(seen):
        kind, _, number = subject.partition("/")
        if kind == "notification" and (one := repository.notification(connection, number)):
            notified.append(_notification_line(connection, one, at))
        elif kind == "movement" and (found := repository.movement(connection, number)):
            moved.append(_movement_in_list(connection, found, at))
    return {
        "notifications": sorted(notified, key=lambda one: one["submitted_at"], reverse=True),
        "movements": sorted(moved, key=lambda one: str(one["announced_at"]), reverse=True),
    }


def _movement_in_list(connection: Connection, found: Movement, at: datetime) -> dict[str, Any]:
    """A movement as a list shows it: who sends it where, and whose turn it is."""
    clocked = found.state in ("received", "failed")  # only these turns have a clock of the law
    running = (
        view.running_clocks(found, view.decision_on_movement(connection, found, at), at) if clocked else []
    )
    checks = repository.checks(connection, found.movement)
    return {
        **view.movement_line(found, at),
        "exporter": found.exporter,
        "exporter_name": view.name_of(connection, found.exporter, at),
        "importer_name": view.name_of(connection, found.importer, at),
        "route": found.content["route"],
        "held_by": turns.held_by(checks),
        "next": turns.timed(turns.of_movement(found, running, checks, stamp(at)), at),
    }


def _notification_line(connection: Connection, one: Notification, at: datetime) -> dict[str, Any]:
    limits = consents.standings(connection, one, at)
    left = consents.room(one, limits, repository.movements_under(connection, one.notification))
    asked = repository.questions(connection, one.notification)
    return {
        "notification": one.notification,
        "exporter": one.exporter,
        "exporter_name": view.name_of(connection, one.exporter, at),
        "importer_name": view.name_of(connection, one.importer, at),
        "route": one.content["route"],
        "goods": one.content["goods"],
        "state": turns.state_of(one, limits),
        "submitted_at": one.submitted_at,
        "quantity": view.quantity(one, left),
        "next": turns.timed(turns.of_notification(one, limits, asked, left), at),
    }
