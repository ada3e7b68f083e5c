"""What waits for one operator: the acts that its notifications, movements and corridors expect of it next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.movement import corridors, repository
from kitaran.registry.movement.jurisdiction import AUTHORITY, OFFICER, authorities_of
from kitaran.registry.parties.repository import Operator

Task = dict[str, Any]
"""item : what it is about; what : word for the act; economy : for which an authority or officer acts;
due : its last day; days_left : until then, negative once it is past, None without a clock; late : it is past
"""


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
        {**_of_line(one, item), **_timed(turn, at)}
        for one, item in _lines(notified, moved)
        for turn in one["next"]
        if _is_mine(connection, caller, one, item, turn, at)
    ]
    found += [_at_border(caller, one, at) for one in moved if _to_check(connection, caller, one)]
    found += _to_join(connection, caller, at)
    return sorted(found, key=lambda one: (one["due"] is None, one["due"] or "", one["item"]))


def _lines(
    notified: Sequence[Mapping[str, Any]], moved: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], str]]:
    first = [(one, repository.notification_item(one["notification"])) for one in notified]
    return first + [(one, repository.movement_item(one["movement"])) for one in moved]


def _of_line(one: Mapping[str, Any], item: str) -> Task:
    return {"item": item, "route": one["route"], "exporter_name": one["exporter_name"]}


def _timed(turn: Mapping[str, Any], at: datetime) -> Task:
    due = turn["due"]
    left = None if due is None else (date.fromisoformat(due) - date.fromisoformat(stamp(at)[:10])).days
    names = ("who", "what", "economy", "due", "late")
    return {**{name: turn[name] for name in names}, "days_left": left}


def _is_mine(
    connection: Connection,
    caller: Operator,
    one: Mapping[str, Any],
    item: str,
    turn: Mapping[str, Any],
    at: datetime,
) -> bool:
    """Whether the caller is the side or the authority that is waited for.

    The authority of export acts for one that does not act here: it enters the letter.
    """
    if turn["who"] != AUTHORITY:
        return turn["who"] in _sides_of(repository.roles_in(connection, item, caller.id))
    if AUTHORITY not in caller.roles:
        return False
    if caller.economy == turn["economy"]:
        return True
    for_it = caller.economy == one["route"]["export"]
    return for_it and not authorities_of(connection, turn["economy"], at)


def _sides_of(roles: Collection[str]) -> set[str]:
    """Roles as whose turn it may be: what is to be received waits for the keeper of the facility too."""
    return {*roles, *(["importer"] if "facility" in roles else [])}


def _to_check(connection: Connection, caller: Operator, one: Mapping[str, Any]) -> bool:
    """Whether it is on its way and no officer of the caller's economy has let it pass."""
    route = one["route"]
    on_route = caller.economy in [route["export"], *route.get("transit", []), route["destination"]]
    if OFFICER not in caller.roles or not on_route or one["state"] != "under_way":
        return False
    checks = [
        each for each in repository.checks(connection, one["movement"]) if each["economy"] == caller.economy
    ]
    return not checks or checks[-1]["finding"] == "held"


def _at_border(caller: Operator, one: Mapping[str, Any], at: datetime) -> Task:
    turn = {"who": OFFICER, "what": "check", "economy": caller.economy, "due": None, "late": False}
    return {**_of_line(one, repository.movement_item(one["movement"])), **_timed(turn, at)}


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
            turn = {"who": who, "what": "join", "economy": None, "due": None, "late": False}
            told = {"item": repository.corridor_item(number), "route": None, "exporter_name": None}
            found.append({**told, "name": content["name"], **_timed(turn, at)})
    return found
