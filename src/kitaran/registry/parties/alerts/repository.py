"""Every query on the alerts. Each function works on a connection that its caller opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import canonical
from kitaran.registry.parties import tables as parties
from kitaran.registry.parties.alerts import tables as t


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert. content : as issued; withdrawal : reason and successor, None while it holds"""

    id: str
    issued_by: str
    issuer: str
    issued_at: str
    withdrawn_at: str | None
    withdrawal: dict[str, Any] | None
    content: dict[str, Any]


def alert(connection: Connection, alert_id: str) -> Alert | None:
    """The alert; None if nothing has this id."""
    found = connection.execute(_with_issuer().where(t.alert.c.alert == alert_id)).first()
    return None if found is None else _alert(found)


def alerts(connection: Connection) -> list[Alert]:
    """Every alert, those that hold first, newest first."""
    c = t.alert.c
    order = (c.withdrawn_at.isnot(None), c.issued_at.desc(), c.alert)
    return [_alert(one) for one in connection.execute(_with_issuer().order_by(*order))]


def notices(connection: Connection, alert_id: str) -> list[dict[str, str]]:
    """Who was told: operator, name, at, how."""
    o, c = parties.operator.c, t.notice.c
    query = (
        sa.select(c.operator, o.name, c.at, c.how)
        .join_from(t.notice, parties.operator, o.operator == c.operator)
        .where(c.alert == alert_id)
        .order_by(c.at, c.operator)
    )
    return [{str(name): told for name, told in one._mapping.items()} for one in connection.execute(query)]


def _with_issuer() -> sa.Select[Any]:
    o = parties.operator.c
    joined = t.alert.outerjoin(parties.operator, o.operator == t.alert.c.issued_by)
    return sa.select(*t.alert.c, o.name.label("issuer")).select_from(joined)


def _alert(one: sa.Row[Any]) -> Alert:
    return Alert(
        one.alert,
        one.issued_by,
        one.issuer or one.issued_by,
        one.issued_at,
        one.withdrawn_at,
        None if one.withdrawal is None else canonical.loads(one.withdrawal),
        canonical.loads(one.content),
    )
