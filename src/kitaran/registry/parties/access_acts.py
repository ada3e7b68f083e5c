"""Who got in, who was let in by whom, and what ended: the trail that an administrator and an auditor read.

It names accounts by their ids and holds no address, no name that was typed and no secret. It stands beside
the log: the log proves what was said of batteries, not when somebody came to work.
"""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.registry.parties import account_tables as t

Act = Literal[
    "signed_in",
    "sign_in_refused",
    "signed_out",
    "person_added",
    "person_ended",
    "person_changed",
    "link_made",
    "link_used",
    "password_set",
    "session_ended",
    "token_made",
    "token_ended",
    "token_renewed",
    "identity_connected",
    "identity_disconnected",
]


def record(
    connection: Connection,
    what: Act,
    account: str | None = None,
    operator: str | None = None,
    by: str | None = None,
) -> None:
    """Note an act. account, operator : whom it is about; by : the account that did it, None for a command."""
    row = {"at": stamp(), "what": what, "account": account, "operator": operator, "by": by}
    connection.execute(sa.insert(t.act), [row])


def newest(connection: Connection, limit: int, before: int | None = None) -> list[sa.Row[Any]]:
    """The last acts, newest first: number, at, what, account, operator, by."""
    query = sa.select(t.act).order_by(t.act.c.number.desc()).limit(limit)
    return list(connection.execute(query if before is None else query.where(t.act.c.number < before)))
