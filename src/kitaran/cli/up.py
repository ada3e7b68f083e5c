"""`kitaran up`: from an empty folder to pages in a browser."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, say, shown_progress

if TYPE_CHECKING:
    from kitaran.api.runs import StoredRun
    from kitaran.cli.site.local_tls import LocalTls
    from kitaran.foundation.lock import Lock
    from kitaran.foundation.settings import Settings
    from kitaran.foundation.workspace import Workspace
    from kitaran.registry.demonstration.place import Demonstration


def up(
    workspace: WorkspaceOption = None,
    port: Annotated[
        int | None, typer.Option(help="Port to serve on; the next free one if it is taken. (default 8474)")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to serve on. (default 127.0.0.1)")] = None,
    public_url: Annotated[
        str | None, typer.Option(help="Address under which others reach this server, behind a proxy.")
    ] = None,
    lan: Annotated[
        bool,
        typer.Option("--lan", help="Serve the local network over TLS, with a certificate made here."),
    ] = False,
    proxy: Annotated[
        list[str] | None,
        typer.Option(help="Address of a proxy whose word on the caller is believed; may be repeated."),
    ] = None,
    samples: Annotated[int | None, typer.Option(help="Samples of the first run. (default 200)")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the first run. (default 1)")] = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="Serve without a first run and without the demonstration.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Do all of it, request every page and its JSON, then stop.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start here: make the workspace with a forecast and a demonstration registry, serve the pages."""
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.lock import sole_server
    from kitaran.foundation.settings import read_settings

    place = workspaces.Workspace((workspace or workspaces.DEFAULT).absolute())
    new = not place.version_file.exists()
    given = {"host": host, "port": port, "public_url": public_url, "samples": samples, "seed": seed}
    given |= {"lan": lan or None, "trusted_proxies": " ".join(proxy) if proxy else None}
    settings = read_settings(place.settings_file, **given)  # before a folder is made
    place = workspaces.Workspace.make(workspace or workspaces.DEFAULT)
    _expect(place, new, empty)
    with sole_server(place) as lock:
        run = None if empty else _run_of(place, settings)
        invented = None if empty else _invented(place, settings)
        if check:
            _check(place, run, as_json, invented)
        else:
            _serve(place, settings, lock, as_json, invented)


def _expect(workspace: Workspace, new: bool, empty: bool) -> None:
    """Note in a new workspace that it gets a demonstration, also if this run is broken off."""
    from kitaran.registry.demonstration import place

    if empty:
        place.decline(workspace)
    elif new:
        place.expect(workspace)


def _invented(workspace: Workspace, settings: Settings) -> Demonstration | None:
    """The demonstration to show: made once if it is expected, and shown to nobody but the person at this
    computer, as long as the registry itself is empty.
    """
    from kitaran.cli.site.serving import is_alone
    from kitaran.registry.demonstration import place

    if not is_alone(settings) or settings.database_url is not None:
        return None
    if place.expected(workspace) and not place.begun(workspace):
        from kitaran.registry.demonstration.making import make

        make(workspace)
    return place.shown(workspace)


def _run_of(workspace: Workspace, settings: Settings) -> StoredRun:
    """The finished run of the packaged scenario; made, with progress shown, if the workspace has none."""
    from kitaran.api.runs import Request, StoredRuns

    request = Request(settings.scenario, settings.samples, settings.seed)
    runs = StoredRuns(workspace)
    found = runs.find(request)
    if found is not None:
        return runs.choose(found)
    say(f"Running scenario {request.scenario} with {request.samples} samples. Once; the result is kept.")
    with shown_progress() as progress:
        return runs.make(request, progress)


def _serve(
    workspace: Workspace, settings: Settings, lock: Lock, as_json: bool, invented: Demonstration | None
) -> None:
    from kitaran.cli.site import local_tls
    from kitaran.cli.site.first_link import first_link, words
    from kitaran.cli.site.serving import address, free_socket, is_loopback, server, site

    host = "0.0.0.0" if settings.lan and is_loopback(settings.host) else settings.host
    tls = local_tls.ensure(workspace.root / "tls", local_tls.own_names(host)) if settings.lan else None
    socket, moved = free_socket(host, settings.port)
    scheme, name = ("http", None) if tls is None else ("https", tls.names[0])
    url = (settings.public_url or address(socket, scheme, name)).rstrip("/")
    if moved:
        say(f"Port {settings.port} is taken; using the next free one, {socket.getsockname()[1]}.")
    if tls is not None:
        _tell_tls(tls)
    elif not is_loopback(host) and not settings.public_url:
        say(
            "Others on the network reach these pages without TLS, so passwords can be read on the way: "
            "use --lan."
        )

    first = None if invented else first_link(workspace, settings, url)

    def tell() -> None:
        lock.say(f"process {os.getpid()} serves it at {url}")
        if as_json:
            trust = {} if tls is None else {"authority": str(tls.authority), "fingerprint": tls.fingerprint}
            begin = {} if first is None else {"first_administrator": first}
            shown = {"url": url, "workspace": str(workspace.root), "demonstration": invented is not None}
            print_json({**shown, **trust, **begin})
        else:
            place = f"\nKitaran is at {url}\nYour work is kept in {workspace.root}\n"
            print(f"{place}{words(first)}{_DEMONSTRATION if invented else ''}Stop with Ctrl+C.", flush=True)

    with socket:
        app = site(workspace, settings, () if tls is None else tls.names, invented)
        files = None if tls is None else (tls.certificate, tls.key)
        proxies = (settings.trusted_proxies or "").split()
        server(app, tell, files, proxies).run(sockets=[socket])


def _tell_tls(tls: LocalTls) -> None:
    """What a person needs to trust the pages from another device."""
    say(
        f"The certificate is by an authority of this workspace. Carry {tls.authority} to each device and "
        f"trust it there, after comparing its SHA-256 fingerprint:\n{tls.fingerprint}"
    )


_DEMONSTRATION = """
The registry is a demonstration: its organisations and batteries are invented, and you sign in by one click.
To begin your own registry: kitaran up --empty
"""


def _check(
    workspace: Workspace, run: StoredRun | None, as_json: bool, invented: Demonstration | None = None
) -> None:
    from kitaran.cli.site.self_check import check_site

    answers = check_site(workspace, None if as_json else print, invented)
    failed = [answer for answer in answers if answer.problem]
    if as_json:
        print_json(
            {
                "workspace": str(workspace.root),
                "run": run.id if run else None,
                "ok": not failed,
                "pages": [answer.as_dict() for answer in answers],
            }
        )
    else:
        print(f"{len(answers) - len(failed)} of {len(answers)} addresses answered well.")
    if failed:
        say("Failed: " + "; ".join(f"{answer.path}: {answer.problem}" for answer in failed))
        raise typer.Exit(1)
