"""A token in every form, so that only a page of this site can send what this site's forms send.

It follows from the secret in the visitor's own cookie: another site can make the browser send the cookie,
but cannot read it, and so cannot know the token. Pages put it first into each form, and it is taken off
before the form is read; a script or a program that uses the cookie sends it as `X-Form-Token`. A request that
bears an API token needs none: no browser adds that by itself.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kitaran.api import access
from kitaran.foundation.errors import KitaranError

FIELD: Final = "form_token"
HEADER: Final = "x-form-token"
VISITOR: Final = "kitaran_visitor"
"""Cookie of somebody who is about to sign in; sent to the pages of signing in only."""
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PEEKED: Final = 8_192
_URLENCODED = re.compile(rb"form_token=([0-9a-f]{64})(?:&|\Z)")
_MULTIPART = re.compile(rb'--[^\r\n]{1,200}\r\n[^\r\n]*name="form_token"\r\n\r\n([0-9a-f]{64})\r\n')


def token_for(request: Request) -> str:
    """The token for the forms of this visitor; empty without a cookie."""
    secret = request.cookies.get(access.cookie_name(access.uses_tls(request)))
    secret = secret or request.cookies.get(VISITOR) or getattr(request.state, "visitor", "")
    return token_of(secret) if secret else ""


def token_of(secret: str) -> str:
    """The token that follows from a cookie's secret: HMAC-SHA256, in hexadecimal."""
    return hmac.new(secret.encode("utf-8", "surrogatepass"), b"kitaran form", sha256).hexdigest()


class FormOutOfDateError(KitaranError):
    """A form came without the token of this visitor."""

    http_status = 403
    title = "The form is out of date"


class FormTokens:
    """Wraps the application: what changes something and comes with a cookie needs the token of that cookie.

    answer : the response to an error, as page or JSON
    """

    def __init__(self, app: ASGIApp, answer: Callable[[Request, KitaranError], Response]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in READS:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        expected = token_for(request)
        asked = expected or scope["path"].startswith("/sign-in")
        if not asked or "authorization" in request.headers:
            await self._app(scope, receive, send)
            return
        body = _Peeked(receive)
        given = request.headers.get(HEADER) or await body.token()
        if expected and hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
            await self._app(scope, body.receive, send)
        else:
            error = FormOutOfDateError(
                "Its token is missing or belongs to another session.",
                request.url.path,
                "Open the page again and send the form once more. Nothing was changed.",
            )
            await (await run_in_threadpool(self._answer, request, error))(scope, receive, send)


class _Peeked:
    """A body of which the beginning was looked at; the token is taken off, the rest given on as it comes."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._begun: Message | None = None

    async def token(self) -> str:
        """The token in the first field of a form; empty if the body begins otherwise."""
        begun, more = b"", True
        while more and len(begun) < _PEEKED:
            message = await self._receive()
            begun += message.get("body", b"")
            more = message.get("more_body", False)
            found = _URLENCODED.match(begun) if b"&" in begun or not more else None
            found = found or _MULTIPART.match(begun)
            if found:
                self._begun = {"type": "http.request", "body": begun[found.end() :], "more_body": more}
                return found[1].decode()
        return ""

    async def receive(self) -> Message:
        begun, self._begun = self._begun, None
        return begun or await self._receive()
