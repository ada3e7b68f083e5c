"""Serving the pages of a workspace from this process, on a port that is surely free."""

from __future__ import annotations

import errno
import gc
import ipaddress
import socket
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn

from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from kitaran.api.oidc import Provider
    from kitaran.foundation.settings import Settings
    from kitaran.registry.demonstration.place import Demonstration

PORTS_TO_TRY = 100
_GRACE_S = 3


def free_socket(host: str, port: int) -> tuple[socket.socket, bool]:
    """A socket bound to the port, or to the next free one, and whether it had to move.

    The bound socket is handed on, so that no other process can take the port in between.
    Raises InputError if the host is not an address of this computer or no port is free.
    """
    for candidate in range(port, min(port + PORTS_TO_TRY, 65536)):
        try:
            return _bound(host, candidate), candidate != port
        except OSError as error:
            refused = error
            if error.errno != errno.EADDRINUSE:
                break
    else:
        cause = f"Ports {port} to {candidate} are taken."
        raise InputError(cause, f"{host}:{port}", "Name another with --port.") from refused
    cause = f"Cannot serve on this address: {refused.strerror or refused}."
    remedy = "Use 127.0.0.1 or another address of this computer, and a port above 1023."
    raise InputError(cause, f"{host}:{candidate}", remedy) from refused


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there the option would let two servers share a port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(place)
        bound.listen(128)
    except OSError:
        bound.close()
        raise
    return bound


def address(bound: socket.socket, scheme: str = "http", name: str | None = None) -> str:
    """The URL of a bound socket, under a name or its own address; an address that means "everywhere" is told
    as this computer's own.
    """
    host, port = bound.getsockname()[:2]
    host = name or {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class TellingServer(uvicorn.Server):
    """A server that calls back once it answers."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.freeze()  # what is loaded stays: the collector need not walk it with every batch of events
        self._tell()


def server(
    app: ASGIApp, tell: Callable[[], None], tls: tuple[Path, Path] | None = None, proxies: Sequence[str] = ()
) -> TellingServer:
    """The server of an application, not yet running.

    tls     : certificate and private key, PEM files
    proxies : addresses or networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; none is
              believed unasked, not even on loopback
    """
    certificate, key = (None, None) if tls is None else map(str, tls)
    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=_GRACE_S,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    return TellingServer(config, tell)


def site(
    workspace: Workspace,
    settings: Settings | None = None,
    names: Iterable[str] = (),
    invented: Demonstration | None = None,
) -> ASGIApp:
    """The pages of a workspace as the settings serve them; without settings, to one person on this computer.

    names     : further names that the server answers to
    invented  : a demonstration that is shown to this person in the place of the registry
    """
    from kitaran.api.access import ALONE, Serving
    from kitaran.api.same_site import SameSite
    from kitaran.web import create_app

    if settings is None:
        return SameSite(create_app(workspace, replace(ALONE, invented=invented)), ())
    alone = is_alone(settings)
    known = replace(ALONE, invented=invented) if alone else Serving(settings.public_url, alone=False)
    if settings.oidc_issuer is not None:
        known = replace(known, provider=_provider(settings))
    hosts = (
        tuple(names)
        if settings.lan and not settings.public_url
        else hosts_served(settings.host, settings.public_url)
    )
    return SameSite(create_app(workspace, known), hosts)


def is_alone(settings: Settings) -> bool:
    """Whether only the person at this computer reaches the server."""
    return is_loopback(settings.host) and not settings.public_url and not settings.lan


def _provider(settings: Settings) -> Provider:
    """Where people may sign in besides here. Raises InputError if it cannot be used."""
    from kitaran.api.oidc import Provider, check

    secret = settings.oidc_client_secret
    found = Provider(
        settings.oidc_issuer or "",
        settings.oidc_client_id or "",
        "" if secret is None else secret.get_secret_value(),
        settings.oidc_label or urlsplit(settings.oidc_issuer or "").hostname or "",
    )
    check(found)
    return found


def hosts_served(host: str, public_url: str | None) -> tuple[str, ...] | None:
    """Names that the server answers to besides loopback; None, any, if it serves a network without a name."""
    if public_url:
        return (urlsplit(public_url).hostname or "", host)
    return () if is_loopback(host) else None
