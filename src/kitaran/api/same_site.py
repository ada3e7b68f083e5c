"""Keeps other web sites from using a visitor's browser against a server that has no sign-in.

Two doors are shut. A page of another site may not write (its form or script carries `Origin` or
`Sec-Fetch-Site`). A name of another site that was pointed at this computer (DNS rebinding) is not answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_READS = {"GET", "HEAD", "OPTIONS"}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SameSite:
    """Wraps an application.

    hosts : names under which it is served besides loopback; None answers to any name (served to a network)
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] | None = ()) -> None:
        self._app = app
        self._hosts = None if hosts is None else {*_LOOPBACK, *(host.lower() for host in hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Headers(scope=scope), scope["method"]) if scope["type"] == "http" else ""
        if refusal:
            problem = {"type": "about:blank", "title": "Refused", "status": 403, "detail": refusal}
            answer = JSONResponse(problem, status_code=403, media_type="application/problem+json")
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, headers: Headers, method: str) -> str:
        host = headers.get("host", "")
        if self._hosts is not None and _name(f"//{host}") not in self._hosts:
            return f"This server does not answer to the name {host!r}. Give it one with --public-url."
        if method in _READS or not self._from_elsewhere(headers, host):
            return ""
        return "Another web site may not change anything here. Open the page itself and do it there."

    def _from_elsewhere(self, headers: Headers, host: str) -> bool:
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return True
        origin = headers.get("origin")
        if origin is None or urlsplit(origin).netloc.lower() == host.lower():
            return False
        return self._hosts is None or _name(origin) not in self._hosts - set(_LOOPBACK)


def _name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
