"""Organisations: their roles, licences and keys, entered and ended by a signed-in person's click."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.api import registry
from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading
from kitaran.foundation.errors import Fault, InputError, KitaranError, NotFoundError
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.parties import accounts, repository, tokens
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.enrolment import new_id
from kitaran.registry.parties.hand import Hand
from kitaran.registry.parties.kinds import item_of
from kitaran.registry.parties.roles import MANAGES, ROLES, RULES, WEIGHTY
from kitaran.web.access import require
from kitaran.web.access_words import activity_words, role_meanings, role_words, shown_faults
from kitaran.web.administration.frame import HERE as ADMIN
from kitaran.web.administration.frame import Section, frame
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages, twin_path

HERE: Final = f"{ADMIN}/operators"
pages = Pages()


@pages.page(HERE, "administration/operators.html")
def operators(request: Request) -> Page:
    """Every organisation with the roles that it holds now."""
    shown = frame(request, SECTION)
    return Page(_facts(request), {**shown, **_shown(request)})


@pages.router.post(HERE)
def add(
    request: Request,
    name: Annotated[str, Form()] = "",
    economy: Annotated[str, Form()] = "",
    role: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """A new organisation, and a key that is kept here so that its people can sign with a click."""
    person, shown = _may(request), frame(request, SECTION)
    given = {"name": name, "economy": economy, "role": role or []}
    opened = registry.of(request).whole()
    try:
        _check_weight(person, role or [])
        opened.enrolment.check_new(name.strip(), role or [])
        operator = new_id(name)
        payload = {
            "operator": operator,
            "name": name.strip(),
            "roles": role,
            "economy": economy.strip() or None,
        }
        _hand(request, person).record("parties.operator_added", item_of(operator), payload)
    except KitaranError as error:
        words = {**_facts(request), **shown, **_shown(request), "given": given}
        words |= {"faults": _beside_fields(error), "twin": twin_path(HERE)}
        return HTMLResponse(render(request, "administration/operators.html", words), error.http_status)
    opened.enrolment.keep_key(operator)
    return RedirectResponse(f"{HERE}/{operator}", 303)


@pages.page(HERE + "/{operator}", "administration/operator.html")
def operator(request: Request, operator: str) -> Page:
    """One organisation: roles, licences, keys, people."""
    shown = frame(request, SECTION)
    facts = _operator_facts(request, operator)
    return Page(facts, {**shown, **_shown(request, facts["roles"])})


@pages.router.post(HERE + "/{operator}/roles")
def change_role(
    request: Request,
    operator: str,
    role: Annotated[str, Form()] = "",
    ended: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Give a role, or end one."""
    person = _may(request)
    _check_weight(person, [role, ended])
    if ended:
        _check_not_alone(request, operator, ended)
        payload = {"operator": operator, "role": ended, "reason": reason.strip()}
        return _record(request, person, operator, "parties.role_ended", payload)
    return _record(request, person, operator, "parties.role_given", {"operator": operator, "role": role})


@pages.router.post(HERE + "/{operator}/licences")
def grant(
    request: Request,
    operator: str,
    number: Annotated[str, Form()] = "",
    authority: Annotated[str, Form()] = "",
    activity: Annotated[list[str] | None, Form()] = None,
    valid_from: Annotated[str, Form()] = "",
    valid_until: Annotated[str, Form()] = "",
) -> Response:
    """Enter a licence with the days from when until when it holds."""
    person = _may(request)
    given = {"number": number, "authority": authority, "activity": activity or []}
    given |= {"valid_from": valid_from, "valid_until": valid_until}
    try:
        payload = {
            "operator": operator,
            "licence": f"licence-{secrets.token_hex(6)}",
            "number": number.strip(),
            "authority": authority.strip(),
            "activities": activity or [],
            "valid_from": _day(valid_from, "valid_from"),
            "valid_until": _day(valid_until, "valid_until", 1) if valid_until else None,
        }
        return _record(request, person, operator, "parties.licence_granted", payload)
    except (InputError, NotAllowedError) as error:
        facts = _operator_facts(request, operator)
        words = {**facts, **frame(request, SECTION), **_shown(request, facts["roles"])}
        words |= {"faults": _beside_fields(error), "given": given, "twin": twin_path(f"{HERE}/{operator}")}
        return HTMLResponse(render(request, "administration/operator.html", words), error.http_status)


@pages.router.post(HERE + "/{operator}/licences/end")
def end_licence(
    request: Request, operator: str, licence: Annotated[str, Form()], reason: Annotated[str, Form()] = ""
) -> Response:
    """End a licence before its date."""
    payload = {"licence": licence, "reason": reason.strip()}
    return _record(request, _may(request), operator, "parties.licence_ended", payload)


@pages.router.post(HERE + "/{operator}/keys")
def keep_key(request: Request, operator: str) -> Response:
    """Keep a key here, with which people of the organisation sign by a click."""
    require(request, *RULES)
    registry.of(request).whole().enrolment.keep_key(operator)
    return RedirectResponse(f"{HERE}/{operator}", 303)


