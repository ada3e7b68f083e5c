"""Cookies of the pages of signing in, and the session that a browser is given there."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from kitaran.api import access, registry
from kitaran.api.form_tokens import VISITOR
from kitaran.foundation.database import writing
from kitaran.registry.parties import sessions
from kitaran.registry.parties.signing_in import Entry
from kitaran.web.preferences import A_YEAR_S

SIGN_IN: Final = "/sign-in"
"""The cookies here go to these pages only."""
BROWSER: Final = "kitaran_browser"
"""Cookie by which a browser is known from which the account was opened before."""


def put(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    """A cookie that no script reads and no other site sends."""
    tls = access.uses_tls(request)
    answer.set_cookie(name, value, seconds, path=SIGN_IN, secure=tls, httponly=True, samesite="lax")


def let_in(request: Request, made: Entry, to: str) -> Response:
    """Give the browser its new session; one that it had before ends. to : an address of this site"""
    before = access.signed_in(request)
    if before is not None and before.session is not None:
        with writing(registry.of(request).whole().engine) as connection:
            sessions.end(connection, before.session)
    answer = RedirectResponse(to, 303)
    access.set_session(request, answer, made.secret)
    put(request, answer, BROWSER, made.browser, A_YEAR_S)
    answer.delete_cookie(VISITOR, path=SIGN_IN)
    return answer


def packed(text: str) -> str:
    """Text of several lines as a cookie can hold it."""
    return base64.urlsafe_b64encode(text.encode()).decode()


def unpacked(value: str) -> str:
    """The text in a cookie; empty if it is no such text."""
    try:
        return base64.urlsafe_b64decode(value.encode()).decode()
    except (binascii.Error, ValueError):
        return ""
