"""`kitaran up`: from an empty folder to pages in a browser."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, say, shown_progress

if TYPE_CHECKING:
    from kitaran.api.runs import StoredRun
    from kitaran.foundation.lock import Lock
    from kitaran.foundation.settings import Settings
    from kitaran.foundation.workspace import Workspace


def up(
    workspace: WorkspaceOption = None,
    port: Annotated[
        int | None, typer.Option(help="Port to serve on; the next free one if it is taken. (default 8474)")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to serve on. (default 127.0.0.1)")] = None,
    public_url: Annotated[
        str | None, typer.Option(help="Address under which others reach this server, behind a proxy.")
    ] = None,
    samples: Annotated[int | None, typer.Option(help="Samples of the first run. (default 200)")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the first run. (default 1)")] = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="Serve without running the packaged scenario.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Do all of it, request every page and its JSON, then stop.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start here: make the workspace, run the packaged scenario, serve the pages."""
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.lock import sole_server
    from kitaran.foundation.settings import read_settings

    place = workspaces.Workspace.make(workspace or workspaces.DEFAULT)
    settings = read_settings(
        place.settings_file, host=host, port=port, public_url=public_url, samples=samples, seed=seed
    )
    with sole_server(place) as lock:
        run = None if empty else _run_of(place, settings)
        if check:
            _check(place, run, as_json)
        else:
            _serve(place, settings, lock, as_json)


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


def _serve(workspace: Workspace, settings: Settings, lock: Lock, as_json: bool) -> None:
    from kitaran.cli.site.serving import address, free_socket, hosts_served, is_loopback, server, site

    socket, moved = free_socket(settings.host, settings.port)
    url = (settings.public_url or address(socket)).rstrip("/")
    if moved:
        say(f"Port {settings.port} is taken; using the next free one, {socket.getsockname()[1]}.")
    if not is_loopback(settings.host):
        say("Others on the network can reach these pages and change what they hold: there is no sign-in yet.")

    def tell() -> None:
        lock.say(f"process {os.getpid()} serves it at {url}")
        if as_json:
            print_json({"url": url, "workspace": str(workspace.root)})
        else:
            print(
                f"\nKitaran is at {url}\nYour work is kept in {workspace.root}\nStop with Ctrl+C.", flush=True
            )

    with socket:
        app = site(workspace, hosts_served(settings.host, settings.public_url))
        server(app, tell).run(sockets=[socket])


def _check(workspace: Workspace, run: StoredRun | None, as_json: bool) -> None:
    from kitaran.cli.site.self_check import check_site

    answers = check_site(workspace, tell=None if as_json else print)
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