@pages.router.post(HERE + "/{operator}/keys/end")
def end_key(
    request: Request, operator: str, key: Annotated[str, Form()], reason: Annotated[str, Form()] = ""
) -> Response:
    """Let a key sign nothing more."""
    person = require(request, *RULES)
    return _record(request, person, operator, "parties.key_ended", {"key_id": key, "reason": reason.strip()})


def _may(request: Request) -> Person:
    return require(request, *sorted(MANAGES))


def _check_weight(person: Person, roles: list[str]) -> None:
    """The log judges by the roles of the whole organisation; this person may hold fewer."""
    if set(roles) & WEIGHTY and not person.roles & RULES:
        raise NotAllowedError(
            "Only an administrator gives or ends this role.", "role", "Ask the administrator."
        )


def _check_not_alone(request: Request, operator: str, ended: str) -> None:
    """Some organisation with people who can sign in must be able to let others in."""
    if ended not in RULES:
        return
    with reading(registry.of(request).whole().engine) as connection:
        left = [
            one
            for one in accounts.every(connection)
            if one.has_password and one.operator.id != operator and one.roles & RULES
        ]
    if not left:
        raise InputError(
            "No other organisation has an administrator with a password.", "ended", "Make one first."
        )


def _hand(request: Request, person: Person) -> Hand:
    return registry.of(request).whole().hand_of(person)


def _record(request: Request, person: Person, operator: str, kind: str, payload: dict[str, Any]) -> Response:
    _hand(request, person).record(kind, item_of(operator), payload)
    return RedirectResponse(f"{HERE}/{operator}", 303)


def _day(text: str, field: str, later: int = 0) -> str:
    """The first moment of a day, or of the day after."""
    try:
        found = date.fromisoformat(text.strip()) + timedelta(days=later)
    except (ValueError, OverflowError):
        raise InputError("This is no date.", field, "Write it as 2026-01-31.") from None
    return stamp(datetime.combine(found, time(), UTC))


def _beside_fields(error: KitaranError) -> list[dict[str, Any]]:
    """Faults of an event's payload beside the fields of the form."""
    fields = {"roles": "role", "activities": "activity"}
    names = [fault.place.removeprefix("$.payload.") for fault in error.faults]
    return shown_faults(
        Fault(fields.get(name, name), fault.cause, fault.remedy)
        for name, fault in zip(names, error.faults, strict=True)
    )


def _facts(request: Request) -> dict[str, Any]:
    with reading(registry.of(request).whole().engine) as connection:
        found = repository.operators(connection, now())
    return {
        "operators": [
            {"operator": one.id, "name": one.name, "economy": one.economy, "roles": sorted(one.roles)}
            for one in found
        ]
    }


def _operator_facts(request: Request, operator: str) -> dict[str, Any]:
    at = now()
    with reading(registry.of(request).whole().engine) as connection:
        found = repository.operator(connection, operator, at)
        if found is None:
            raise NotFoundError("There is no such organisation.", operator, "Look at the list.")
        licences, keys = repository.licences(connection, operator), repository.keys(connection, operator)
        people = accounts.every(connection, operator)
        valid_tokens = sum(one.valid_at(at) for one in tokens.every(connection, operator))
    seen = bool(require(request).roles & {"administrator", "auditor"})
    return {
        "operator": found.id,
        "name": found.name,
        "economy": found.economy,
        "roles": sorted(found.roles),
        "licences": [
            {
                "licence": one.id,
                "number": one.number,
                "authority": one.authority,
                "activities": list(one.activities),
                "valid_from": one.valid_from,
                "valid_until": one.valid_until,
                "valid": one.valid_at(at),
            }
            for one in licences
        ],
        "keys": [
            {
                "key_id": one.key_id,
                "custody": one.custody,
                "valid_from": one.valid_from,
                "valid_until": one.valid_until,
                "valid": one.valid_until is None or one.valid_until > stamp(at),
            }
            for one in keys
        ],
        "people": [{"account": one.id, "name": one.name} for one in people if seen and not one.ended_at],
        "tokens": valid_tokens if seen else None,
    }


def _shown(request: Request, held: Collection[str] = ()) -> dict[str, Any]:
    roles = require(request).roles
    words, meanings = role_words(), role_meanings()
    open_roles = [one for one in ROLES if roles & RULES or one not in WEIGHTY]
    empty = ("name", "economy", "number", "authority", "valid_from", "valid_until")
    return {
        "role_words": words,
        "role_boxes": [(one, words[one], meanings[one]) for one in open_roles],
        "roles_to_give": [(one, words[one]) for one in open_roles if one not in held],
        "roles_to_end": [(one, words[one]) for one in open_roles if one in held],
        "activity_words": activity_words(),
        "activity_boxes": [(one, text, None) for one, text in activity_words().items()],
        "may_manage": bool(roles & MANAGES),
        "may_rule": bool(roles & RULES),
        "given": {**dict.fromkeys(empty, ""), "role": [], "activity": []},
        "faults": [],
    }


SECTION = Section(HERE, lambda: _("Organisations"), order=10)
ENTRY = Entry(pages.router, HERE)
