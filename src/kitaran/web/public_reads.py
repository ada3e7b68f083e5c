"""Public reads of passports, answered before all else: `/api/v1/passports/{id}` and `/b/{id}.json`.

Whoever comes without a token and without a session reads what is public of the model, from
`kitaran.api.public_bodies`. Every other request, and what is not ready to be answered here, goes on to the
routes, which give the same bytes: a reader notices the time alone, and that is the same for what is not there
and for what is not the reader's.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from kitaran.api.access import SESSION
from kitaran.api.pace import TooFastError
from kitaran.api.passports import public_facts
from kitaran.api.public_bodies import Bodies
from kitaran.api.registry import OpenedRegistry
from kitaran.foundation.errors import KitaranError
from kitaran.web.headers import HEADERS

_ADDRESS: Final = re.compile(r"/api/v1/passports/([0-9a-f]{32})|/b/([0-9a-f]{32})\.json")
_COOKIE: Final = SESSION.encode()
_ALWAYS: Final = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-cache"),
    (b"vary", b"Accept-Encoding, Authorization, Cookie"),
    *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
]
_PACKED: Final = (b"content-encoding", b"gzip")


class PublicReads:
    """Wraps an application whose `state.registry` is an `OpenedRegistry`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _ADDRESS.fullmatch(scope["path"]) if scope["type"] == "http" else None
        reads = asked is not None and scope["method"] in ("GET", "HEAD") and not scope["query_string"]
        if asked is None or not reads or not await _answer(scope, asked, send):
            await self._app(scope, receive, send)


async def _answer(scope: Scope, asked: re.Match[str], send: Send) -> bool:
    """Send what everyone reads; False if the routes must answer."""
    anonymous, packs = _of_headers(scope)
    battery = asked[1] or asked[2]
    bodies = await _bodies(scope, battery) if anonymous else None
    if bodies is None:
        return False
    body = bodies.api if asked[1] else bodies.twin
    content = body.packed(battery) if packs else body.plain(battery)
    headers = [*_ALWAYS, (b"content-length", b"%d" % len(content)), *([_PACKED] if packs else [])]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})
    return True


def _of_headers(scope: Scope) -> tuple[bool, bool]:
    """Whether nobody known asks, and whether the answer may be packed."""
    anonymous, packs = True, False
    for name, value in scope["headers"]:
        if name == b"authorization" or (name == b"cookie" and _COOKIE in value):
            anonymous = False
        elif name == b"accept-encoding":
            packs = b"gzip" in value
    return anonymous, packs


async def _bodies(scope: Scope, battery: str) -> Bodies | None:
    """What is ready for everyone; None if the routes must answer, be it with an error."""
    opened: OpenedRegistry = scope["app"].state.registry
    client = scope.get("client")
    try:
        ready = opened.public_bodies() if opened.is_open else await run_in_threadpool(opened.public_bodies)
        found = ready.find(battery) if ready.quick else await run_in_threadpool(ready.find, battery)
        if found is None:
            found = await run_in_threadpool(partial(ready.make, battery, public_facts))
        if found is not None:
            opened.pace.take(f"address {client[0] if client else 'unknown'}")
    except (TooFastError, KitaranError, SQLAlchemyError):
        return None
    return found
