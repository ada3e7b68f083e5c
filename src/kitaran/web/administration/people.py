"""People: who may come in, for which organisation, with which roles; and links to set a password with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.api import access, registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.parties import accounts, one_time_links, repository, sessions
from kitaran.registry.parties.access_acts import record
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.roles import ROLES
from kitaran.web.access import require
from kitaran.web.access_words import role_meanings, role_words, shown_faults
from kitaran.web.administration.frame import HERE as ADMIN
from kitaran.web.administration.frame import READ_PEOPLE, Section, frame
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages, twin_path

HERE: Final = f"{ADMIN}/people"
pages = Pages()


@pages.page(HERE, "administration/people.html")
def people(request: Request) -> Page:
    """Everybody with an account, by organisation."""
    shown = frame(request, SECTION)
    return Page(_facts(request), {**shown, **_shown(request)})


@pages.router.post(HERE)
def add(
    request: Request,
    operator: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    sign_in_name: Annotated[str, Form()] = "",
    role: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """A new person, and the link for it, shown once."""
    by, shown = require(request, "administrator"), frame(request, SECTION)
    try:
        with writing(registry.of(request).whole().engine) as connection:
            made = accounts.add(connection, operator, name, sign_in_name, role or [], by.id)
            link = one_time_links.make(connection, "invite", made.id, by.id)
    except KitaranError as error:
        given = {"operator": operator, "name": name, "sign_in_name": sign_in_name, "role": role or []}
        words = {**_facts(request), **shown, **_shown(request), "given": given}
        words |= {"faults": shown_faults(error.faults), "twin": twin_path(HERE)}
        return HTMLResponse(render(request, "administration/people.html", words), error.http_status)
    return _person_page(request, made.id, link)


@pages.page(HERE + "/{account}", "administration/person.html")
def person(request: Request, account: str) -> Page:
    """One person: roles, sessions, and what can be done."""
    shown = frame(request, SECTION)
    facts = _person_facts(request, account)
    held = facts["roles_of_organisation"]
    return Page(facts, {**shown, **_person_shown(request, held), "link": None})


@pages.router.post(HERE + "/{account}/link")
def make_link(request: Request, account: str) -> Response:
    """A link with which the person sets a new password; earlier ones end."""
    by = require(request, "administrator")
    with writing(registry.of(request).whole().engine) as connection:
        found = accounts.get(connection, account)
        if found.ended_at is not None:
            raise InputError("This person is let in no more.", account, "Add the person anew.")
        purpose: one_time_links.Purpose = "reset" if found.has_password else "invite"
        link = one_time_links.make(connection, purpose, account, by.id)
    return _person_page(request, account, link)


@pages.router.post(HERE + "/{account}/roles")
def set_roles(request: Request, account: str, role: Annotated[list[str] | None, Form()] = None) -> Response:
    """Other roles, from now on."""
    by = require(request, "administrator")
    with writing(registry.of(request).whole().engine) as connection:
        found = accounts.get(connection, account)
        given = set(role or [])
        if "administrator" not in given:
            _check_not_the_last(accounts.every(connection), found)
        accounts.set_roles(connection, found, given, by.id)
    return RedirectResponse(f"{HERE}/{account}", 303)


@pages.router.post(HERE + "/{account}/end")
def end(request: Request, account: str) -> Response:
    """Let the person in no more."""
    by = require(request, "administrator")
    with writing(registry.of(request).whole().engine) as connection:
        found = accounts.get(connection, account)
        _check_not_the_last(accounts.every(connection), found)
        accounts.end(connection, found, by.id)
    return RedirectResponse(f"{HERE}/{account}", 303)


@pages.router.post(HERE + "/{account}/sessions/end")
def end_sessions(request: Request, account: str) -> Response:
    """End all sessions of the person."""
    by = require(request, "administrator")
    with writing(registry.of(request).whole().engine) as connection:
        found = accounts.get(connection, account)
        sessions.end_all(connection, account)
        record(connection, "session_ended", account, found.operator.id, by.id)
    return RedirectResponse(f"{HERE}/{account}", 303)


def _check_not_the_last(everyone: list[Person], leaving: Person) -> None:
    """Somebody must be able to let others in."""
    left = [p for p in everyone if p.id != leaving.id and p.has_password and "administrator" in p.roles]
    if "administrator" in leaving.roles and not left:
        raise InputError(
            "This is the only administrator with a password.", "role", "Make another administrator first."
        )


def _facts(request: Request) -> dict[str, Any]:
    with reading(registry.of(request).whole().engine) as connection:
        return {"people": [_as_dict(one) for one in accounts.every(connection)]}


def _as_dict(one: Person) -> dict[str, Any]:
    return {
        "account": one.id,
        "name": one.name,
        "sign_in_name": one.sign_in_name,
        "operator": one.operator.id,
        "organisation": one.operator.name,
        "roles": sorted(one.roles),
        "has_password": one.has_password,
        "made_at": one.made_at,
        "ended_at": one.ended_at,
    }


def _shown(request: Request) -> dict[str, Any]:
    with reading(registry.of(request).whole().engine) as connection:
        operators = repository.operators(connection, now())
    return {
        "operators": [(one.id, one.name) for one in operators],
        "role_words": role_words(),
        "all_boxes": _boxes(ROLES),
        "may_change": "administrator" in require(request).roles,
        "given": {"operator": "", "name": "", "sign_in_name": "", "role": []},
        "faults": [],
    }


def _person_facts(request: Request, account: str) -> dict[str, Any]:
    with reading(registry.of(request).whole().engine) as connection:
        found = accounts.get(connection, account)
        open_now = sessions.of_account(connection, account)
    held = sorted(found.operator.roles)
    times = [{"made_at": one.made_at, "seen_at": one.seen_at, "session": one.id} for one in open_now]
    return {**_as_dict(found), "roles_of_organisation": held, "sessions": times}


def _boxes(roles: Iterable[str]) -> list[tuple[str, str, str]]:
    words, meanings = role_words(), role_meanings()
    return [(one, words[one], meanings[one]) for one in roles]


def _person_shown(request: Request, held: Iterable[str]) -> dict[str, Any]:
    return {
        "role_words": role_words(),
        "role_boxes": _boxes(held),
        "may_change": "administrator" in require(request).roles,
    }


def _person_page(request: Request, account: str, link: str) -> Response:
    """The person's page with a new link on it; no cache keeps it."""
    base = access.serving(request).public_url or str(request.base_url)
    facts = _person_facts(request, account)
    held = facts["roles_of_organisation"]
    words = {**facts, **frame(request, SECTION), **_person_shown(request, held)}
    words |= {"link": one_time_links.address(base, link), "twin": twin_path(f"{HERE}/{account}")}
    answer = HTMLResponse(render(request, "administration/person.html", words))
    answer.headers["Cache-Control"] = "no-store"
    return answer


SECTION = Section(HERE, lambda: _("People"), READ_PEOPLE, order=20)
ENTRY = Entry(pages.router, HERE)
