"""`kitaran movement load-list | lists | drop-list | read-bundle`: lists that stop, evidence that travels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table

lists_app = typer.Typer()


@lists_app.command(name="load-list", epilog="Example: kitaran movement load-list sanctions.csv")
def load_list(
    file: Annotated[Path, typer.Argument(help="A CSV: list,date,kind,subject,value,reason.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Load lists of whom and what must not be dealt with, in the place of those of the same names."""
    from kitaran.cli.custody_hand import open_registry
    from kitaran.foundation.database import writing
    from kitaran.registry.movement import restrictions

    rows = restrictions.read(file)
    with writing(open_registry(workspace).engine) as connection:
        loaded = restrictions.load(connection, rows)
    if as_json:
        print_json({"lists": loaded})
    else:
        print_table("Loaded", ["list", "rows"], list(loaded.items()))


@lists_app.command(epilog="Example: kitaran movement lists --json")
def lists(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Tell which lists are loaded, of which day."""
    from kitaran.cli.custody_hand import open_registry
    from kitaran.foundation.database import reading
    from kitaran.registry.movement import restrictions

    with reading(open_registry(workspace).engine) as connection:
        found = restrictions.lists(connection)
    if as_json:
        print_json({"lists": found})
    else:
        rows = [(one["list"], one["kind"], one["date"], one["until"] or "", one["rows"]) for one in found]
        print_table("Lists", ["list", "kind", "newest date", "ends", "rows"], rows)


@lists_app.command(name="drop-list", epilog="Example: kitaran movement drop-list sanctions-2025")
def drop_list(
    name: Annotated[str, typer.Argument(help="Name of the list.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Forget a list."""
    from kitaran.cli.custody_hand import open_registry
    from kitaran.foundation.database import writing
    from kitaran.foundation.errors import NotFoundError
    from kitaran.registry.movement import restrictions

    with writing(open_registry(workspace).engine) as connection:
        rows = restrictions.remove(connection, name)
    if not rows:
        raise NotFoundError("There is no such list.", name, "Look: kitaran movement lists")
    if as_json:
        print_json({"list": name, "rows": rows})
    else:
        print(f"{name}: {rows} rows forgotten")


@lists_app.command(name="read-bundle", epilog="Example: kitaran movement read-bundle m-1.json --json")
def read_bundle(
    file: Annotated[Path, typer.Argument(help="A bundle of evidence of a movement.")],
    as_json: AsJson = False,
) -> None:
    """Tell what a bundle says of its movement, with no registry: exit 3 if it is broken."""
    from kitaran.foundation.clock import now
    from kitaran.foundation.given_files import bytes_of
    from kitaran.registry.movement import evidence

    told = evidence.read(bytes_of(file, "Name a bundle."), now())
    if as_json:
        print_json(told)
    else:
        for problem in told["evidence"]["problems"]:
            print(f"BROKEN: {problem}")
        for one in told["movements"]:
            print(
                f"INTACT: movement {one['movement']}, {one['state'].replace('_', ' ')}, {one['mass_kg']} kg"
            )
            print(f"  by the law on these facts: {one['law']['card']}")
            print(f"  {one['note']}")
    if not told["evidence"]["intact"]:
        raise typer.Exit(3)
