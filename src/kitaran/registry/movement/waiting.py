"""What waits for one operator: the acts that its notifications, movements and corridors expect of it next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.movement import corridors, records, repository
from kitaran.registry.movement.jurisdiction import AUTHORITY, OFFICER, authorities_of
from kitaran.registry.parties.repository import Operator

Task = dict[str, Any]
"""item : what it is about; what : word for the act; who : in which role; economy : for which an authority or
officer acts; by_letter : it enters the letter of that economy; since : when the notification was submitted
due, late, days_left : as in `turns.Turn`
"""


_UNTIMED: Final = {"due": None, "late": False, "days_left": None}


def of(
    connection: Connection,
    caller: Operator,
    notified: Sequence[Mapping[str, Any]],
    moved: Sequence[Mapping[str, Any]],
    at: datetime,
) -> list[Task]:
    """Tasks of the caller, the most urgent first, those without a clock last.

    notified, moved : lines of what the caller may see, each with its `next`
    """
    found = [
        {**_of_line(one, item), **_turned(turn), "by_letter": _by_letter(caller, turn)}
        for one, item in _lines(notified, moved)
        for turn in one["next"]
        if _is_mine(connection, caller, one, item, turn, at)
    ]
    found += [_at_border(caller, one) for one in moved if _to_check(connection, caller, one)]
    found += _to_join(connection, caller, at)
    return sorted(found, key=lambda one: (one["due"] is None, one["due"] or "", one["item"]))


def _lines(
    notified: Sequence[Mapping[str, Any]], moved: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], str]]:
    first = [(one, records.notification_item(one["notification"])) for one in notified]
    return first + [(one, records.movement_item(one["movement"])) for one in moved]


def _of_line(one: Mapping[str, Any], item: str) -> Task:
    names = ("route", "exporter_name", "importer_name")
    return {"item": item, "since": one.get("submitted_at"), **{name: one[name] for name in names}}


def _by_letter(caller: Operator, turn: Mapping[str, Any]) -> bool:
    """Whether the caller would enter the letter of an authority that does not act here."""
    return bool(turn["who"] == AUTHORITY and turn["economy"] != caller.economy)


def _turned(turn: Mapping[str, Any]) -> Task:
    return {name: turn[name] for name in ("who", "what", "economy", "due", "late", "days_left")}


def _is_mine(
    connection: Connection,
    caller: Operator,
    one: Mapping[str, Any],
    item: str,
    turn: Mapping[str, Any],
    at: datetime,
) -> bool:
    """Whether the caller is the side, the officer or the authority that is waited for.

    The authority of export acts for one that does not act here: it enters the letter.
    """
    if turn["who"] == OFFICER:
        return OFFICER in caller.roles and bool(caller.economy == turn["economy"])
    if turn["who"] != AUTHORITY:
        return str(turn["who"]) in _sides_of(repository.roles_in(connection, item, caller.id))
    if AUTHORITY not in caller.roles:
        return False
    if caller.economy == turn["economy"]:
        return True
    for_it = bool(caller.economy == one["route"]["export"])
    return for_it and not authorities_of(connection, turn["economy"], at)


def _sides_of(roles: Collection[str]) -> set[str]:
    """Roles as whose turn it may be: what is to be received waits for the keeper of the facility too."""
    return {*roles, *(["importer"] if "facility" in roles else [])}


def _to_check(connection: Connection, caller: Operator, one: Mapping[str, Any]) -> bool:
    """Whether it is on its way and no officer of the caller's economy has looked at it."""
    route = one["route"]
    on_route = caller.economy in [route["export"], *route.get("transit", []), route["destination"]]
    if OFFICER not in caller.roles or not on_route or one["state"] != "under_way":
        return False
    checks = repository.checks(connection, one["movement"])
    return caller.economy not in {each["economy"] for each in checks}


def _at_border(caller: Operator, one: Mapping[str, Any]) -> Task:
    turn = {
        "who": OFFICER,
        "what": "check",
        "economy": caller.economy,
        "due": None,
        "late": False,
        "days_left": None,
    }
    told = _of_line(one, records.movement_item(one["movement"]))
    return {**told, **_turned(turn), "by_letter": False}


def _to_join(connection: Connection, caller: Operator, at: datetime) -> list[Task]:
    """Corridors that name the caller and that it has not joined, as long as they are to be valid."""
    found = []
    for number in corridors.all_of(connection):
        mine = corridors.members(connection, number).get(caller.id)
        content = repository.corridor_content(connection, number)
        if mine is None or content is None:
            continue
        if mine["joined_at"] is None and mine["left_at"] is None and stamp(at)[:10] <= content["valid_until"]:
            who = AUTHORITY if caller.id in content["authorities"] else "facility"
            turn = {
                "who": who,
                "what": "join",
                "economy": None,
                "due": None,
                "late": False,
                "days_left": None,
            }
            told = {"item": records.corridor_item(number), "route": None, "name": content["name"]}
            found.append({**told, "since": None, **_turned(turn), "by_letter": False})
    return found
