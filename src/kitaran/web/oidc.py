"""Signing in at another provider, and connecting an identity there with one's account."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.api import access, oidc, registry
from kitaran.api.oidc import Pending, Provider
from kitaran.foundation.database import writing
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.parties import accounts, outside_identities, signing_in
from kitaran.registry.parties.signing_in import Entry as EntryMade
from kitaran.registry.parties.signing_in import RefusedError
from kitaran.web import cookies
from kitaran.web.layout import render
from kitaran.web.preferences import own_address

HERE: Final = "/sign-in/oidc"
BACK: Final = f"{HERE}/back"
PENDING: Final = "kitaran_oidc"
_TEN_MINUTES_S: Final = 600


def label(request: Request) -> str | None:
    """Words for the button; None if the settings name no provider."""
    provider = access.serving(request).provider
    return None if provider is None else provider.label or provider.issuer


def begin(
    request: Request, next: Annotated[str, Form()] = "/", connect: Annotated[str, Form()] = ""
) -> Response:
    """Send the browser to the provider. connect : whether to connect, for who is signed in, or to sign in"""
    provider, pending = _provider(request), Pending.make()
    purpose = f"connect {access.require(request).session}" if connect else "enter"
    words = {"address": oidc.address(provider, pending, redirect_uri(request)), "whom": label(request)}
    answer = HTMLResponse(
        render(request, "access/leaving.html", words)
    )  # form-action forbids a redirect away
    answer.headers["Cache-Control"] = "no-store"
    kept = "\n".join((pending.state, pending.nonce, pending.verifier, purpose, own_address(next)))
    cookies.put(request, answer, PENDING, cookies.packed(kept), _TEN_MINUTES_S)
    return answer


def back(request: Request) -> Response:
    """Where the provider sends the browser: a session, or a connected identity."""
    provider = _provider(request)
    kept = cookies.unpacked(request.cookies.get(PENDING, "")).split("\n")
    if len(kept) != 5:
        raise RefusedError(
            "This sign-in was not begun here, or too long ago.", "sign-in", "Begin again at the sign-in page."
        )
    pending, purpose, to = Pending(*kept[:3]), kept[3], kept[4]
    found = oidc.subject(provider, pending, dict(request.query_params), redirect_uri(request))
    answer = _connected(request, provider, found, purpose) if purpose != "enter" else None
    if answer is None:
        answer = cookies.let_in(request, _entered(request, provider, found), own_address(to))
    answer.delete_cookie(PENDING, path=cookies.SIGN_IN)
    return answer


def redirect_uri(request: Request) -> str:
    """The address that is registered with the provider."""
    base = access.serving(request).public_url or str(request.base_url)
    return base.rstrip("/") + BACK


def _entered(request: Request, provider: Provider, subject: str) -> EntryMade:
    with writing(registry.of(request).whole().engine) as connection:
        account = outside_identities.account_of(connection, provider.issuer, subject)
        person = None if account is None else accounts.find(connection, account)
        if person is not None and person.ended_at is None:
            return signing_in.enter(connection, person, "oidc")
    raise RefusedError(
        "No account here is connected with this identity.",
        "sign-in",
        "Sign in with your password and connect it in your account; or ask the administrator for a link.",
    )


def _connected(request: Request, provider: Provider, subject: str, purpose: str) -> Response:
    """Connect, if the session that asked for it is still the one that came back."""
    person = access.require(request)
    if purpose != f"connect {person.session}":
        raise RefusedError("Another session asked for this.", "sign-in", "Begin again in your account.")
    with writing(registry.of(request).whole().engine) as connection:
        outside_identities.connect(connection, person, provider.issuer, subject)
    return RedirectResponse("/account", 303)


def _provider(request: Request) -> Provider:
    found = access.serving(request).provider
    if found is None:
        raise NotFoundError("This installation names no other provider.", HERE, "Sign in with a password.")
    return found
