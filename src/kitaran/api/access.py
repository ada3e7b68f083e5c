"""Who asks: a person by the cookie of a session, or a program by its token; and with which cookies.

    person = access.signed_in(request)                      # Person or None
    person = access.require(request, "administrator")       # Person, or an error that says what is missing

A page and a route of the API ask the same two functions. The cookie is looked up once a request.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from kitaran.api.oidc import Provider
from kitaran.foundation.database import reading
from kitaran.foundation.errors import Fault, KitaranError, WorkspaceError
from kitaran.registry.demonstration.place import Demonstration
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.accounts import in_session as person_in
from kitaran.registry.parties.sessions import LONGEST
from kitaran.registry.parties.sessions import find as find_session

SESSION: Final = "kitaran_session"
_UNASKED: Final = object()


@dataclass(frozen=True)
class Serving:
    """How the server is reached, as far as access depends on it.

    public_url : the address under which others reach it, if it has one
    alone      : whether only this computer reaches it: then figures and plans are changed without signing in
    provider   : where people may sign in besides here
    invented   : the demonstration that is served in the place of the registry; only to one person alone
    """

    public_url: str | None = None
    alone: bool = True
    provider: Provider | None = None
    invented: Demonstration | None = None

    def __post_init__(self) -> None:
        if self.invented is not None and (self.public_url is not None or not self.alone):
            raise ValueError("a demonstration is served to the person at this computer alone")

    @property
    def by_tls(self) -> bool:
        return (self.public_url or "").startswith("https:")


ALONE: Final = Serving()
NOT_NOW: Final = "The server cannot do this now."
TELL_THE_ADMINISTRATOR: Final = "Try again later, or tell the administrator of this installation."
log = logging.getLogger("kitaran.api")


class SignInNeededError(KitaranError):
    """Only somebody who is signed in may do this."""

    http_status = 401
    title = "Sign in first"


def serving(request: Request) -> Serving:
    """How the server that answers this request is reached."""
    found: Serving = request.app.state.serving
    return found


def signed_in(request: Request) -> Person | None:
    """The person in whose session the request came; None without a session that is open."""
    known: Any = request.scope.setdefault("kitaran.person", _UNASKED)
    if known is _UNASKED:
        known = request.scope["kitaran.person"] = _look_up(request)
    found: Person | None = known
    return found


def require(request: Request, *roles: str) -> Person:
    """The person, if it has one of the roles; without roles, anyone who is signed in.

    Raises SignInNeededError without a session, NotAllowedError without such a role.
    """
    person = signed_in(request)
    if person is None:
        raise SignInNeededError("This is for people who have signed in.", request.url.path, "Sign in.")
    if roles and not person.roles & set(roles):
        raise NotAllowedError(
            "Your account does not have a role that may see or do this.",
            request.url.path,
            "Ask the administrator of this installation.",
        )
    return person


def open_faults(request: Request, error: KitaranError) -> Sequence[Fault]:
    """The faults as the one who asks may read them: to others than the person at this computer no folder of
    it is named, but its log has them whole.
    """
    if not isinstance(error, WorkspaceError) or serving(request).alone:
        return error.faults
    log.error("%s", error)
    return [Fault("", NOT_NOW, TELL_THE_ADMINISTRATOR)]


def cookie_name(by_tls: bool) -> str:
    """Over TLS the name begins so that no other host and no plain connection can set the cookie."""
    return f"__Host-{SESSION}" if by_tls else SESSION


def uses_tls(request: Request) -> bool:
    """Whether the browser came over TLS, as far as this server can tell."""
    return serving(request).by_tls or request.url.scheme == "https"


def set_session(request: Request, response: Response, secret: str) -> None:
    """Give the browser the secret of its new session; a script cannot read it, another site not send it."""
    response.set_cookie(
        cookie_name(uses_tls(request)),
        secret,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=uses_tls(request),
        httponly=True,
        samesite="lax",
    )


def drop_session(request: Request, response: Response) -> None:
    """Take the secret from the browser."""
    response.delete_cookie(
        cookie_name(uses_tls(request)), path="/", secure=uses_tls(request), httponly=True, samesite="lax"
    )


def _look_up(request: Request) -> Person | None:
    secret = request.cookies.get(cookie_name(uses_tls(request)))
    if not secret:
        return None
    engine = request.app.state.registry.whole().engine
    session = find_session(engine, secret)
    if session is None:
        return None
    with reading(engine) as connection:
        return person_in(connection, session)
