"""The registry behind the API: opened when it is first asked for, and who is asking."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Final

from fastapi import Request

from kitaran.api import access
from kitaran.api.attempts import Attempts
from kitaran.api.pace import Pace
from kitaran.api.public_bodies import PublicBodies
from kitaran.foundation.clock import now, stamp
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import KitaranError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.parties import repository, tokens
from kitaran.registry.parties.repository import Operator

if TYPE_CHECKING:
    from kitaran.registry.assembly import Registry
    from kitaran.registry.ledger.checkpoint import Checkpointer, Signer

log = logging.getLogger("kitaran.api")


class UnknownCallerError(KitaranError):
    """Nobody here knows who asks."""

    http_status = 401
    title = "A token is needed"


@dataclass
class OpenedRegistry:
    """The registry of one server, opened by the first request that needs it: no other page pays for it.

    invented : it is a demonstration, in a workspace and a database of its own
    """

    workspace: Workspace
    pace: Pace = field(default_factory=Pace)
    attempts: Attempts = field(default_factory=Attempts)
    invented: bool = False
    _opened: tuple[Registry, Signer, Checkpointer] | None = None
    _bodies: PublicBodies | None = None
    _door: Lock = field(default_factory=Lock)

    def whole(self) -> Registry:
        """The registry. Raises WorkspaceError if its database cannot be opened."""
        return self._open()[0]

    def signer(self) -> Signer:
        """The hand that signs the log."""
        return self._open()[1]

    @property
    def is_open(self) -> bool:
        """Whether a request has opened it already."""
        return self._opened is not None

    def public_bodies(self) -> PublicBodies:
        """What everyone reads of passports, kept ready. Raises WorkspaceError as `whole` does."""
        engine = self._open()[0].engine
        with self._door:
            if self._bodies is None:
                self._bodies = PublicBodies(engine)
            return self._bodies

    def close(self) -> None:
        """Sign what is left, if the registry was opened at all."""
        with self._door:
            if self._opened is not None:
                self._opened[2].stop()
                if self._bodies is not None:
                    self._bodies.close()
                    self._bodies = None
                self._opened[0].engine.dispose()
                self._opened = None

    def _open(self) -> tuple[Registry, Signer, Checkpointer]:
        with self._door:
            if self._opened is None:
                from kitaran.foundation.settings import read_settings
                from kitaran.registry.assembly import open_whole
                from kitaran.registry.demonstration import rules
                from kitaran.registry.ledger.checkpoint import Checkpointer
                from kitaran.registry.ledger.witness_http import read_witnesses
                from kitaran.registry.parties.admission import admit
                from kitaran.registry.store.opening import open_signer

                watching: list[Checkpointer] = []

                def watched(size: int) -> None:
                    watching[0].committed(size)

                settings = rules.ALONE if self.invented else read_settings(self.workspace.settings_file)
                admission = rules.admit if self.invented else admit
                witnesses = read_witnesses(settings.witnesses)
                registry = open_whole(self.workspace, settings, watched, admission)
                signer = open_signer(registry.engine, self.workspace, witnesses=witnesses)
                checkpointer = Checkpointer(signer, _told)
                watching.append(checkpointer)
                checkpointer.start()
                self._opened = registry, signer, checkpointer
            return self._opened


def _told(error: KitaranError) -> None:
    log.error("the log was not signed: %s", error)


def of(request: Request) -> OpenedRegistry:
    """The registry of the server that answers this request."""
    found: OpenedRegistry = request.app.state.registry
    return found


def caller(request: Request) -> Operator:
    """The operator for which the request asks, with no more roles than its token or the signed-in person has.

    Raises UnknownCallerError without a valid token and without a session, NotAllowedError if the token's
    scopes do not reach so far, TooFastError if there were too many requests just now.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and secret:
        return _bearer(request, secret.strip())
    person = None if scheme else access.signed_in(request)
    if person is None:
        raise _unknown(request)
    of(request).pace.take(person.id)
    return person.acts_for


HEAVY: Final = 50.0
"""What a request counts for that keeps the server busy for a second or so, and needs no token."""


def anyone(request: Request, cost: float = 1.0) -> None:
    """Count a request that needs no token, by the address from which it comes. Raises TooFastError."""
    of(request).pace.take(f"address {address(request)}", cost)


def address(request: Request) -> str:
    """Where the request comes from, as the server or a proxy that it trusts tells it."""
    return request.client.host if request.client is not None else "unknown"


def _bearer(request: Request, secret: str) -> Operator:
    at, engine = now(), of(request).whole().engine
    with reading(engine) as connection:
        token = tokens.find(connection, secret, at)
        found = None if token is None else repository.operator(connection, token.operator, at)
    if token is None or found is None:
        raise _unknown(request)
    of(request).pace.take(found.id)
    needed = "read" if request.method in ("GET", "HEAD") else "record"
    if needed not in token.scopes:
        raise NotAllowedError(
            f"This token may {' and '.join(sorted(token.scopes))}, not {needed}.",
            "Authorization",
            f"Use a token with the scope {needed}.",
        )
    if token.used_on != stamp(at)[:10]:
        with writing(engine) as connection:
            tokens.note_use(connection, token)
    return found if token.roles is None else replace(found, roles=found.roles & token.roles)


def _unknown(request: Request) -> UnknownCallerError:
    anyone(request)
    return UnknownCallerError(
        "No valid token came with the request.",
        "Authorization",
        "Send `Authorization: Bearer TOKEN` with the token that `kitaran parties add` printed.",
    )
