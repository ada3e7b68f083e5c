"""Lists of persons, places and goods that must not be dealt with, as a user has loaded them. None is bundled.

A list is a CSV: `list,date,kind,subject,value,reason`, and `until` if its rows end. A match stops a
notification or movement and names list and date. Names match as `likeness` says; whether a match is the same
is for people to judge.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.foundation.errors import Fault, InputError
from kitaran.foundation.given_files import text_of
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.movement import likeness
from kitaran.registry.movement import tables as t
from kitaran.registry.movement.repository import on_route
from kitaran.registry.movement.schemas import day
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.facilities import repository as facilities

COLUMNS: Final = ("list", "date", "kind", "subject", "value", "reason")
UNTIL: Final = "until"
"""A seventh column that may be there: the last day on which the row stops."""
KINDS_OF_LIST: Final = ("sanctions", "export_control", "provenance")
SUBJECTS: Final = ("name", "operator", "facility", "economy", "waste_code", "goods", "chemistry")
_MOST: Final = 200_000


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of lists. Raises InputError naming each wrong line."""
    text = text_of(path, "Give a CSV in UTF-8.")
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) not in (COLUMNS, (*COLUMNS, UNTIL)):
        told = f"Write {','.join(COLUMNS)} in its first line, and {UNTIL} if its rows end."
        raise InputError("The list has other columns.", f"{path}: line 1", told)
    rows, faults = [], []
    for row in reader:
        line = reader.line_num
        if found := _fault(row):
            faults.append(Fault(f"{path}: line {line}", found, "Look at the form of a list in the manual."))
        else:
            rows.append(_row(row, line))
    if faults or not rows or len(rows) > _MOST:
        cause = "The list cannot be used:" if faults else f"The list has {len(rows)} rows."
        raise InputError(cause, str(path), f"Give 1 to {_MOST} rows.", faults=faults[:100])
    return rows


def _fault(row: dict[str, Any]) -> str | None:
    if None in row or None in row.values():
        return "The line has another number of cells."
    if (
        not row["list"].strip()
        or len(row["list"]) > 64
        or not row["value"].strip()
        or len(row["value"]) > 300
    ):
        return "List or value is empty or too long."
    for name, known in (("kind", KINDS_OF_LIST), ("subject", SUBJECTS)):
        if row[name] not in known:
            return f"{name} {row[name]!r} is none of {', '.join(known)}."
    for name in ("date", UNTIL):
        try:
            day(row.get(name) or row["date"])
        except ValueError as error:
            return f"{name} {row[name]!r}: {error}."
    if row.get(UNTIL) and row[UNTIL] < row["date"]:
        return "It ends before its date."
    return None


def _row(row: dict[str, str], line: int) -> dict[str, Any]:
    return {
        "list": row["list"].strip(),
        "line": line,
        "dated": row["date"],
        "kind": row["kind"],
        "subject": row["subject"],
        "value": _key(row["subject"], row["value"]),
        "as_written": row["value"].strip(),
        "reason": row["reason"].strip() or None,
        "until": row.get(UNTIL) or None,
    }


def _key(subject: str, value: str) -> str:
    """The form in which a value is kept and looked up."""
    return likeness.key_of(value) if subject == "name" else parties.same_name(value)


def load(connection: Connection, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Keep these lists in the place of those of the same names; how many rows each has."""
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row["list"]] += 1
    connection.execute(sa.delete(t.restriction).where(t.restriction.c.list.in_(sorted(found))))
    connection.execute(sa.insert(t.restriction), rows)
    return dict(found)


def remove(connection: Connection, name: str) -> int:
    """Forget a list; how many rows it had."""
    return connection.execute(sa.delete(t.restriction).where(t.restriction.c.list == name)).rowcount


def lists(connection: Connection) -> list[dict[str, Any]]:
    """The lists that are loaded: name, kinds, newest date, rows, and the last day if all of them end."""
    c = t.restriction.c
    count, newest = sa.func.count().label("rows"), sa.func.max(c.dated).label("date")
    last = sa.case((sa.func.count(c.until) == sa.func.count(), sa.func.max(c.until))).label("until")
    query = sa.select(c.list, c.kind, newest, last, count).group_by(c.list, c.kind).order_by(c.list, c.kind)
    return [dict(one._mapping) for one in connection.execute(query)]


def check(connection: Connection, exporter: str, planned: dict[str, Any], place: str, at: datetime) -> None:
    """Raises NotAllowedError naming list, date and reason if anything planned stands on a list."""
    for subject, value, words in _named(connection, exporter, planned, at):
        c = t.restriction.c
        forms = {_key(subject, value), parties.same_name(value)}
        lasts = sa.or_(c.until.is_(None), c.until >= stamp(at)[:10])
        query = sa.select(t.restriction).where(c.subject == subject, c.value.in_(sorted(forms)), lasts)
        hit = connection.execute(query.order_by(c.list, c.line)).first()
        if hit is not None:
            because = f" ({hit.reason})" if hit.reason else ""
            raise NotAllowedError(
                f"{words} {hit.as_written} stands on list {hit.list} of {hit.dated}, {hit.kind}{because}.",
                place,
                "Find out whether it is the same; if not, have the list corrected by who loaded it.",
            )


def _named(
    connection: Connection, exporter: str, planned: dict[str, Any], at: datetime
) -> list[tuple[str, str, str]]:
    """Everything planned that a list may name: subject, value, and what it is in words."""
    people = [exporter, planned["importer"], *planned.get("carriers", [])]
    keeper = facilities.owner(connection, planned["facility"])
    people += [keeper] if keeper else []
    found = [("facility", planned["facility"], "facility")]
    for operator in dict.fromkeys(people):
        found.append(("operator", operator, "operator"))
        known = parties.operator(connection, operator, at)
        if known is not None:
            found.append(("name", known.name, "the name"))
    found += [("economy", economy, "economy") for economy, _ in on_route(planned["route"])]
    goods = planned["goods"]
    for name, key in (("waste_code", "waste_code"), ("goods", "kind"), ("chemistry", "chemistry")):
        if goods.get(key):
            found.append((name, goods[key], name.replace("_", " ")))
    return found
