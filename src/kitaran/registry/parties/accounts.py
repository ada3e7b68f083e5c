"""People: each belongs to one operator and acts with some of its roles.

A person never has a role that the operator does not hold now: when a role of the operator ends, it ends for
its people too.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.errors import Fault, InputError, NotFoundError
from kitaran.registry.parties import account_tables as t
from kitaran.registry.parties import repository, sessions
from kitaran.registry.parties.access_acts import record
from kitaran.registry.parties.repository import Operator, same_name
from kitaran.registry.parties.roles import ROLES
from kitaran.registry.parties.sessions import Session

LONGEST_NAME = 200


@dataclass(frozen=True)
class Person:
    """Somebody with an account, as it stands at a time.

    operator : the organisation, with the roles that it holds
    given    : roles that the administrator gave this person
    session  : id of the session in which the person asks; None for a person that is only looked at
    """

    id: str
    name: str
    sign_in_name: str
    operator: Operator
    given: frozenset[str]
    has_password: bool
    made_at: str
    ended_at: str | None = None
    session: str | None = None

    @property
    def roles(self) -> frozenset[str]:
        """What the person may be now."""
        return self.given & self.operator.roles if self.ended_at is None else frozenset()

    @property
    def acts_for(self) -> Operator:
        """The operator with no more roles than this person has."""
        return replace(self.operator, roles=self.roles)


def add(
    connection: Connection,
    operator: str,
    name: str,
    sign_in_name: str,
    roles: Iterable[str] = (),
    by: str | None = None,
) -> Person:
    """A new person of an operator, without a password: a one-time link lets it set one.

    roles : some of the operator's; by default all of them
    Raises NotFoundError if there is no such operator, InputError naming each field that is wrong.
    """
    found = repository.operator(connection, operator, now())
    if found is None:
        raise NotFoundError("There is no such operator.", operator, "Look at the list of operators.")
    name, sign_in_name, given = " ".join(name.split()), readable(sign_in_name), set(roles)
    _check(connection, found, name, sign_in_name, given)
    row = {
        "account": f"person-{secrets.token_hex(8)}",
        "operator": operator,
        "name": name,
        "sign_in_name": sign_in_name,
        "roles": sorted(given or found.roles),
        "made_at": stamp(),
    }
    connection.execute(sa.insert(t.account), [row])
    record(connection, "person_added", str(row["account"]), operator, by)
    return get(connection, str(row["account"]))


def readable(sign_in_name: str) -> str:
    """The one spelling under which a sign-in name is kept and looked for."""
    return same_name(sign_in_name)


def _check(connection: Connection, operator: Operator, name: str, sign_in_name: str, given: set[str]) -> None:
    faults = _name_faults("name", name) + sign_in_name_faults(sign_in_name)
    if not faults and by_sign_in_name(connection, sign_in_name) is not None:
        faults.append(Fault("sign_in_name", "This name cannot be given.", "Give another."))
    faults += role_faults(operator, given)
    if faults:
        raise InputError("The person cannot be added.", faults=faults)


def role_faults(operator: Operator, given: Iterable[str]) -> list[Fault]:
    """What is wrong with roles for a person of this operator."""
    return [
        Fault(
            "role",
            f"{operator.name} does not hold the role {role}." if role in ROLES else "There is no such role.",
            f"Its roles are {', '.join(sorted(operator.roles)) or 'none'}.",
        )
        for role in sorted(given)
        if role not in operator.roles
    ]


def sign_in_name_faults(name: str) -> list[Fault]:
    """What is wrong with the form of a sign-in name."""
    faults = _name_faults("sign_in_name", readable(name))
    if " " in readable(name):
        faults.append(Fault("sign_in_name", "It holds a blank.", "Give an e-mail address or one word."))
    return faults


def _name_faults(field: str, value: str) -> list[Fault]:
    if not value or len(value) > LONGEST_NAME:
        return [Fault(field, "It is empty or too long.", f"Give 1 to {LONGEST_NAME} characters.")]
    if any(unicodedata.category(letter)[0] == "C" for letter in value):
        return [Fault(field, "It holds a sign that cannot be seen.", "Type it anew.")]
    return []


def set_roles(connection: Connection, person: Person, roles: Iterable[str], by: str | None) -> None:
    """Give a person other roles. Raises InputError for one that its operator does not hold."""
    given = set(roles)
    if faults := role_faults(person.operator, given):
        raise InputError("The roles cannot be given.", faults=faults)
    this = t.account.c.account == person.id
    connection.execute(sa.update(t.account).where(this).values(roles=sorted(given)))
    record(connection, "person_changed", person.id, person.operator.id, by)


def end(connection: Connection, person: Person, by: str | None) -> None:
    """Let a person in no more: account, sessions and links end."""
    at = stamp()
    connection.execute(sa.update(t.account).where(t.account.c.account == person.id).values(ended_at=at))
    sessions.end_all(connection, person.id)
    unused = (t.link.c.account == person.id, t.link.c.used_at.is_(None))
    connection.execute(sa.delete(t.link).where(*unused))
    connection.execute(sa.delete(t.browser).where(t.browser.c.account == person.id))
    record(connection, "person_ended", person.id, person.operator.id, by)


def get(connection: Connection, account: str) -> Person:
    """Raises NotFoundError if nobody has this id."""
    found = find(connection, account)
    if found is None:
        raise NotFoundError("There is no such person.", account, "Look at the list of people.")
    return found


def find(connection: Connection, account: str) -> Person | None:
    row = connection.execute(sa.select(t.account).where(t.account.c.account == account)).first()
    return None if row is None else _person(connection, row, now())


def by_sign_in_name(connection: Connection, name: str) -> sa.Row[Any] | None:
    """The row of the account with this sign-in name, whatever its case and width."""
    named = t.account.c.sign_in_name == readable(name)
    return connection.execute(sa.select(t.account).where(named)).first()


def every(connection: Connection, operator: str | None = None) -> list[Person]:
    """All people, or those of one operator, by name; ended ones last."""
    query = sa.select(t.account).order_by(t.account.c.ended_at.is_not(None), t.account.c.name)
    if operator is not None:
        query = query.where(t.account.c.operator == operator)
    at = now()
    return [_person(connection, row, at) for row in connection.execute(query).all()]


def any_administrator(connection: Connection) -> bool:
    """Whether somebody with a password may administer this installation."""
    return any(person.has_password and "administrator" in person.roles for person in every(connection))


def in_session(connection: Connection, session: Session) -> Person | None:
    """The person of a session; None if the account has ended."""
    found = find(connection, session.account)
    return None if found is None or found.ended_at is not None else replace(found, session=session.id)


def _person(connection: Connection, row: sa.Row[Any], at: datetime) -> Person:
    operator = repository.operator(connection, row.operator, at)
    return Person(
        row.account,
        row.name,
        row.sign_in_name,
        operator or Operator(row.operator, row.operator, None, frozenset()),
        frozenset(row.roles),
        row.password is not None,
        row.made_at,
        row.ended_at,
    )
