"""A server that others reach lets nobody change plans and figures without signing in, and none but an
authority enter what the law says.

On loopback, one person works alone: nothing is asked there. The registry asks everywhere, by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kitaran.api import access, registry
from kitaran.api.form_tokens import READS
from kitaran.foundation.errors import KitaranError
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.roles import MANAGES, WRITES_NOTHING

ASK_THEMSELVES: Final = (
    *("/sign-in", "/sign-out", "/account", "/admin", "/preferences", "/api/v1/events"),
    *("/triage", "/triage.json"),
    *("/api/v1/movements/evidence", "/movements/evidence"),
)
"""What asks by itself who comes, or changes nothing but a cookie, or keeps nothing."""

ONLY_FOR: Final[Mapping[str, frozenset[str]]] = {"/move/own-facts": frozenset(MANAGES)}
"""What decides for everybody, and the roles one of which it takes: decisions name these facts as the law."""


class SignedInWrites:
    """Wraps the application. answer : the response to an error, as page or JSON"""

    def __init__(self, app: ASGIApp, answer: Callable[[Request, KitaranError], Response]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in READS and not _asks_itself(scope["path"]):
            refusal = await run_in_threadpool(self._refusal, Request(scope))
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        if access.serving(request).alone:
            return None
        try:
            _check(registry.caller(request), request.url.path)
        except KitaranError as error:
            return self._answer(request, error)
        return None


def _check(caller: Operator, path: str) -> None:
    """Raises NotAllowedError if the caller has no role that may change what is at this path."""
    if not caller.roles - WRITES_NOTHING:
        raise NotAllowedError(
            "Your account reads and changes nothing.",
            path,
            "Ask the administrator of this installation for another role.",
        )
    for place, roles in ONLY_FOR.items():
        if _under(path, place) and not caller.roles & roles:
            raise NotAllowedError(
                "Facts of the law are entered by an authority or an administrator.",
                path,
                "Ask the authority, or the administrator of this installation.",
            )


def _asks_itself(path: str) -> bool:
    return any(_under(path, one) for one in ASK_THEMSELVES)


def _under(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}/")
