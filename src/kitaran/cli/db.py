"""`kitaran db`: the database behind the registry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, say, shown_progress

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kitaran.foundation.workspace import Workspace

app = typer.Typer(no_args_is_help=True, help="The database: migrate, back up, restore, rebuild, move.")


def _open(folder: Path | None) -> tuple[Engine, Workspace]:
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.settings import read_settings
    from kitaran.registry.store import open_registry

    place = workspaces.Workspace.open(folder or workspaces.DEFAULT)
    return open_registry(place, read_settings(place.settings_file)), place


def _tell(content: dict[str, Any], words: str, as_json: bool) -> None:
    if as_json:
        print_json(content)
    else:
        print(words)


@app.command(epilog="Example: kitaran db migrate --workspace ./kitaran-data")
def migrate(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Bring the database to the form that this version of Kitaran knows; `kitaran up` does it too."""
    from kitaran.foundation.database import revision

    engine, _ = _open(workspace)
    at = revision(engine)
    _tell(
        {"revision": at, "database": str(engine.url.database)}, f"The database is at migration {at}.", as_json
    )


@app.command(epilog="Example: kitaran db backup ./monday.kitaran.zip")
def backup(
    file: Annotated[Path, typer.Argument(help="File to write; an existing one is never overwritten.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Write one file from which another operator can continue, the keys apart. Others may write meanwhile."""
    from kitaran.registry.store.backup import write_backup

    engine, place = _open(workspace)
    card = write_backup(engine, place, file)
    content = {"file": str(file), "size": card.size, "root": card.root, "made_at": card.made_at}
    _tell(content, f"Written: {file}, {card.size} events, root {card.root}", as_json)
    say("Keep the keys apart: keys/ and ledger/last-checkpoint of the workspace are not in it.")


@app.command(epilog="Example: kitaran db restore ./monday.kitaran.zip --workspace ./restored")
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Let the workspace's database give way; it is kept beside.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup into a workspace, once every byte of it is proved."""
    from kitaran.foundation import workspace as workspaces
    from kitaran.registry.store.backup import continues
    from kitaran.registry.store.backup import restore as put_back

    place = workspaces.Workspace.make(workspace or workspaces.DEFAULT)
    card = put_back(file, place, replace)
    goes_on = continues(card, place)
    content = {"workspace": str(place.root), "size": card.size, "root": card.root, "continues": goes_on}
    _tell(content, f"Restored: {card.size} events, root {card.root}", as_json)
    if not goes_on:
        say("This backup is older than the last checkpoint signed here: it can be read, and takes no events.")


@app.command(epilog="Example: kitaran db rebuild")
def rebuild(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Drop everything that follows from the log and make it again, to the same bytes."""
    from kitaran.registry.assembly import kinds
    from kitaran.registry.ledger.rebuild import rebuild as follow_all

    engine, _ = _open(workspace)
    with shown_progress() as progress:
        size = follow_all(engine, kinds(), progress)
    _tell({"events": size}, f"Rebuilt from {size} events.", as_json)


@app.command("to-postgres", epilog="Example: kitaran db to-postgres postgresql://kitaran@db.example/kitaran")
def to_postgres(
    url: Annotated[str, typer.Argument(help="An empty database: postgresql://user@host/name.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Copy the registry into PostgreSQL and prove that the root is the same. The file stays as it is."""
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.database import connect, connect_postgres
    from kitaran.registry.store.moving import move
    from kitaran.registry.store.opening import last_signed, log_key

    place = workspaces.Workspace.open(workspace or workspaces.DEFAULT)
    source, target = connect(place.database), connect_postgres(url)
    with shown_progress() as progress:
        found = move(source, target, log_key(source, place), last_signed(place).read(), progress)
    content = {"size": found.size, "root": found.root.hex(), "intact": not found.problems}
    _tell(content, f"Moved: {found.size} events, root {found.root.hex()}, the same on both sides.", as_json)
    say(f"Now set database_url in {place.settings_file} or KITARAN_DATABASE_URL to this address.")
