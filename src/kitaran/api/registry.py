"""The registry behind the API: opened when it is first asked for, and who is asking."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from fastapi import Request

from kitaran.api.pace import Pace
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError
from kitaran.foundation.workspace import Workspace
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
    """The registry of one server, opened by the first request that needs it: no other page pays for it."""

    workspace: Workspace
    pace: Pace = field(default_factory=Pace)
    _opened: tuple[Registry, Signer, Checkpointer] | None = None
    _door: Lock = field(default_factory=Lock)

    def whole(self) -> Registry:
        """The registry. Raises WorkspaceError if its database cannot be opened."""
        return self._open()[0]

    def signer(self) -> Signer:
        """The hand that signs the log."""
        return self._open()[1]

    def close(self) -> None:
        """Sign what is left, if the registry was opened at all."""
        with self._door:
            if self._opened is not None:
                self._opened[2].stop()
                self._opened[0].engine.dispose()
                self._opened = None

    def _open(self) -> tuple[Registry, Signer, Checkpointer]:
        with self._door:
            if self._opened is None:
                from kitaran.foundation.settings import read_settings
                from kitaran.registry.assembly import open_whole
                from kitaran.registry.ledger.checkpoint import Checkpointer
                from kitaran.registry.store.opening import open_signer

                watching: list[Checkpointer] = []
                settings = read_settings(self.workspace.settings_file)
                registry = open_whole(self.workspace, settings, lambda size: watching[0].committed(size))
                signer = open_signer(registry.engine, self.workspace)
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
    """The operator whose token came with the request.

    Raises UnknownCallerError if there is none, TooFastError if its tokens have asked too often just now.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        at = now()
        with reading(of(request).whole().engine) as connection:
            owner = tokens.owner(connection, token.strip(), at)
            found = None if owner is None else repository.operator(connection, owner, at)
        if found is not None:
            of(request).pace.take(found.id)
            return found
    raise UnknownCallerError(
        "No valid token came with the request.",
        "Authorization",
        "Send `Authorization: Bearer TOKEN` with the token that `kitaran parties add` printed.",
    )
