"""`kitaran demonstration`: an invented registry to try things in, made or taken away."""

from __future__ import annotations

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json

app = typer.Typer(help="An invented registry to try things in: made, taken away.", no_args_is_help=True)


@app.command(epilog="Example: kitaran demonstration make --workspace ./trial")
def make(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Make a demonstration in a workspace whose registry is empty; `kitaran up` then shows it."""
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.lock import sole_server
    from kitaran.registry.demonstration import making

    place = workspaces.Workspace.make(workspace or workspaces.DEFAULT)
    with sole_server(place):
        made = making.make(place)
    if as_json:
        print_json({"workspace": str(made.workspace.root), "people": len(made.people)})
    else:
        look = f"Look at it: kitaran up --workspace {place.root}"
        print(f"The demonstration lies in {made.workspace.root}\n{look}")


@app.command(epilog="Example: kitaran demonstration remove")
def remove(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Take the demonstration away, with all that was tried in it. The registry itself is not touched."""
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.lock import sole_server
    from kitaran.registry.demonstration import place as demonstrations

    place = workspaces.Workspace.open(workspace or workspaces.DEFAULT)
    with sole_server(place):
        demonstrations.remove(place)
    if as_json:
        print_json({"workspace": str(place.root), "removed": True})
    else:
        print("The demonstration is gone.")
