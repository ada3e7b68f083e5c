"""What belongs to a signed-in person: its password, its sessions, its identities elsewhere, its tokens."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.api import registry
from kitaran.api.attempts import Attempts
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.parties import accounts, outside_identities, passwords, sessions, signing_in
from kitaran.registry.parties.access_acts import record
from kitaran.web import oidc, token_forms
from kitaran.web.access import require
from kitaran.web.access_words import role_words, shown_faults
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages

HERE: Final = "/account"
TOKENS: Final = f"{HERE}/tokens"
pages = Pages()


@pages.page(HERE, "access/account.html")
def account(request: Request) -> Page:
    """Who you are here, and where you are signed in."""
    return Page(_facts(request, require(request)), {**_shown(request), "faults": []})


@pages.router.post(f"{HERE}/password")
def change_password(
    request: Request,
    present: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Another password; sessions elsewhere end."""
    person = require(request)
    opened = registry.of(request)
    attempts: Attempts = opened.attempts
    try:
        attempts.take(registry.address(request), person.sign_in_name, person.session)
        if password != again:
            raise InputError("The two passwords differ.", "again", "Type the same one twice.")
        signing_in.change_password(opened.whole().engine, person, present, password)
    except KitaranError as error:
        words = {**_facts(request, person), **_shown(request), "faults": shown_faults(error.faults)}
        return HTMLResponse(render(request, "access/account.html", words), error.http_status)
    return RedirectResponse(f"{HERE}?done=password", 303)


@pages.router.post(f"{HERE}/sessions/end")
def end_session(request: Request, session: Annotated[str, Form()] = "") -> Response:
    """End one of the person's own sessions, or all others."""
    person = require(request)
    with writing(registry.of(request).whole().engine) as connection:
        if session:
            sessions.end(connection, session, person.id)
        else:
            sessions.end_all(connection, person.id, but=person.session)
        record(connection, "session_ended", person.id, person.operator.id, person.id)
    return RedirectResponse(HERE, 303)


@pages.router.post(f"{HERE}/identities/end")
def disconnect(request: Request, issuer: Annotated[str, Form()] = "") -> Response:
    """Let an identity at another provider open this account no more."""
    person = require(request)
    with writing(registry.of(request).whole().engine) as connection:
        outside_identities.disconnect(connection, person, issuer)
    return RedirectResponse(HERE, 303)


@pages.page(TOKENS, "access/tokens.html")
def tokens_page(request: Request) -> Page:
    """The tokens of the person's organisation."""
    person = require(request)
    return Page(token_forms.facts(request, person.operator.id), _tokens_shown(person))


@pages.router.post(TOKENS)
def make_token(
    request: Request,
    label: Annotated[str, Form()] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    days: Annotated[int, Form(ge=1, le=366)] = 365,
) -> Response:
    """A token with no more roles than its maker; shown once."""
    person = require(request)
    made = token_forms.make(request, person, person.operator.id, label, scope or [], days)
    return _shown_once(request, person, made)


@pages.router.post(f"{TOKENS}/renew")
def renew_token(request: Request, token: Annotated[str, Form()]) -> Response:
    person = require(request)
    made = token_forms.renew(request, person, token, person.operator.id)
    return _shown_once(request, person, made)


@pages.router.post(f"{TOKENS}/end")
def end_token(request: Request, token: Annotated[str, Form()]) -> Response:
    person = require(request)
    token_forms.end(request, person, token, person.operator.id)
    return RedirectResponse(TOKENS, 303)


def _shown_once(request: Request, person: accounts.Person, made: str) -> Response:
    content = token_forms.facts(request, person.operator.id)
    return token_forms.shown_once(request, TOKENS, made, content, _tokens_shown(person))


def _tokens_shown(person: accounts.Person) -> dict[str, Any]:
    return {
        "crumbs": [(_("Your account"), HERE)],
        "action": TOKENS,
        "organisation": person.operator.name,
        "made": None,
        "operators": None,
        **token_forms.words_of_tokens(),
    }


def _facts(request: Request, person: accounts.Person) -> dict[str, Any]:
    with reading(registry.of(request).whole().engine) as connection:
        mine = sessions.of_account(connection, person.id)
        issuers = outside_identities.issuers_of(connection, person.id)
    return {
        "id": person.id,
        "name": person.name,
        "sign_in_name": person.sign_in_name,
        "organisation": person.operator.name,
        "operator": person.operator.id,
        "roles": sorted(person.roles),
        "sessions": [
            {
                "session": one.id,
                "means": one.means,
                "made_at": one.made_at,
                "seen_at": one.seen_at,
                "valid_until": one.valid_until,
                "this": one.id == person.session,
            }
            for one in mine
        ],
        "identities": issuers,
    }


def _shown(request: Request) -> dict[str, Any]:
    return {
        "outside": oidc.label(request),
        "done": request.query_params.get("done"),
        "shortest": passwords.SHORTEST,
        "role_words": role_words(),
        "means_words": {"password": _("with the password"), "link": _("with a link"), "oidc": _("elsewhere")},
    }


ENTRY = Entry(pages.router, HERE)
