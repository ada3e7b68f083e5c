"""A token in every form, so that only a page of this site can send what this site's forms send.

It follows from the secret in the visitor's own cookie: another site can make the browser send the cookie,
but cannot read it, and so cannot know the token. Pages put it first into each form, and it is taken off
before the form is read; a script or a program that uses the cookie sends it as `X-Form-Token`. A request that
bears an API token needs none: no browser adds that by itself.
"""

from __future__ import annotations

import hmac
import re
import secrets
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
_MASKED = re.compile(r"[0-9a-f]{128}", re.ASCII)
_SHORT: Final = ("/sign-in", "/sign-out", "/account", "/admin", "/preferences")
"""Pages whose forms hold a few lines; what is longer is not read."""
_LONGEST: Final = 65_536
_OPEN_TO_ALL: Final = "/triage"
"""Pages that read a file of anybody, of 2 MB at most."""
_LONGEST_OF_ANYBODY: Final = 2_100_000
_LONGEST_FILE: Final = 101_000_000
"""A form with the largest file that is taken anywhere, of 100 MB: no other fills the disk on its way in."""
_FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")
_PEEKED: Final = 8_192
_URLENCODED = re.compile(rb"form_token=([0-9a-f]{128})(?:&|\Z)")
_MULTIPART = re.compile(rb'--[^\r\n]{1,200}\r\n[^\r\n]*name="form_token"\r\n\r\n([0-9a-f]{128})\r\n')


def token_for(request: Request) -> str:
    """The token for the forms of this visitor, another text each time; empty without a cookie."""
    secret = _secret(request)
    return masked(token_of(secret)) if secret else ""


def token_of(secret: str) -> bytes:
    """What follows from a cookie's secret: HMAC-SHA256."""
    return hmac.new(secret.encode("utf-8", "surrogatepass"), b"kitaran form", sha256).digest()


def masked(token: bytes) -> str:
    """A random mask and the token under it: who watches the length of compressed pages (BREACH) learns
    nothing from guesses that the page repeats.
    """
    mask = secrets.token_bytes(len(token))
    return mask.hex() + _xor(mask, token).hex()


def _unmasked(given: str) -> bytes:
    """The token in a text; empty if it is no such text."""
    if not _MASKED.fullmatch(given):
        return b""
    both = bytes.fromhex(given)
    return _xor(both[: len(both) // 2], both[len(both) // 2 :])


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _secret(request: Request) -> str:
    """The secret of the visitor's session, or of its visit at the door."""
    session = request.cookies.get(access.cookie_name(access.uses_tls(request)))
    return str(session or request.cookies.get(VISITOR) or getattr(request.state, "visitor", ""))


class FormOutOfDateError(KitaranError):
    """A form came without the token of this visitor."""

    http_status = 403
    title = "The form is out of date"


class FormTooLongError(KitaranError):
    """Nobody fills in so much."""

    http_status = 413
    title = "The form is too long"


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
        error = _too_long(request)
        if error is None and _asked(request):
            body = _Peeked(receive)
            given = request.headers.get(HEADER) or await body.token()
            error = _wrong(request, given)
            receive = body.receive
        if error is None:
            await self._app(scope, receive, send)
        else:
            await (await run_in_threadpool(self._answer, request, error))(scope, receive, send)


def _asked(request: Request) -> bool:
    """Whether it needs a token: it comes with a cookie or to the door, and not with a program's own token."""
    bearer = request.headers.get("authorization", "").lower().startswith("bearer ")
    return not bearer and (bool(_secret(request)) or request.url.path.startswith("/sign-in"))


def _wrong(request: Request, given: str) -> KitaranError | None:
    secret = _secret(request)
    if secret and hmac.compare_digest(token_of(secret), _unmasked(given)):
        return None
    return FormOutOfDateError(
        "Its token is missing or belongs to another session.",
        request.url.path,
        "Open the page again and send the form once more. Nothing was changed.",
    )


def _too_long(request: Request) -> KitaranError | None:
    """Nobody makes the server read a long body before it is known who sends it, or one without an end."""
    most = _most(request)
    told = request.headers.get("content-length", "")
    if most is None or (told.isdigit() and int(told[:12]) <= most):
        return None
    return FormTooLongError(
        f"A form here has at most {most} bytes, and says how many.", request.url.path, "Shorten it."
    )


def _most(request: Request) -> int | None:
    """Bytes that a body may have; None if whoever reads it counts them itself."""
    path = request.url.path
    if any(_under(path, one) for one in _SHORT):
        return _LONGEST
    sent_as = request.headers.get("content-type", "").lower()
    if path.startswith("/api/") or not sent_as.startswith(_FORMS):
        return None
    return _LONGEST_OF_ANYBODY if _under(path, _OPEN_TO_ALL) else _LONGEST_FILE


def _under(path: str, place: str) -> bool:
    return path == place or path.startswith((f"{place}/", f"{place}.json"))


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
