"""Making, renewing and ending API tokens from a page; a new one is shown once and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from kitaran.api import registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading, writing
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.parties import repository, tokens
from kitaran.registry.parties.access_acts import record
from kitaran.registry.parties.accounts import Person
from kitaran.web.access_words import role_words, scope_words
from kitaran.web.layout import render
from kitaran.web.pages import twin_path


def facts(request: Request, operator: str | None) -> dict[str, Any]:
    """The tokens of an operator, or of all."""
    at = now()
    with reading(registry.of(request).whole().engine) as connection:
        found = tokens.every(connection, operator)
        names = {one.id: one.name for one in repository.operators(connection, at)}
    return {
        "tokens": [
            {
                "token": one.id,
                "operator": one.operator,
                "organisation": names.get(one.operator, one.operator),
                "label": one.label,
                "scopes": sorted(one.scopes),
                "roles": None if one.roles is None else sorted(one.roles),
                "made_at": one.made_at,
                "valid_until": one.valid_until,
                "ended_at": one.ended_at,
                "used_on": one.used_on,
                "valid": one.valid_at(at),
            }
            for one in found
        ]
    }


def make(
    request: Request, person: Person, operator: str, label: str, scopes: Sequence[str], days: int
) -> str:
    """A token of an operator. Of the maker's own it has the maker's roles; of another's, all of that one's.

    Raises NotAllowedError if the person's roles allow no token, InputError for a scope that there is not.
    """
    own = operator == person.operator.id
    if own and not person.roles:
        raise NotAllowedError("Your account has no role.", "roles", "Ask the administrator for one.")
    with writing(registry.of(request).whole().engine) as connection:
        if repository.operator(connection, operator, now()) is None:
            raise NotAllowedError("There is no such operator.", "operator", "Choose one of the list.")
        roles = person.roles if own else None
        until = now() + timedelta(days=days)
        made = tokens.make(connection, operator, until, label, scopes, roles, person.id)
        record(connection, "token_made", person.id, operator, person.id)
    return made


def renew(request: Request, person: Person, token_id: str, operator: str | None) -> str:
    """A new token in the place of one. operator : whose it must be, None for anybody's"""
    with writing(registry.of(request).whole().engine) as connection:
        found = tokens.get(connection, token_id, operator)
        _check_reach(person, found)
        return tokens.renew(connection, found, now() + tokens.LASTS, person.id)


def end(request: Request, person: Person, token_id: str, operator: str | None) -> None:
    """End a token."""
    with writing(registry.of(request).whole().engine) as connection:
        tokens.end(connection, tokens.get(connection, token_id, operator), person.id)


def _check_reach(person: Person, token: tokens.Token) -> None:
    """Nobody is shown a token of the own organisation that may do more than the person."""
    held = person.operator.roles if token.roles is None else token.roles & person.operator.roles
    if token.operator == person.operator.id and not held <= person.roles:
        raise NotAllowedError(
            "This token may do more than you.", "token", "Let somebody with its roles renew it."
        )


def shown_once(
    request: Request, page: str, made: str, content: Mapping[str, Any], shown: Mapping[str, Any]
) -> Response:
    """The page of tokens with the new one on it; no cache keeps it."""
    words = {**content, **shown, "made": made, "twin": twin_path(page), **words_of_tokens()}
    answer = HTMLResponse(render(request, "access/tokens.html", words))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def words_of_tokens() -> dict[str, Any]:
    """Words that the page needs."""
    return {"role_words": role_words(), "scope_words": scope_words()}
