"""Which account an identity at another provider opens: issuer and subject together, nothing else.

An e-mail address is no identity: it can change hands, and a provider may not have checked it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.foundation.errors import InputError
from kitaran.registry.parties import account_tables as t
from kitaran.registry.parties.access_acts import record
from kitaran.registry.parties.accounts import Person


def account_of(connection: Connection, issuer: str, subject: str) -> str | None:
    """The account that this identity opens; None if nobody connected it."""
    c = t.outside_identity.c
    found = sa.select(c.account).where(c.issuer == issuer, c.subject == subject)
    return connection.execute(found).scalar()


def connect(connection: Connection, person: Person, issuer: str, subject: str) -> None:
    """Let an identity open the account of a person. Raises InputError if it opens another's."""
    owner = account_of(connection, issuer, subject)
    if owner == person.id:
        return
    if owner is not None:
        raise InputError(
            "This identity opens another account.", "identity", "Disconnect it there first, or use another."
        )
    row = {"issuer": issuer, "subject": subject, "account": person.id, "made_at": stamp()}
    connection.execute(sa.insert(t.outside_identity), [row])
    record(connection, "identity_connected", person.id, person.operator.id, person.id)


def issuers_of(connection: Connection, account: str) -> list[str]:
    """At which providers an account has an identity."""
    c = t.outside_identity.c
    query = sa.select(c.issuer).where(c.account == account).order_by(c.issuer)
    return list(connection.execute(query).scalars())


def disconnect(connection: Connection, person: Person, issuer: str) -> None:
    """Let the person's identities at a provider open nothing more."""
    c = t.outside_identity.c
    connection.execute(sa.delete(t.outside_identity).where(c.account == person.id, c.issuer == issuer))
    record(connection, "identity_disconnected", person.id, person.operator.id, person.id)
