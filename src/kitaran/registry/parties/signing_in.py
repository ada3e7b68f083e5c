"""Signing in with a password, setting one by a one-time link, and changing it."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from kitaran.foundation.clock import stamp
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import Fault, InputError, KitaranError
from kitaran.registry.parties import account_tables as t
from kitaran.registry.parties import accounts, one_time_links, passwords, secret_values, sessions
from kitaran.registry.parties.access_acts import record
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.enrolment import Enrolment
from kitaran.registry.parties.sessions import Means, Session

_FIRST: Final = Lock()


class RefusedError(KitaranError):
    """The name or the password is wrong: nobody is told which."""

    http_status = 403
    title = "You are not signed in"


@dataclass(frozen=True)
class Entry:
    """What the browser is given: the secret of the new session, and one by which it is known later."""

    session: Session
    secret: str
    browser: str


@dataclass(frozen=True)
class FirstAdministrator:
    """What the first one-time link asks for."""

    organisation: str
    name: str
    sign_in_name: str
    password: str


def sign_in(engine: Engine, name: str, password: str) -> Entry:
    """A session for who knows the password. Raises RefusedError, after the same work for every reason."""
    with reading(engine) as connection:
        row = accounts.by_sign_in_name(connection, name)
    kept = None if row is None or row.ended_at is not None else row.password
    right = passwords.matches(kept, password)
    with writing(engine) as connection:
        if not right or row is None:
            known = None if row is None else row.account
            record(connection, "sign_in_refused", known, None if row is None else row.operator)
        else:
            if passwords.is_outdated(str(kept)):
                _keep_password(connection, row.account, password)
            return enter(connection, accounts.get(connection, row.account), "password")
    raise RefusedError(
        "The name or the password is not right.",
        "sign_in_name",
        "Try again, or ask the administrator of this installation for a new link.",
    )


def enter(connection: Connection, person: Person, means: Means) -> Entry:
    """Begin a session of a person whose identity was shown. A new secret each time: none is taken over."""
    session, secret = sessions.begin(connection, person.id, means)
    browser = secret_values.make()
    row = {"digest": secret_values.digest(browser), "account": person.id, "made_at": stamp()}
    connection.execute(sa.insert(t.browser), [row])
    record(connection, "signed_in", person.id, person.operator.id, person.id)
    return Entry(session, secret, browser)


def known_browser(engine: Engine, name: str, browser: str | None) -> str | None:
    """Digest of a browser from which the account of this name was opened before; None for any other."""
    if not browser:
        return None
    digest = secret_values.digest(browser)
    with reading(engine) as connection:
        row = accounts.by_sign_in_name(connection, name)
        these = sa.select(t.browser.c.account).where(t.browser.c.digest == digest)
        owner = connection.execute(these).scalar()
    return digest.hex() if row is not None and owner == row.account else None


def set_password_by_link(engine: Engine, link: str, password: str) -> Entry:
    """Use a link up: the person's password is set, all its sessions end, and a new one begins.

    Raises LinkOverError if the link does not work, InputError if the password cannot be used.
    """
    with reading(engine) as connection:
        person = accounts.get(connection, str(one_time_links.look(connection, link).account))
    passwords.check(password, person.name, person.sign_in_name, person.operator.name)
    kept = passwords.make(password)
    with writing(engine) as connection:
        one_time_links.use(connection, link)
        _set(connection, person, kept)
        sessions.end_all(connection, person.id)
        return enter(connection, person, "link")


def begin_installation(engine: Engine, enrolment: Enrolment, link: str, given: FirstAdministrator) -> Entry:
    """Use the first link up: an organisation with the role administrator, and its first person.

    Raises LinkOverError if the link does not work or there is an administrator, InputError for the fields.
    """
    with _FIRST:  # one server serves a workspace: of two that use one link, the second finds it used
        with reading(engine) as connection:
            if one_time_links.look(connection, link).account is not None:
                raise InputError("This link is for a person that is known.", "link", "Set its password.")
            if accounts.any_administrator(connection):
                raise one_time_links.over()
        _check_first(given)
        passwords.check(given.password, given.name, given.sign_in_name, given.organisation)
        kept = passwords.make(given.password)
        operator = enrolment.add(given.organisation, ["administrator"], with_token=False).operator
        with writing(engine) as connection:
            one_time_links.use(connection, link)
            person = accounts.add(connection, operator, given.name, given.sign_in_name)
            _set(connection, person, kept)
            return enter(connection, person, "link")


def _check_first(given: FirstAdministrator) -> None:
    """Before anything is recorded for ever."""
    fields = {
        "organisation": given.organisation,
        "name": given.name,
        "sign_in_name": given.sign_in_name,
    }
    faults = [
        Fault(field, "It is empty or too long.", f"Give 1 to {accounts.LONGEST_NAME} characters.")
        for field, value in fields.items()
        if not 1 <= len(value.strip()) <= accounts.LONGEST_NAME
    ]
    faults += accounts.sign_in_name_faults(given.sign_in_name)
    if faults:
        raise InputError("The first administrator cannot be entered.", faults=list(dict.fromkeys(faults)))


def change_password(engine: Engine, person: Person, present: str, wanted: str) -> None:
    """Change a password that the person knows; its other sessions end.

    Raises RefusedError if the present one is wrong, InputError if the new one cannot be used.
    """
    with reading(engine) as connection:
        row = accounts.by_sign_in_name(connection, person.sign_in_name)
    if not passwords.matches(None if row is None else row.password, present):
        raise RefusedError("The present password is not right.", "present", "Type it again.")
    passwords.check(wanted, person.name, person.sign_in_name, person.operator.name)
    kept = passwords.make(wanted)
    with writing(engine) as connection:
        _set(connection, person, kept)
        sessions.end_all(connection, person.id, but=person.session)


def _set(connection: Connection, person: Person, kept: str) -> None:
    connection.execute(sa.update(t.account).where(t.account.c.account == person.id).values(password=kept))
    connection.execute(sa.delete(t.browser).where(t.browser.c.account == person.id))
    one_time_links.end_of_account(connection, person.id)
    record(connection, "password_set", person.id, person.operator.id, person.id)


def _keep_password(connection: Connection, account: str, password: str) -> None:
    kept = passwords.make(password)
    connection.execute(sa.update(t.account).where(t.account.c.account == account).values(password=kept))
