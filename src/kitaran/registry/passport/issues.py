"""What was issued at once: one signed event, its batteries in the order of their rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.passport import repository
from kitaran.registry.passport import tables as t
from kitaran.registry.passport.schemas import SALT


@dataclass(frozen=True, slots=True)
class Issue:
    """One event by which passports were issued. seq : its place in the log; models : ids, in their order"""

    seq: int
    at: str
    count: int
    models: tuple[str, ...]


def newest(connection: Connection, operator: str, limit: int = 20, first: int = 0) -> list[Issue]:
    """The last issues of an operator, newest first; those before `first` are passed over."""
    return _issues(connection, operator, sa.true(), limit, first)


def count(connection: Connection, operator: str) -> int:
    """How many times an operator has issued passports."""
    c = t.battery.c
    mine = sa.select(sa.func.count(c.seq.distinct())).where(c.operator == operator, c.origin == "issued")
    return int(connection.execute(mine).scalar_one())


def find(connection: Connection, operator: str, seq: int) -> Issue | None:
    """An issue of this operator; None if the event is another's, or issued nothing."""
    found = _issues(connection, operator, t.battery.c.seq == seq, 1)
    return found[0] if found else None


def rows(connection: Connection, issue: Issue) -> Iterator[dict[str, Any]]:
    """Of each battery of an issue `{battery, model, serial_number, codes, ...}`, as its row said."""
    contents = log.row_contents(connection, issue.seq)
    for content in contents:
        row = canonical.loads(content)["row"]
        yield {name: value for name, value in row.items() if name != SALT}
    if not contents:
        c = t.battery.c
        for one in connection.execute(sa.select(t.battery).where(c.seq == issue.seq)):
            names = repository.aliases(connection, one.battery)
            codes = [value for scheme, value in names if scheme != "serial"]
            told = canonical.loads(one.content)
            yield {**told, "battery": one.battery, "model": one.model, "codes": codes}


def _issues(
    connection: Connection, operator: str, which: sa.ColumnElement[bool], limit: int, first: int = 0
) -> list[Issue]:
    c = t.battery.c
    mine = sa.and_(c.operator == operator, c.origin == "issued", which)
    query = (
        sa.select(c.seq, sa.func.min(c.at), sa.func.count())
        .where(mine)
        .group_by(c.seq)
        .order_by(c.seq.desc())
        .offset(first)
        .limit(limit)
    )
    found = list(connection.execute(query))
    models: dict[int, list[str]] = {}
    named = sa.select(c.seq, c.model).where(mine, c.seq.in_([one[0] for one in found])).distinct()
    for seq, model in connection.execute(named.order_by(c.seq, c.model)):
        models.setdefault(seq, []).append(str(model))
    return [Issue(seq, at, count, tuple(models[seq])) for seq, at, count in found]
