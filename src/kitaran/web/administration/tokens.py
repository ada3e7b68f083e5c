"""All tokens of the installation: to see, make, renew and end them."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.registry.parties import repository
from kitaran.web import token_forms
from kitaran.web.access import require
from kitaran.web.administration.frame import HERE as ADMIN
from kitaran.web.administration.frame import READ_PEOPLE, Section, frame
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

HERE: Final = f"{ADMIN}/tokens"
pages = Pages()


@pages.page(HERE, "access/tokens.html")
def tokens_page(request: Request) -> Page:
    """The tokens of every organisation."""
    shown = frame(request, SECTION)
    return Page(token_forms.facts(request, None), {**shown, **_shown(request)})


@pages.router.post(HERE)
def make(
    request: Request,
    operator: Annotated[str, Form()] = "",
    label: Annotated[str, Form()] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    days: Annotated[int, Form(ge=1, le=366)] = 365,
) -> Response:
    """A token for an organisation; shown once."""
    person = require(request, "administrator")
    made = token_forms.make(request, person, operator, label, scope or [], days)
    return _shown_once(request, made)


@pages.router.post(f"{HERE}/renew")
def renew(request: Request, token: Annotated[str, Form()]) -> Response:
    """A new token in the place of one; shown once."""
    person = require(request, "administrator")
    return _shown_once(request, token_forms.renew(request, person, token, None))


@pages.router.post(f"{HERE}/end")
def end(request: Request, token: Annotated[str, Form()]) -> Response:
    """Let a token do nothing more."""
    token_forms.end(request, require(request, "administrator"), token, None)
    return RedirectResponse(HERE, 303)


def _shown_once(request: Request, made: str) -> Response:
    shown = {**frame(request, SECTION), **_shown(request)}
    return token_forms.shown_once(request, HERE, made, token_forms.facts(request, None), shown)


def _shown(request: Request) -> dict[str, Any]:
    with reading(registry.of(request).whole().engine) as connection:
        operators = repository.operators(connection, now())
    return {
        "action": HERE,
        "organisation": None,
        "made": None,
        "operators": [(one.id, one.name) for one in operators],
        "may_change": "administrator" in require(request).roles,
        **token_forms.words_of_tokens(),
    }


SECTION = Section(HERE, lambda: _("Tokens"), READ_PEOPLE, order=40)
ENTRY = Entry(pages.router, HERE)
