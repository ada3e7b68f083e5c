"""Whose turn it is, and what for: the next acts that a notification or movement waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kitaran.foundation.clock import stamp
from kitaran.registry.movement.clocks import Clock
from kitaran.registry.movement.consents import Room, Standing
from kitaran.registry.movement.records import Movement, Notification

Turn = dict[str, Any]
"""who : a role; economy : of an authority or officer; what : word for the act; due : its last day
late : it is past; days_left : until then, negative once it is past, None without a clock
"""


def _turn(who: str, what: str, clock: Clock | None = None, economy: str | None = None) -> Turn:
    due = None if clock is None else clock.due
    late = clock is not None and clock.ended
    return {"who": who, "economy": economy, "what": what, "due": due, "late": late}


def timed(turns: Sequence[Turn], at: datetime) -> list[Turn]:
    """These turns, each with the days that are left."""
    today = date.fromisoformat(stamp(at)[:10])
    return [
        {**one, "days_left": None if one["due"] is None else (date.fromisoformat(one["due"]) - today).days}
        for one in turns
    ]


def state_of(found: Notification, limits: Sequence[Standing]) -> str:
    """`withdrawn`, `objected`, `consented` by all, `not_yet_valid`, `run_out`, or `pending`."""
    states = {one.state for one in limits}
    if found.withdrawn_at is not None:
        return "withdrawn"
    if states & {"objected", "withdrawn"}:
        return "objected"
    if all(one.stands for one in limits):
        return "consented"
    if all(one.stands or one.state == "not_yet_valid" for one in limits):
        return "not_yet_valid"
    return "run_out" if "run_out" in states else "pending"


def of_notification(
    found: Notification, limits: Sequence[Standing], asked: Sequence[Mapping[str, Any]], left: Room
) -> list[Turn]:
    """What a notification waits for; nothing once it is withdrawn or refused."""
    if state_of(found, limits) in ("withdrawn", "objected"):
        return []
    turns = [_turn("exporter", "answer") for one in asked if one["answered_at"] is None][:1]
    for one in limits:
        if one.state == "awaited":
            turns.append(_turn("authority", "acknowledge", one.acknowledge or one.decide, one.economy))
        elif one.state in ("acknowledged", "silent"):
            turns.append(_turn("authority", "decide", one.decide, one.economy))
        elif one.state == "run_out":
            turns.append(_turn("authority", "renew", None, one.economy))
    if not turns and left.shipments_left and left.left_kg:
        turns.append(_turn("exporter", "announce"))
    return turns


def held_by(checks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Economies whose officer found last that it is held. checks : in their order"""
    last = {one["economy"]: one["finding"] for one in checks}
    return sorted(economy for economy, finding in last.items() if finding == "held")


def of_movement(
    found: Movement, running: Sequence[Clock], checks: Sequence[Mapping[str, Any]], at: str
) -> list[Turn]:
    """What a movement waits for; nothing once it is completed, cancelled or back."""
    clocks = {one.step: one for one in running}
    held = held_by(checks)
    match found.state:
        case "announced":
            return [{**_turn("exporter", "start"), "due": found.departs[:10], "late": at > found.departs}]
        case "under_way" if held:
            return [_turn("officer", "release", None, economy) for economy in held]
        case "under_way":
            late = at > found.arrives_by
            return [{**_turn("importer", "receive"), "due": found.arrives_by[:10], "late": late}]
        case "received":
            return [_turn("facility", "complete", clocks.get("complete"))]
        case "failed":
            who = "importer" if found.ground == "illegal_importer" else "exporter"
            return [_turn(who, "take_back", clocks.get("take_back"))]
    return []
