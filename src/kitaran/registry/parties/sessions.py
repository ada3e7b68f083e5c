"""Sessions of people: begun by signing in, ended by leaving, by idleness, by age, or by another's hand.

The browser holds 256 random bits, the database their hash. The id of a session is another value: it may
stand in a signed event and in a list, and lets nobody in.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading, writing
from kitaran.registry.ledger.times import read_time
from kitaran.registry.parties import account_tables as t
from kitaran.registry.parties import secret_values

IDLE: Final = timedelta(hours=2)
"""A session that nobody used for so long is over."""
LONGEST: Final = timedelta(hours=12)
"""No session is older than a working day."""
SEEN_EVERY: Final = timedelta(minutes=1)
"""How often it is written down that a session is in use."""

Means = Literal["password", "link", "oidc"]


@dataclass(frozen=True)
class Session:
    """A session of an account: how it began, when, and until when it can last."""

    id: str
    account: str
    means: str
    made_at: str
    seen_at: str
    valid_until: str
    ended_at: str | None

    def open_at(self, moment: datetime) -> bool:
        """Whether it lets in at that time."""
        idle_until = stamp(read_time(self.seen_at, "seen_at") + IDLE)
        return self.ended_at is None and stamp(moment) < min(self.valid_until, idle_until)


def begin(connection: Connection, account: str, means: Means) -> tuple[Session, str]:
    """A new session and the secret for the browser, which nothing but the browser keeps."""
    secret, at = secret_values.make(), now()
    row: dict[str, Any] = {
        "digest": secret_values.digest(secret),
        "session": f"session-{secrets.token_hex(8)}",
        "account": account,
        "means": means,
        "made_at": stamp(at),
        "seen_at": stamp(at),
        "valid_until": stamp(at + LONGEST),
        "ended_at": None,
    }
    connection.execute(sa.insert(t.session), [row])
    return Session(*(row[name] for name in _SHOWN)), secret


_SHOWN: Final = ("session", "account", "means", "made_at", "seen_at", "valid_until", "ended_at")


def find(engine: Engine, secret: str) -> Session | None:
    """The open session of this secret, marked as in use; None if there is none."""
    at = now()
    with reading(engine) as connection:
        row = connection.execute(
            sa.select(t.session).where(t.session.c.digest == secret_values.digest(secret))
        ).first()
    found = None if row is None else _session(row)
    if found is None or not found.open_at(at):
        return None
    if found.seen_at < stamp(at - SEEN_EVERY):
        with writing(engine) as connection:
            this = (t.session.c.session == found.id, t.session.c.ended_at.is_(None))
            connection.execute(sa.update(t.session).where(*this).values(seen_at=stamp(at)))
    return found


def of_account(connection: Connection, account: str) -> list[Session]:
    """The open sessions of an account, newest first."""
    return [one for one in every(connection) if one.account == account]


def every(connection: Connection) -> list[Session]:
    """All open sessions, newest first."""
    at = now()
    query = sa.select(t.session).where(t.session.c.ended_at.is_(None)).order_by(t.session.c.made_at.desc())
    return [one for row in connection.execute(query) if (one := _session(row)).open_at(at)]


def accounts_of(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Whose sessions these are, ended ones too: who clicked, for an event that names a session."""
    c = t.session.c
    rows = connection.execute(sa.select(c.session, c.account).where(c.session.in_(ids)))
    return {row.session: row.account for row in rows}


def end(connection: Connection, session: str, account: str | None = None) -> str | None:
    """End one session, only of that account if one is named; whose it was, None if there is none."""
    this = [t.session.c.session == session, t.session.c.ended_at.is_(None)]
    if account is not None:
        this.append(t.session.c.account == account)
    owner = connection.execute(sa.select(t.session.c.account).where(*this)).scalar()
    connection.execute(sa.update(t.session).where(*this).values(ended_at=stamp()))
    return None if owner is None else str(owner)


def end_all(connection: Connection, account: str, but: str | None = None) -> int:
    """End every session of an account, but one if it is named; how many there were."""
    these = [t.session.c.account == account, t.session.c.ended_at.is_(None)]
    if but is not None:
        these.append(t.session.c.session != but)
    return connection.execute(sa.update(t.session).where(*these).values(ended_at=stamp())).rowcount


def _session(row: sa.Row[Any]) -> Session:
    return Session(*(getattr(row, name) for name in _SHOWN))
