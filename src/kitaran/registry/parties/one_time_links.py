"""Links that let one person set a password, once: the first administrator, someone invited or locked out.

A link holds 256 random bits; the database holds their hash. Looking at the page does not use it up: programs
that preview links do that. Setting the password does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.errors import KitaranError
from kitaran.registry.parties import account_tables as t
from kitaran.registry.parties import secret_values
from kitaran.registry.parties.access_acts import record

Purpose = Literal["first", "invite", "reset"]
LASTS: Final[dict[str, timedelta]] = {
    "first": timedelta(hours=24),
    "invite": timedelta(days=3),
    "reset": timedelta(hours=2),
}
PATH: Final = "/sign-in/link"


class LinkOverError(KitaranError):
    """The link is unknown, used, replaced or too old: the same words for each."""

    http_status = 410
    title = "This link does not work any more"


@dataclass(frozen=True)
class Link:
    """A link that still works. account : whose password it sets; None for the first administrator"""

    purpose: Purpose
    account: str | None
    valid_until: str


def make(connection: Connection, purpose: Purpose, account: str | None = None, by: str | None = None) -> str:
    """A new link's secret. Earlier links of the same account end."""
    connection.execute(sa.delete(t.link).where(_same(account), t.link.c.used_at.is_(None)))
    secret, at = secret_values.make(), now()
    row = {
        "digest": secret_values.digest(secret),
        "purpose": purpose,
        "account": account,
        "made_by": by,
        "made_at": stamp(at),
        "valid_until": stamp(at + LASTS[purpose]),
        "used_at": None,
    }
    connection.execute(sa.insert(t.link), [row])
    record(connection, "link_made", account, by=by)
    return secret


def address(base: str, secret: str) -> str:
    """What to open in a browser. base : where the server is reached"""
    return f"{base.rstrip('/')}{PATH}?code={secret}"


def look(connection: Connection, secret: str) -> Link:
    """The link of this secret, not used up. Raises LinkOverError if it does not work."""
    row = connection.execute(sa.select(t.link).where(*_working(secret))).first()
    if row is None:
        raise over()
    return Link(row.purpose, row.account, row.valid_until)


def over() -> LinkOverError:
    """The answer to every link that does not work."""
    return LinkOverError(
        "It was used, replaced by a newer one, or is too old.",
        "link",
        "Ask the administrator of this installation for another.",
    )


def use(connection: Connection, secret: str) -> Link:
    """Use the link up, in the transaction that does what it is for. Raises LinkOverError as `look` does."""
    found = look(connection, secret)
    used = sa.update(t.link).where(*_working(secret)).values(used_at=stamp())
    if connection.execute(used).rowcount != 1:
        return look(connection, secret)
    record(connection, "link_used", found.account, by=found.account)
    return found


def end_of_account(connection: Connection, account: str | None) -> None:
    """End the unused links of an account."""
    connection.execute(sa.delete(t.link).where(_same(account), t.link.c.used_at.is_(None)))


def _working(secret: str) -> tuple[sa.ColumnElement[bool], ...]:
    c = t.link.c
    return c.digest == secret_values.digest(secret), c.used_at.is_(None), c.valid_until > stamp()


def _same(account: str | None) -> sa.ColumnElement[bool]:
    return t.link.c.account.is_(None) if account is None else t.link.c.account == account
